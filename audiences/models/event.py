"""What customers did, kept by month."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from audiences.models.catalogue import EventType
from audiences.models.profile import Profile


class Event(models.Model):
    """One thing that a profile did at `time`. Written once, never changed.

    The table is partitioned by month of `time` (see `audiences.partitions`). `id` is drawn from one
    sequence, so it orders events of one instant by arrival; no index carries it.
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

    class Meta:
        db_table = "event"
        verbose_name = _("event")
        verbose_name_plural = _("events")
        # Read by every event leaf of a rule: one type, one person, a stretch of time.
        indexes = [models.Index(fields=["type", "profile", "time"], name="event_type_profile_time")]

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
