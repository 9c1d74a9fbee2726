"""Makes the partitions of the coming months ahead of time."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from audiences.partitions import GROWING, ensure_partitions
from itinera.kit.stage import StageReport

AHEAD = timedelta(days=62)
"""So far ahead: a beat that stands still for a month is no harm."""


def run(now: datetime, limit: int = 100) -> StageReport:
    """Months made, for every table that grows by month; each in a transaction of its own."""
    made: list[str] = []
    for table in GROWING:
        with transaction.atomic(), connection.cursor() as cursor:
            made += ensure_partitions(cursor, table, now, now + AHEAD)
    return StageReport("partitions", len(made), more=len(made) > limit, detail={"made": made})
