"""Counts how many people have each tag: files, journeys and hands set them without counting."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db import connection, transaction

from audiences.models import Tag
from itinera.kit.sqlfile import queries
from itinera.kit.stage import StageReport

_SQL = queries(__file__, "../sql/tagging.sql")


def run(now: datetime, limit: int = 200_000) -> StageReport:
    """All tags by one pass over all profiles, `limit` at a time: nothing is read for longer than a second or so."""
    counts: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(_SQL["highest"])
        (highest,) = cursor.fetchone()
        for after in range(0, highest, limit):
            cursor.execute(_SQL["count"], {"after": after, "until": after + limit})
            counts.update(dict(cursor.fetchall()))
    return StageReport("tags", _keep(counts, now))


@transaction.atomic
def _keep(counts: Counter[str], now: datetime) -> int:
    """Those that nobody has counted meanwhile by itself; how many were written."""
    rows = Tag.objects.select_for_update(skip_locked=True, no_key=True).filter(source="manual").order_by("id")
    stale = [row for row in rows if row.refreshed_at is None or row.refreshed_at < now]
    for row in stale:
        row.people, row.refreshed_at = counts[row.slug], now
    Tag.objects.bulk_update(stale, ["people", "refreshed_at"])
    return len(stale)
