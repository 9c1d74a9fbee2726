"""Merges the pairs of profiles that ingestion found to be one, and forgets what can no longer be undone."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from datetime import datetime

import numpy as np
from django.db import transaction

from audiences.oneid import merge as merging
from audiences.oneid import pairs
from audiences.oneid.groups import Wanted
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
    """Merge the oldest pairs, about `limit` of them. Contradictory ones become conflicts, which wait for a person.

    Where ingestion makes no room in time, it leaves off: whoever comes again at once would keep ingestion waiting.
    """
    started, done, conflicts, room = time.monotonic(), 0, 0, True
    wanted = pairs.queued(django_cursor(), PAIRS)
    if wanted:
        with transaction.atomic():
            merging.prepare(django_cursor(), now)
    while wanted and room and done < limit and time.monotonic() - started < SECONDS:
        try:
            conflicts += _merge(wanted, now)
            done += len(wanted)
        except COLLISIONS as collision:
            room = False
            log.info("merging waits: %s", type(collision).__name__)
        wanted = pairs.queued(django_cursor(), PAIRS)
    _forget(now)
    return StageReport("merge", done, bool(wanted) and room, {"conflicts": conflicts, "room": room})


def _merge(wanted: Sequence[Wanted], now: datetime) -> int:
    """Merge some pairs; how many must not be."""
    with alone_with({number for pair in wanted for number in (pair.one, pair.other)}) as cursor:
        # As they are now: other pairs of the same people may have been merged since we looked.
        mine = [pair for pair in pairs.still_queued(cursor, wanted) if pair in wanted]
        return len(merging.merge(cursor, mine, now).refused) if mine else 0


def _forget(now: datetime) -> None:
    with transaction.atomic():
        cursor = django_cursor()
        cursor.execute(_SQL["forget_snapshots"], {"before": now - WITHIN, "most": _MOST_FORGOTTEN})
        gone = np.array([row[0] for row in cursor.fetchall()], dtype=np.int64)
        if len(gone):
            cursor.execute(_SQL["forget_moved"], {"merges": gone})
