"""People and what they did, made in the database: measured is what comes after."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from audiences.partitions import ensure_partitions
from itinera.kit import sqlfile

SQL = sqlfile.queries(__file__, "population.sql")
EVENTS_EACH = 20
DAYS = 60
_SLICE = 50_000


def populate(people: int, now: datetime) -> None:
    """`people` profiles with phone and consent, `EVENTS_EACH` page views each over the last `DAYS` days."""
    with connection.cursor() as cursor:
        cursor.execute(SQL["event_type"])
        ensure_partitions(cursor, "event", _days_before(now), now)
        for first in range(1, people + 1, _SLICE):
            last = min(first + _SLICE - 1, people)
            for name in ("profiles", "identities", "events"):
                cursor.execute(SQL[name], {"first": first, "last": last, "now": now, "each": EVENTS_EACH, "days": DAYS})
        cursor.execute(SQL["settle"])


def _days_before(now: datetime) -> datetime:
    from datetime import timedelta

    return now - timedelta(days=DAYS)


def analyze() -> None:
    """Statistics and a checkpoint, so that the run begins where a running system stands."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
