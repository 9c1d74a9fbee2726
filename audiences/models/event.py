"""What customers did, kept by month."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from audiences.models.catalogue import EventType
from audiences.models.profile import Profile

SLOTS_LOCK = 7_407
"""Advisory lock between ingestion (shared, from reading which properties have columns until commit, before any other
lock) and whoever changes that (exclusive): without it an event could be stored with a column left out."""


class Exact(models.Field):  # type: ignore[type-arg]  # generic for the checker only
    """`numeric` without bounds; Django's own field would have its digits bounded."""

    def db_type(self, connection: Any) -> str:
        return "numeric"


class Event(models.Model):
    """One thing that a profile did at `time`. Written once, never changed.

    The table is partitioned by month of `time` (see `audiences.partitions`). `id` is drawn from one
    sequence, so it orders events of one instant by arrival; no index carries it. `n1` to `t2` keep some
    of the properties once more: which, and in what form, is said in `audiences.slots`.
    """

    id = models.BigAutoField(primary_key=True)
    shard = models.SmallIntegerField()
    profile = models.ForeignKey(
        Profile, models.DO_NOTHING, related_name="events", db_constraint=False, db_index=False,
        verbose_name=_("profile"),
    )  # fmt: skip
    type = models.ForeignKey(
        EventType, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False,
        verbose_name=_("event type"),
    )  # fmt: skip
    time = models.DateTimeField(_("time"))
    received_at = models.DateTimeField(_("received at"))
    properties = models.JSONField(_("properties"), default=dict, db_default={})
    n1 = Exact(null=True, editable=False)
    n2 = Exact(null=True, editable=False)
    t1 = models.TextField(null=True, editable=False)
    t2 = models.TextField(null=True, editable=False)

    class Meta:
        db_table = "event"
        verbose_name = _("event")
        verbose_name_plural = _("events")
        # Read by every event leaf of a rule: one type, one person, a stretch of time. With the first column of each
        # sort the usual questions (spent so much, bought of this category) need not look at the table.
        indexes = [
            models.Index(fields=["type", "profile", "time"], name="event_type_profile_time", include=["n1", "t1"])
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class EventKey(models.Model):
    """Client ids seen before: the first 16 bytes of SHA-256 over the id."""

    key = models.UUIDField(primary_key=True)
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "event_key"
        verbose_name = _("event key")
        verbose_name_plural = _("event keys")

    def __str__(self) -> str:
        return str(self.key)
