"""The wall clock of one person's zone, in Python: what `audiences.rules.clock_sql` is in SQL."""

from __future__ import annotations

from datetime import date

import numpy as np

from itinera.kit.durations import Duration, add
from itinera.kit.zones import DAY, ZoneArray, to_local, to_utc

_EPOCH, _LAST = date(1970, 1, 1).toordinal(), date.max.toordinal()


def local_wall(at: int, zone: str) -> int:
    """What the wall clock shows, in microseconds from 1970-01-01T00:00 of that clock."""
    return int(to_local(np.array([at], dtype=np.int64), ZoneArray.same(zone, 1))[0])


def wall_instant(wall: int, zone: str) -> int:
    """The (first) instant at which the wall clock shows this."""
    return int(to_utc(np.array([wall], dtype=np.int64), ZoneArray.same(zone, 1))[0])


def local_day(at: int, zone: str) -> date:
    """The day on the wall clock."""
    return date.fromordinal(min(_EPOCH + local_wall(at, zone) // DAY, _LAST))


def day_start(day: date, zone: str) -> int:
    """The instant at which a local day begins."""
    return wall_instant((day.toordinal() - _EPOCH) * DAY, zone)


def shift(at: int, span: Duration, zone: str) -> int:
    """So much later (or earlier): months on the wall clock, the rest exact."""
    return int(add(np.array([at], dtype=np.int64), span, ZoneArray.same(zone, 1))[0])
