"""Merges the pairs of profiles that ingestion found to be one, and forgets what can no longer be undone."""

from __future__ import annotations

import logging
import time
from datetime import datetime

import numpy as np
from django.db import transaction

from audiences.oneid import merge as merging
from audiences.oneid import pairs
from audiences.oneid.lock import COLLISIONS, alone_with
from audiences.oneid.undo import WITHIN
from itinera.kit.sqlfile import queries
from itinera.kit.stage import StageReport
from itinera.kit.wire import django_cursor

log = logging.getLogger(__name__)

PAIRS = 8
"""So many at a time: nobody ingests while they are merged."""
SECONDS = 5.0
"""One task runs at most so long, then gives its worker back."""
_MOST_FORGOTTEN = 1_000

_SQL = queries(merging.__file__, "merge.sql")


def run(now: datetime, limit: int = 1_000) -> StageReport:
    """Merge the oldest pairs, about `limit` of them. Contradictory ones become conflicts, which wait for a person."""
    started, done, conflicts, collisions = time.monotonic(), 0, 0, 0
    with transaction.atomic():
        merging.prepare(django_cursor(), now)
    while done < limit and time.monotonic() - started < SECONDS:
        wanted = pairs.queued(django_cursor(), PAIRS)
        if not wanted:
            break
        try:
            with alone_with({number for pair in wanted for number in (pair.one, pair.other)}, collisions) as cursor:
                # As they are now: other pairs of the same people may have been merged since we looked.
                mine = [pair for pair in pairs.still_queued(cursor, wanted) if pair in wanted]
                refused = merging.merge(cursor, mine, now).refused if mine else ()
        except COLLISIONS as collision:
            collisions += 1
            log.info("merging waits: %s", type(collision).__name__)
            continue
        done += len(mine)
        conflicts += len(refused)
    _forget(now)
    return StageReport("merge", done, bool(pairs.queued(django_cursor(), 1)), {
        "conflicts": conflicts, "collisions": collisions,
    })  # fmt: skip


def _forget(now: datetime) -> None:
    with transaction.atomic():
        cursor = django_cursor()
        cursor.execute(_SQL["forget_snapshots"], {"before": now - WITHIN, "most": _MOST_FORGOTTEN})
        gone = np.array([row[0] for row in cursor.fetchall()], dtype=np.int64)
        if len(gone):
            cursor.execute(_SQL["forget_moved"], {"merges": gone})
