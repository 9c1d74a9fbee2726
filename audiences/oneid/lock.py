"""Who keeps out of whose way while profiles merge.

Everything about a person that the engine changes is changed by the holder of her shard; merging holds the shards of
both, and her row. Whoever writes numbers of profiles *without* holding their shards or their rows (ingestion, a
schedule's run, a refresh) takes `hold_people`, and then reads whose they are, or asks `log.as_now` about those it has
read before: until its commit nobody vanishes. Locks are taken in this order: shards, people, pairs, profiles.

Nobody who holds a shard may call `hold_people`: merging waits for those who have called it, and they may wait for a
profile's row that a wave holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import numpy as np
from django.db import OperationalError, transaction
from psycopg.errors import DeadlockDetected, LockNotAvailable

from audiences.hints import is_silenced
from audiences.models.merge import PEOPLE_LOCK
from audiences.models.profile import SHARDS
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor, django_cursor

SHARDS_WITHIN = timedelta(seconds=5)
"""Far longer than a wave: waiting for shards keeps nobody but those shards' people waiting."""
PEOPLE_WITHIN = timedelta(seconds=0.5)
"""Ingestion waits behind a merge that waits for its turn: so long at most, the first time. Who has waited in vain lets
everything go, comes again and waits twice as long, so that a stream of long batches keeps nobody out for ever."""
_MOST_DOUBLINGS = 3
COLLISIONS = (LockNotAvailable, DeadlockDetected)

_SQL = queries(__file__, "lock.sql")


def hold_people(cursor: Cursor) -> None:
    """Until commit nobody is merged into somebody else. In a replay the people are its own."""
    if not is_silenced():
        cursor.execute(_SQL["hold_people"], {"lock": PEOPLE_LOCK})


@contextmanager
def alone_with(profiles: Iterable[int], tries: int = 0) -> Iterator[Cursor]:
    """A transaction that has these people's shards, and in which nobody else writes numbers of profiles.

    READ COMMITTED: each statement sees what was committed before the locks were granted. Raises one of `COLLISIONS`
    if others do not make room in time; nothing has happened then. `tries` says how often that has been.
    """
    shards = sorted({number % SHARDS for number in profiles})
    patience = PEOPLE_WITHIN * 2 ** min(tries, _MOST_DOUBLINGS)
    with transaction.atomic():
        cursor = django_cursor()
        _wait_at_most(cursor, SHARDS_WITHIN)
        cursor.execute(_SQL["hold_shards"], {"shards": np.array(shards, dtype=np.int16)})
        _wait_at_most(cursor, patience)
        cursor.execute(_SQL["stop_people"], {"lock": PEOPLE_LOCK})
        try:
            yield cursor
        except OperationalError as error:
            # Django's own statements say the same in other words.
            if isinstance(error.__cause__, COLLISIONS):
                raise error.__cause__ from None
            raise


def _wait_at_most(cursor: Cursor, patience: timedelta) -> None:
    cursor.execute(_SQL["patience"], {"patience": f"{patience // timedelta(milliseconds=1)}ms"})
