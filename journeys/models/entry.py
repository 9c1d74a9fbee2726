"""How many people entered a journey, by quarters of an hour: a counter (`itinera.kit.counters`).

Midnight of every zone falls on a quarter of an hour, so the entries of a local day are a sum of whole quarters,
whichever zone the workspace has, or will have.
"""

from __future__ import annotations

from django.db import models

from itinera.kit.counters import Counter

ENTRY_COUNTER = Counter("entry", ("journey_id", "quarter"))


class EntryCount(models.Model):
    """`quarter` is the instant at which it begins."""

    pk = models.CompositePrimaryKey("journey_id", "quarter")
    journey_id = models.IntegerField()
    quarter = models.DateTimeField()
    n = models.BigIntegerField()

    class Meta:
        db_table = "entry_count"

    def __str__(self) -> str:
        return f"journey {self.journey_id}, {self.quarter}: {self.n}"


class EntryChange(models.Model):
    """Not yet in `entry_count`. No index but the key: there are never many, and the fold takes the oldest."""

    id = models.BigAutoField(primary_key=True)
    journey_id = models.IntegerField()
    quarter = models.DateTimeField()
    n = models.BigIntegerField()

    class Meta:
        db_table = "entry_change"

    def __str__(self) -> str:
        return f"journey {self.journey_id}, {self.quarter}: {self.n:+}"
