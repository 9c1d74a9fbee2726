"""What the log of merges knows: where an old number leads."""

from __future__ import annotations

import numpy as np

from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor, Ids, django_cursor

_SQL = queries(__file__, "log.sql")


def followed(cursor: Cursor, profiles: Ids) -> Ids:
    """Who each of these is by now: herself, or whoever she was merged into, however often. In the order given.

    For whoever read numbers before `hold_people` and writes them after it.
    """
    if not len(profiles):
        return profiles
    cursor.execute(_SQL["followed"], {"profiles": np.ascontiguousarray(profiles, dtype=np.int64)})
    found: Ids = cursor.fetchone()[0]
    return found


def current(profile: int) -> int:
    """The same for one."""
    return int(followed(django_cursor(), np.array([profile], dtype=np.int64))[0])
