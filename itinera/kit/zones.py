"""Wall clocks for whole arrays of instants, each row in its own time zone.

A *local* value is what the wall clock shows, counted in microseconds from 1970-01-01T00:00 of that
same clock; an *instant* counts them from 1970-01-01T00:00 UTC. Both are int64; `NEVER` stays `NEVER`.
The tables behind it are probed from `zoneinfo` once per zone and process, for the years 1900 to 2199;
before and after these years the zone's first and last offset hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

from itinera.kit.wire import NEVER, micros

Int64 = NDArray[np.int64]

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
"""Exactly 24 hours; on the wall clock, the distance of two midnights."""

_FIRST, _LAST = datetime(1900, 1, 1), datetime(2200, 1, 1)  # noqa: DTZ001  # readings of a wall clock
_STRIDE, _LONGEST_GAP = timedelta(days=2), timedelta(days=1)
"""No zone has changed its offset twice within four days; Samoa skipped a whole day."""

_NONE = timedelta()


@dataclass(frozen=True, slots=True)
class ZoneArray:
    """One zone per row: the distinct names, and for each row which of them it is."""

    names: tuple[str, ...]
    codes: NDArray[np.int16]

    @classmethod
    def same(cls, name: str, rows: int) -> ZoneArray:
        """Everybody lives in one zone."""
        return cls((name,), np.zeros(rows, dtype=np.int16))

    @classmethod
    def of(cls, zones: Sequence[str | None], default: str) -> ZoneArray:
        """From a column of names; whoever has none, or one that is not known here, gets `default`."""
        found: dict[str | None, int] = {}
        names: dict[str, int] = {}
        for zone in set(zones):
            name = zone if zone and is_zone(zone) else default
            found[zone] = names.setdefault(name, len(names))
        codes = np.fromiter((found[zone] for zone in zones), dtype=np.int16, count=len(zones))
        return cls(tuple(names) or (default,), codes)

    def take(self, rows: NDArray[np.integer] | NDArray[np.bool_]) -> ZoneArray:
        """The zones of some rows, given as indices or as a mask."""
        return ZoneArray(self.names, self.codes[rows])

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True, slots=True)
class _Table:
    """The offsets of one zone: `offset[i]` holds from `since[i-1]` (instant), `wall[i-1]` (local)."""

    since: Int64
    wall: Int64
    offset: Int64


def is_zone(name: str) -> bool:
    """Whether this is a name of the IANA database, such as Asia/Shanghai."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def to_local(at: Int64, zones: ZoneArray) -> Int64:
    """What the wall clocks show at these instants."""
    return _shift(at, zones, local=False)


def to_utc(local: Int64, zones: ZoneArray) -> Int64:
    """The instants at which the wall clocks show this.

    A time that a clock skips (a gap) counts on with the offset before the gap: 02:30 of a skipped hour
    is 03:30. A time that it shows twice (an overlap) is the first of the two. Both are what `zoneinfo`
    does with fold=0.
    """
    return _shift(local, zones, local=True)


def on_day(day: Int64, time: int, zones: ZoneArray) -> Int64:
    """The instants at which the clocks show `time` (microseconds since midnight) on these days (numbers)."""
    return to_utc(day * DAY + time, zones)


def next_day(at: Int64, time: int, zones: ZoneArray) -> Int64:
    """The number of the first local day whose `time` is not before `at`: today or tomorrow."""
    today = day_number(to_local(at, zones))
    return today + (on_day(today, time, zones) < at)


def next_time(at: Int64, time: int, zones: ZoneArray) -> Int64:
    """The first instant, `at` or later, at which a day's `time` comes."""
    return _keep_never(at, on_day(next_day(at, time, zones), time, zones))


def local_midnight(at: Int64, zones: ZoneArray, days: int | Int64 = 0) -> Int64:
    """The instant at which the local day of `at`, or the day that many days later, begins."""
    return _keep_never(at, on_day(day_number(to_local(at, zones)) + days, 0, zones))


def day_number(local: Int64) -> Int64:
    """Days from 1970-01-01 to the local day."""
    return local // DAY


def time_of_day(local: Int64) -> Int64:
    """Microseconds since the local midnight, 0 to DAY - 1."""
    return local % DAY


def weekday(local: Int64) -> Int64:
    """ISO: 1 is Monday, 7 is Sunday."""
    return (local // DAY + 3) % 7 + 1


def add_months(local: Int64, months: int) -> Int64:
    """The same time of the same day so many months later, or of that month's last day if it is shorter."""
    days = (local // DAY).astype("datetime64[D]")
    month = days.astype("datetime64[M]")
    there = month + months
    length = (there + 1).astype("datetime64[D]") - there.astype("datetime64[D]")
    day = np.minimum(days - month.astype("datetime64[D]"), length - 1)
    moved = (there.astype("datetime64[D]") + day).astype(np.int64) * DAY + local % DAY
    return _keep_never(local, moved)


def _keep_never(original: Int64, moved: Int64) -> Int64:
    return np.where(original == NEVER, NEVER, moved)


def _shift(values: Int64, zones: ZoneArray, *, local: bool) -> Int64:
    if len(zones.names) == 1:
        return _shift_one(values, zones.names[0], local=local)
    moved = np.empty_like(values)
    for name, rows in _by_zone(zones):
        moved[rows] = _shift_one(values[rows], name, local=local)
    return moved


def _by_zone(zones: ZoneArray) -> Iterator[tuple[str, NDArray[np.intp]]]:
    """The rows of each zone. One stable sort of int16 (a radix sort) serves any number of zones."""
    order = np.argsort(zones.codes, kind="stable")
    starts = np.searchsorted(zones.codes[order], np.arange(len(zones.names) + 1))
    for code, name in enumerate(zones.names):
        if starts[code] < starts[code + 1]:
            yield name, order[starts[code] : starts[code + 1]]


def _shift_one(values: Int64, name: str, *, local: bool) -> Int64:
    if not len(values):
        return values.copy()
    table = _table(name)
    known = values[values != NEVER] if values.min() == NEVER else values
    if not len(known):
        return values.copy()
    since = table.wall if local else table.since
    first, last = np.searchsorted(since, (known.min(), known.max()), side="right")
    segment = first if first == last else np.searchsorted(since, values, side="right")
    offset = table.offset[segment]
    return _keep_never(values, values - offset if local else values + offset)


@lru_cache(maxsize=1024)
def _table(name: str) -> _Table:
    """Probe the zone on its own wall clock (which is quick), then find each change to the second."""
    zone = ZoneInfo(name)
    since: list[int] = []
    offsets = [zone.utcoffset(_FIRST) or _NONE]
    wall = _FIRST
    while wall < _LAST:
        ahead = wall + _STRIDE
        found = zone.utcoffset(ahead) or _NONE
        if found != offsets[-1]:
            low = (wall - offsets[-1] - _LONGEST_GAP).replace(tzinfo=UTC)
            since.append(_bisect(zone, low, (ahead - found).replace(tzinfo=UTC), offsets[-1]))
            offsets.append(found)
        wall = ahead
    begin = np.array(since, dtype=np.int64)
    offset = np.array([each // timedelta(microseconds=1) for each in offsets], dtype=np.int64)
    # fold=0: the old offset holds until the wall clock has passed both readings of the change.
    return _Table(begin, begin + np.maximum(offset[:-1], offset[1:]), offset)


def _bisect(zone: ZoneInfo, low: datetime, high: datetime, before: timedelta) -> int:
    """The instant (whole seconds) at which `before` ceases to hold, between `low` and `high`."""
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // timedelta(seconds=2) * timedelta(seconds=1)
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return micros(high)
