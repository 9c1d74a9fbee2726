"""Bad rows, kept so that somebody can look at them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RejectedRow(models.Model):
    """A row that ingestion refused, as it came, with the reason and the place."""

    id = models.BigAutoField(primary_key=True)
    source = models.TextField(_("source"))
    batch = models.UUIDField(_("batch"))
    index = models.IntegerField(_("index"))
    code = models.TextField(_("code"))
    detail = models.TextField(_("detail"))
    path = models.TextField(_("path"), null=True)
    body = models.TextField(_("body"))
    at = models.DateTimeField(_("at"), db_index=True)

    class Meta:
        db_table = "rejected_row"
        verbose_name = _("rejected row")
        verbose_name_plural = _("rejected rows")

    def __str__(self) -> str:
        return f"{self.source}[{self.index}] {self.code}"
