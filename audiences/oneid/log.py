"""What the log of merges knows: where an old number leads."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np

from audiences.bitmaps import Members
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor, Ids, django_cursor

_SQL = queries(__file__, "log.sql")
_SLACK = timedelta(minutes=1)
"""A merge is logged as of when its stage began, which is some seconds before anybody can see it."""


def followed(cursor: Cursor, profiles: Ids) -> Ids:
    """Who each of these is by now: herself, or whoever she was merged into, however often. In the order given."""
    if not len(profiles):
        return profiles
    cursor.execute(_SQL["followed"], {"profiles": np.ascontiguousarray(profiles, dtype=np.int64)})
    found: Ids = cursor.fetchone()[0]
    return found


def as_now(cursor: Cursor, members: Members, since: datetime) -> Members:
    """These people as they are by now: whoever was merged since they were found is in her survivor.

    For whoever found them at an instant and writes them later, after `hold_people`.
    """
    cursor.execute(_SQL["merged_since"], {"since": since - _SLACK})
    (merged,) = cursor.fetchone()
    gone = members & Members.of(np.asarray(merged, dtype=np.int64))
    return (members - gone) | Members.of(followed(cursor, gone.ids())) if gone else members


def current(profile: int) -> int:
    """The same for one."""
    return int(followed(django_cursor(), np.array([profile], dtype=np.int64))[0])
