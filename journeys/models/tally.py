"""Counters per shard: the wave adds to its own rows, so two workers never wait for one counter."""

from __future__ import annotations

from django.db import models

PORT_IN = -1
"""`port` of the counter of people who arrived at the node."""
PORT_GONE = -2
"""`port` of the counter of people who left the journey from the node without taking a way."""
NODE_EXITS = -1
"""`node` of the counters by exit reason: `port` is the `ExitReason`."""
NODE_GOALS = -2
"""`node` of the counter of goals."""


class Tally(models.Model):
    pk = models.CompositePrimaryKey("shard", "version_id", "node", "port")
    shard = models.SmallIntegerField()
    version_id = models.IntegerField()
    node = models.SmallIntegerField()
    port = models.SmallIntegerField()
    n = models.BigIntegerField(default=0)

    class Meta:
        db_table = "tally"

    def __str__(self) -> str:
        return f"version {self.version_id}, node {self.node}, port {self.port}: {self.n}"
