"""The typed catalogue: which attributes and events exist, and of what type."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ValueType(models.TextChoices):
    """Types of attribute values and event properties."""

    TEXT = "text", _("text")
    NUMBER = "number", _("number")
    MONEY = "money", _("money")
    BOOLEAN = "boolean", _("yes or no")
    DATE = "date", _("date")
    DATETIME = "datetime", _("date and time")
    LIST = "list", _("list of texts")


class AttributeType(models.Model):
    """An attribute of profiles. `declared` is false when it was only seen in data.

    `lookup` is the slug of the look-up table whose rows its values name, empty where there is none.
    """

    id = models.BigAutoField(primary_key=True)
    name = models.TextField(_("name"), unique=True)
    type = models.TextField(_("type"), choices=ValueType.choices)
    label = models.TextField(_("label"), default="", db_default="", blank=True)
    declared = models.BooleanField(_("declared"), default=True, db_default=True)
    lookup = models.TextField(_("look-up table"), default="", db_default="", blank=True)

    class Meta:
        db_table = "attribute_type"
        verbose_name = _("attribute type")
        verbose_name_plural = _("attribute types")

    def __str__(self) -> str:
        return self.label or self.name


class EventType(models.Model):
    """A kind of event. `properties` is `[{"name", "type", "label", "lookup"}]`, `"declared": false` where only seen.

    `slots` says which of them have columns of their own (`audiences.slots`).
    """

    id = models.AutoField(primary_key=True)
    name = models.TextField(_("name"), unique=True)
    label = models.TextField(_("label"), default="", db_default="", blank=True)
    properties = models.JSONField(_("properties"), default=list, db_default=[], blank=True)
    declared = models.BooleanField(_("declared"), default=True, db_default=True)
    slots = models.JSONField(_("columns"), default=dict, db_default={}, blank=True, editable=False)

    class Meta:
        db_table = "event_type"
        verbose_name = _("event type")
        verbose_name_plural = _("event types")

    def __str__(self) -> str:
        return self.label or self.name
