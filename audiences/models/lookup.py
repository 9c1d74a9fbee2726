"""Look-up tables: keyed rows about products, stores, campaigns, which rules, templates and metrics read."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from audiences.models.audience import SLUG


class LookupTable(models.Model):
    """A table of the brand's. `columns` is `[{"name", "type", "label"}]`, typed like attributes.

    `key` is what its rows are found by, as people call it (商品编码); keys are texts.
    """

    id = models.AutoField(primary_key=True)
    slug = models.TextField(_("short name"), unique=True, validators=[SLUG])
    label = models.TextField(_("label"), default="", db_default="", blank=True)
    key = models.TextField(_("key"))
    columns = models.JSONField(_("columns"), default=list, db_default=[], blank=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        db_table = "lookup_table"
        verbose_name = _("look-up table")
        verbose_name_plural = _("look-up tables")

    def __str__(self) -> str:
        return self.label or self.slug


class LookupRow(models.Model):
    """One row of a look-up table, by its key (a text)."""

    pk = models.CompositePrimaryKey("table_id", "key")
    table = models.ForeignKey(LookupTable, models.CASCADE, related_name="rows", db_index=False)
    key = models.TextField(_("key"))
    values = models.JSONField(_("values"), default=dict, db_default={})
    updated_at = models.DateTimeField(_("updated at"))

    class Meta:
        db_table = "lookup_row"
        verbose_name = _("row of a look-up table")
        verbose_name_plural = _("rows of look-up tables")

    def __str__(self) -> str:
        return self.key
