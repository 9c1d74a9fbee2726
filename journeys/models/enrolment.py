"""One person's walk through one version, and the paths she took."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from journeys.models.journey import Journey
from journeys.models.version import Version


class ExitReason(models.IntegerChoices):
    """Why a walk ended; the names are those of the contract."""

    COMPLETED = 1, "completed"
    GOAL = 2, "goal"
    EXIT_RULE = 3, "exit_rule"
    FILTERED = 4, "filtered"  # counted only: who is filtered gets no enrolment
    ENDED = 5, "ended"
    REMOVED = 6, "removed"
    ERROR = 7, "error"
    MOVED = 8, "moved"
    MAX_STAY = 9, "max_stay"
    HOLDOUT = 10, "holdout"
    CONTROL = 11, "control"


class Enrolment(models.Model):
    """The truth about a walk; a chunk is only a hint.

    No index but the primary key: the wave reads by person and journey, and every further index would
    be written once per person and step. `stamp` changes at every park, wake and move, so that a chunk
    written before it wakes nobody.
    """

    pk = models.CompositePrimaryKey("shard", "journey", "profile_id", "seq")
    shard = models.SmallIntegerField()
    journey = models.ForeignKey(Journey, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    profile_id = models.BigIntegerField()
    seq = models.IntegerField(_("enrolment number"))
    version = models.ForeignKey(Version, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    node = models.SmallIntegerField(_("node"))
    stamp = models.IntegerField(default=0)
    entered_at = models.DateTimeField(_("entered"))
    node_at = models.DateTimeField(_("at this node since"))
    due_at = models.DateTimeField(_("due"), null=True)
    left_at = models.DateTimeField(_("left"), null=True)
    reason = models.SmallIntegerField(_("exit reason"), choices=ExitReason, null=True)
    key = models.TextField(_("re-entry key"), null=True)
    entry_event = models.BigIntegerField(_("entry event"), null=True)  # her own walk does not see it
    goal_at = models.DateTimeField(_("goal reached"), null=True)
    goal_value = models.FloatField(_("goal value"), null=True)
    hold = models.SmallIntegerField(_("held because"), null=True)
    held_since = models.DateTimeField(_("first refused by a cap"), null=True)
    data = models.JSONField(_("entry and answers"), null=True)

    class Meta:
        db_table = "enrolment"
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            models.CheckConstraint(
                name="enrolment_left_with_reason",
                condition=models.Q(left_at__isnull=True, reason__isnull=True)
                | models.Q(left_at__isnull=False, reason__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"journey {self.journey_id}, profile {self.profile_id}, no. {self.seq}"


class Path(models.Model):
    """What one person did in one round: every node she passed and the way she took, in order.

    A code is `node * 64 + port`; port 63 says that she waits there, 62 that she left from there.
    `stamp` is the enrolment's at that moment: the rows of a walk in its order are those by stamp.
    Partitioned by month of `at`. Read by explain and by the replay's writer, by profile.
    """

    pk = models.CompositePrimaryKey("profile_id", "version", "seq", "stamp")
    shard = models.SmallIntegerField()
    version = models.ForeignKey(Version, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    profile_id = models.BigIntegerField()
    seq = models.IntegerField()
    at = models.DateTimeField()
    stamp = models.IntegerField()
    codes = ArrayField(models.SmallIntegerField())

    class Meta:
        db_table = "path"
        managed = False

    def __str__(self) -> str:
        return f"version {self.version_id}, profile {self.profile_id}, no. {self.seq}, {self.stamp}"
