"""Tags: named labels on profiles, and where they come from."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from audiences.models.audience import SLUG
from audiences.models.catalogue import ValueType
from audiences.models.profile import PeopleKind


class TagSource(models.TextChoices):
    """Who may set a tag: exactly one, so that none undoes what another has set."""

    MANUAL = "manual", _("by hand, import, API or journey")
    RULE = "rule", _("by rule")  # `cases` says how; refreshed by schedule and on demand
    MODEL = "model", _("by a model of customers")  # RFM, lifecycle and the like keep it


class Tag(models.Model):
    """A label. `type` null is a plain yes-no tag, whose value in `Profile.tags` is true.

    `declared` is false when it was only seen in data, which may then give it any value.

    `cases` of a tag by rule is `[{"value": V, "rule": RULE}]`: the first that holds gives the value; a plain tag has
    one case with the value true. `every` is when it is refreshed (cron in the workspace's zone).
    """

    id = models.AutoField(primary_key=True)
    slug = models.TextField(_("short name"), unique=True, validators=[SLUG])
    label = models.TextField(_("label"), default="", db_default="", blank=True)
    group = models.TextField(_("group"), default="", db_default="", blank=True)
    kind = models.TextField(
        _("kind of people"), choices=PeopleKind, default=PeopleKind.CONSUMER, db_default=PeopleKind.CONSUMER
    )
    type = models.TextField(_("type of its value"), choices=ValueType.choices, null=True, blank=True)
    declared = models.BooleanField(_("declared"), default=True, db_default=True)
    source = models.TextField(_("set"), choices=TagSource, default=TagSource.MANUAL, db_default=TagSource.MANUAL)
    cases = models.JSONField(_("cases"), default=list, db_default=[], blank=True)
    every = models.TextField(_("refreshed (cron)"), null=True, blank=True)
    people = models.BigIntegerField(_("people"), null=True, editable=False)
    refreshed_at = models.DateTimeField(_("refreshed"), null=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        db_table = "tag"
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def __str__(self) -> str:
        return self.label or self.slug
