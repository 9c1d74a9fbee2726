"""Runs of schedules, events kept while a journey is paused, and walks that failed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ScheduleRun(models.Model):
    """One nominal instant of one schedule: read the audience once, however often the task comes."""

    version = models.ForeignKey("journeys.Version", models.CASCADE, related_name="+", verbose_name=_("version"))
    node = models.SmallIntegerField(_("node"))
    at = models.DateTimeField(_("nominal time"))
    people = models.BigIntegerField(_("people"), default=0)
    cursor = models.BigIntegerField(_("last profile read"), default=0)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        db_table = "schedule_run"
        verbose_name = _("schedule run")
        verbose_name_plural = _("schedule runs")
        constraints = [models.UniqueConstraint("version", "node", "at", name="schedule_run_once")]

    def __str__(self) -> str:
        return f"version {self.version_id}, node {self.node}, {self.at:%Y-%m-%d %H:%M}"


class HeldFeed(models.Model):
    """What reached a paused version: given back to the feed, for that version alone, on resume."""

    version_id = models.IntegerField()
    shard = models.SmallIntegerField()
    profile_id = models.BigIntegerField()
    kind = models.SmallIntegerField()
    type_id = models.IntegerField(null=True)
    event_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    enrolment = models.IntegerField(null=True)
    node = models.SmallIntegerField(null=True)
    port = models.SmallIntegerField(null=True)
    body = models.JSONField(null=True)

    class Meta:
        db_table = "held_feed"
        indexes = [
            # Resume: everything that one version missed.
            models.Index("version_id", "id", name="held_feed_version"),
            # A merge: what is held for one person.
            models.Index("profile_id", name="held_feed_profile"),
        ]

    def __str__(self) -> str:
        return f"version {self.version_id}, profile {self.profile_id}"


class WalkError(models.Model):
    """One person whose step raised: she left as `error`, and this is what is known of it."""

    shard = models.SmallIntegerField()
    version_id = models.IntegerField(_("version"), null=True)
    profile_id = models.BigIntegerField(_("profile"))
    at = models.DateTimeField(_("at"))
    error = models.TextField(_("error"))
    trace = models.TextField(_("trace"))
    items = models.JSONField(_("what she had to do"), default=list)

    class Meta:
        db_table = "walk_error"
        verbose_name = _("failed walk")
        verbose_name_plural = _("failed walks")
        indexes = [
            # Explain and the admin: the errors of one person.
            models.Index("profile_id", name="walk_error_profile"),
        ]

    def __str__(self) -> str:
        return f"profile {self.profile_id}, {self.at:%Y-%m-%d %H:%M:%S}"
