"""Clears what is kept for a while only: who came and went by old refreshes, and what leaves of rules gave."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from itinera.kit.sqlfile import queries
from itinera.kit.stage import StageReport

SHIFTS_FOR = timedelta(days=90)
"""How many came and went is told for good; who it was, for so long."""

_LEAVES = queries(__file__, "../sql/leaves.sql")
_MEMBERS = queries(__file__, "../sql/members.sql")


def run(now: datetime, limit: int = 200) -> StageReport:
    """Rows cleared, of at most `limit` refreshes."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LEAVES["forget"])
        leaves = cursor.rowcount
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_MEMBERS["forget_shifts"], {"before": now - SHIFTS_FOR, "limit": limit})
        shifts = cursor.rowcount
    return StageReport("tidy", leaves + shifts, more=shifts >= limit, detail={"leaves": leaves, "shifts": shifts})
