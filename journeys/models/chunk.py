"""Waiting is never sleeping: people who have something to do at a known time lie in chunks."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class ChunkKind(models.IntegerChoices):
    STEP = 0, _("step")  # the members' wait at `node` is over
    ENTRY = 1, _("entry")  # the members enter at trigger `node` (a schedule's run)
    STAY = 2, _("end of stay")  # the members have been inside for as long as they may


class Chunk(models.Model):
    """Thousands of people in one row. The three arrays run in step.

    `dues` holds each member's own time (microseconds since 1970) where they differ within the second;
    null means that all are due at `due_at`. A member whose enrolment carries another stamp is stale.
    """

    shard = models.SmallIntegerField()
    version_id = models.IntegerField()
    node = models.SmallIntegerField()
    kind = models.SmallIntegerField(choices=ChunkKind)
    due_at = models.DateTimeField(_("due"))
    profiles = ArrayField(models.BigIntegerField())
    seqs = ArrayField(models.IntegerField(), null=True)
    stamps = ArrayField(models.IntegerField(), null=True)
    dues = ArrayField(models.BigIntegerField(), null=True)

    class Meta:
        db_table = "chunk"
        verbose_name = _("waiting people")
        verbose_name_plural = _("waiting people")
        indexes = [
            # The claim: the next due chunks of a shard.
            models.Index("shard", "due_at", name="chunk_due"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.due_at:%Y-%m-%d %H:%M:%S} ({len(self.profiles)})"
