"""Windows over a person's events: as SQL conditions with constant edges, and as instants for one person.

An event after the instant of judgement is never seen, whatever the window.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from audiences.rules.build import Build
from audiences.rules.clock import day_start, local_day, shift
from audiences.rules.clock_sql import day_start_sql, shift_sql
from audiences.rules.fields import Moment
from audiences.rules.kinds.moments_sql import instant_sql
from audiences.rules.window_ast import CalendarWindow, EntryWindow, FixedWindow, LastWindow, Window
from itinera.kit.wire import NEVER
from itinera.kit.zones import DAY

_LONGEST_MONTH = 31 * DAY
_ZONES = 2 * DAY
"""Wall clocks differ by less from UTC, and from each other."""
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Reach:
    """The instants of one person's window: from `low` on, up to `high` (itself in if `closed`)."""

    low: int
    high: int
    closed: bool

    def covers(self, at: int) -> bool:
        return self.low <= at and (at <= self.high if self.closed else at < self.high)


@dataclass(frozen=True, slots=True)
class Frame:
    """Conditions on `e.time` (and `e.id`) that an event in a window meets: what is seen at all, and the two ends."""

    seen: tuple[str, ...]
    low: tuple[str, ...] = ()
    high: tuple[str, ...] = ()

    @property
    def conditions(self) -> tuple[str, ...]:
        return (*self.seen, *self.low, *self.high)


def frame(window: Window | None, build: Build) -> Frame:
    """The window in SQL."""
    seen = ("e.time <= u.at", f"e.time <= {build.edge(lambda span: span.last)}")
    match window:
        case LastWindow(last=length):
            far = length.months * _LONGEST_MONTH + length.micros + (_ZONES if length.months else 0)
            first = build.hoist(shift_sql(build.base.at, -length, build.base.zone))
            return Frame(seen, (f"e.time >= {first}", f"e.time >= {build.edge(lambda span: span.first - far)}"))
        case FixedWindow(from_=low, to=high):
            return Frame(seen, _end_sql(low, ">=", build), _end_sql(high, "<", build))
        case EntryWindow():
            edge = build.edge(lambda span: span.since or span.first)
            return Frame(seen, ("e.time >= u.since", "e.id IS DISTINCT FROM u.entry_event", f"e.time >= {edge}"))
        case CalendarWindow(calendar=unit, back=back):
            zone = build.base.zone
            start = f"date_trunc('{unit}', {build.base.at} AT TIME ZONE {zone}) - interval '{_steps(unit, back)}'"
            stop = f"{start} + interval '{_steps(unit, 1)}'"
            far = (back + 1) * _MONTHS.get(unit, 1) * _LONGEST_MONTH + _ZONES
            edge = build.edge(lambda span: span.first - far)
            first, last = (build.hoist(f"wall_instant({end}, {zone})") for end in (start, stop))
            return Frame(seen, (f"e.time >= {first}", f"e.time >= {edge}"), (f"e.time < {last}",))
    return Frame(seen)


def _end_sql(end: Moment | None, sign: str, build: Build) -> tuple[str, ...]:
    if end is None:
        return ()
    if end.day is None:
        return (f"e.time {sign} {instant_sql(end.instant, build.bind)}",)
    day, slack = day_start(end.day, "UTC"), -_ZONES if sign == ">=" else _ZONES
    local = build.hoist(day_start_sql(build.bind(end.day, "date"), build.base.zone))
    return (f"e.time {sign} {local}", f"e.time {sign} {build.edge(lambda _: day + slack)}")


def _steps(unit: str, count: int) -> str:
    if unit in _MONTHS:
        return f"{_MONTHS[unit] * count:d} months"
    return f"{(7 if unit == 'week' else 1) * count:d} days"


def reach(window: Window | None, at: int, since: int | None, zone: str) -> Reach:
    """The same for one person. Without an entry nothing has happened since."""
    match window:
        case LastWindow(last=length):
            return Reach(shift(at, -length, zone), at, closed=True)
        case FixedWindow(from_=low, to=high):
            first = _end(low, zone) if low else NEVER
            last = _end(high, zone) if high else at + 1
            return Reach(first, at, closed=True) if last > at else Reach(first, last, closed=False)
        case EntryWindow():
            return Reach(since, at, closed=True) if since is not None else Reach(at + 1, at, closed=True)
        case CalendarWindow(calendar=unit, back=back):
            today = local_day(at, zone)
            last = day_start(_period(today, unit, back - 1), zone)
            first = day_start(_period(today, unit, back), zone)
            return Reach(first, at, closed=True) if last > at else Reach(first, last, closed=False)
    return Reach(NEVER, at, closed=True)


def _end(end: Moment, zone: str) -> int:
    return end.instant if end.instant is not None else day_start(end.day or date.min, zone)


def _period(today: date, unit: str, back: int) -> date:
    """The first day of the period so many before the current one (-1 is the next)."""
    if unit == "day":
        return today - timedelta(days=back)
    if unit == "week":
        return today - timedelta(days=today.weekday() + 7 * back)
    size = _MONTHS[unit]
    month = today.year * 12 + (today.month - 1) // size * size - back * size
    return date(month // 12, month % 12 + 1, 1)
