"""Quiet hours for sets of people, each on the clock of her own zone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

import numpy as np

from itinera.kit.sqlfile import queries
from itinera.kit.wire import NEVER, Cursor, Instants
from itinera.kit.zones import DAY, HOUR, MINUTE, SECOND, Int64, ZoneArray, to_local, to_utc

_SQL = queries(__file__, "policy.sql")
_LONGEST_CHAIN = 400
"""Quiet spans that follow each other are one; rules that never leave a gap are cut off here."""


@dataclass(frozen=True)
class QuietRule:
    """`[start, stop)` every day on the local clock (None, None = no hours) and whole `dates`.

    `start` later than `stop` crosses midnight. Pairs of `dates` include both ends.
    """

    category: str
    channel: str | None = None
    start: time | None = None
    stop: time | None = None
    dates: tuple[tuple[date, date], ...] = ()

    def covers(self, channel: str, category: str) -> bool:
        """Whether messages of this kind keep these hours."""
        return self.category == category and self.channel in (None, channel)


def load_quiet(cursor: Cursor) -> tuple[QuietRule, ...]:
    """Every quiet-hours rule of the workspace."""
    cursor.execute(_SQL["quiet_hours"])
    return tuple(
        QuietRule(category, channel, start, stop, tuple(_pair(first, last) for first, last in json.loads(dates)))
        for category, channel, start, stop, dates in cursor.fetchall()
    )


def quiet_until(rules: Sequence[QuietRule], asked: Instants, zones: ZoneArray) -> Instants:
    """When the quiet hours that hold at `asked` are over, row by row; NEVER where none holds.

    Spans that touch or overlap count as one. Always later than `asked`: in the hour that a clock
    shows twice, an end that has gone by once is the one still to come.
    """
    if not rules or not len(asked):
        return np.full(len(asked), NEVER, dtype=np.int64)
    local = to_local(asked, zones)
    end = local.copy()
    for _ in range(_LONGEST_CHAIN):
        later = np.maximum.reduce([_local_end(rule, end) for rule in rules])
        if (later == end).all():
            break
        end = later
    until = to_utc(end, zones)
    until = np.where(until <= asked, asked + (end - local), until)
    return np.where(end == local, NEVER, until)


def _local_end(rule: QuietRule, local: Int64) -> Int64:
    """The local end of the span that holds at `local`; `local` itself where none holds."""
    end = local
    if rule.start is not None and rule.stop is not None:
        start, stop = _micros(rule.start), _micros(rule.stop)
        clock = local % DAY
        to_stop = local - clock + stop
        if start < stop:
            end = np.where((clock >= start) & (clock < stop), to_stop, end)
        else:
            end = np.where(clock < stop, to_stop, np.where(clock >= start, to_stop + DAY, end))
    for first, last in rule.dates:
        begin, over = _day(first) * DAY, (_day(last) + 1) * DAY
        end = np.where((local >= begin) & (local < over), np.maximum(end, over), end)
    return end


def _micros(clock: time) -> int:
    return clock.hour * HOUR + clock.minute * MINUTE + clock.second * SECOND + clock.microsecond


def _day(value: date) -> int:
    return value.toordinal() - date(1970, 1, 1).toordinal()


def _pair(first: str, last: str) -> tuple[date, date]:
    return date.fromisoformat(first), date.fromisoformat(last)
