"""How many messages of a version's node stand where: a counter (`itinera.kit.counters`).

The database appends the changes itself: triggers of `message`, one call a statement (migration 0003), so that every
statement counts, also one that is written next year.
"""

from __future__ import annotations

from django.db import models

from channels_out.models.message import MessageStatus
from itinera.kit.counters import Counter

MESSAGE_COUNTER = Counter("message", ("version_id", "node", "status"))


class MessageCount(models.Model):
    pk = models.CompositePrimaryKey("version_id", "node", "status")
    version_id = models.IntegerField()
    node = models.SmallIntegerField()
    status = models.SmallIntegerField(choices=MessageStatus.choices)
    n = models.BigIntegerField()

    class Meta:
        db_table = "message_count"

    def __str__(self) -> str:
        return f"version {self.version_id}, node {self.node}, {self.get_status_display()}: {self.n}"


class MessageChange(models.Model):
    """Not yet in `message_count`. No index but the key: there are never many, and the fold takes the oldest."""

    id = models.BigAutoField(primary_key=True)
    version_id = models.IntegerField()
    node = models.SmallIntegerField()
    status = models.SmallIntegerField(choices=MessageStatus.choices)
    n = models.BigIntegerField()

    class Meta:
        db_table = "message_change"

    def __str__(self) -> str:
        return f"version {self.version_id}, node {self.node}, {self.get_status_display()}: {self.n:+}"
