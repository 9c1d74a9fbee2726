"""What a wall clock can be asked for: time of day, weekday, date, working day. In SQL and in Python side by side."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_noop

from audiences.rules.clock import local_day, local_wall
from audiences.rules.fields import Moment
from audiences.rules.kinds import KINDS, Here, Kind
from audiences.rules.kinds.base import Bind, Shape
from audiences.rules.kinds.moments_sql import When
from audiences.rules.kinds.number import Number
from audiences.rules.kinds.simple import Operator, SimpleKind
from audiences.rules.kinds.temporal import Temporal
from itinera.kit.workdays import is_workday, last_known_year
from itinera.kit.zones import DAY

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
_EPOCH = date(1970, 1, 1)
_FIRST_YEAR = 2004
"""The first year that the calendar of working days knows."""


class TimeOfDay(SimpleKind[time]):
    """`HH:MM` or `HH:MM:SS`. A range whose first end is the later one runs over midnight."""

    sql_type = "time"
    operators = {
        "before": Operator(Shape.ONE, "{x} < {v}", lambda x, v: x < v),
        "after": Operator(Shape.ONE, "{x} > {v}", lambda x, v: x > v),
        "between": Operator(
            Shape.PAIR,
            "CASE WHEN {low} <= {high} THEN {x} BETWEEN {low} AND {high} ELSE {x} >= {low} OR {x} <= {high} END",
            lambda x, v: v[0] <= x <= v[1] if v[0] <= v[1] else x >= v[0] or x <= v[1],
        ),
    }
    phrases = {
        "between": gettext_noop("is between %(value)s"),
        "not_between": gettext_noop("is not between %(value)s"),
        "before": gettext_noop("is before %(value)s"),
        "after": gettext_noop("is after %(value)s"),
    }

    def read(self, value: object) -> time | None:
        found = _TIME.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            return None
        hour, minute, second = (int(part or 0) for part in found.groups())
        return time(hour, minute, second)

    def read_sql(self, json: str) -> str:
        raise NotImplementedError("times of day are never stored")

    def in_order(self, low: time, high: time) -> bool:
        return True

    def say_found(self, found: time, zone: str) -> str:
        return found.strftime("%H:%M:%S" if found.second else "%H:%M")


class Weekday(Number):
    """ISO numbers: 1 is Monday."""

    phrases = {
        "in": gettext_noop("is one of %(value)s"),
        "not_in": gettext_noop("is none of %(value)s"),
        "eq": gettext_noop("is %(value)s"),
        "ne": gettext_noop("is not %(value)s"),
    }

    def read(self, value: object) -> Decimal | None:
        found = super().read(value)
        return found if found is not None and found in range(1, 8) else None

    def has(self, op: str) -> bool:
        return op in self.phrases

    def say_found(self, found: Decimal, zone: str) -> str:
        return str(WEEKDAYS[int(found) - 1])


class Today(Temporal):
    """A date that is always there, and is today: asked where it lies, not how far away."""

    def has(self, op: str) -> bool:
        return op in {"before", "after", "on", "between", "not_between"}


@dataclass(frozen=True, slots=True)
class WallClock:
    """One thing to ask: its type, what it is in SQL (of a `timestamp` without zone) and in Python."""

    label: str
    kind: Kind[Any]
    sql: Callable[[str, Bind], Any]
    read: Callable[[Here], Any]


@cache
def exceptions() -> list[date]:
    """The days on which the calendar differs from Monday to Friday, in the years that it knows."""
    first, last = date(_FIRST_YEAR, 1, 1), date(last_known_year(), 12, 31)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if is_workday((day - _EPOCH).days) != (day.isoweekday() <= 5)]


def _workday_sql(local: str, bind: Bind) -> str:
    days = bind(exceptions(), "date[]")
    return f"((extract(isodow FROM {local}) <= 5) <> ({local}::date = ANY({days})))"


def _time(here: Here) -> time:
    micros = local_wall(here.at, here.zone) % DAY
    seconds, micros = divmod(micros, 1_000_000)
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60, micros)


def _day(here: Here) -> date:
    return local_day(here.at, here.zone)


CLOCKS: Mapping[str, WallClock] = {
    "time": WallClock(gettext_noop("time of day"), TimeOfDay(), lambda local, _bind: f"{local}::time", _time),
    "weekday": WallClock(
        gettext_noop("weekday"),
        Weekday(),
        lambda local, _bind: f"extract(isodow FROM {local})",
        lambda here: Decimal(_day(here).isoweekday()),
    ),
    "date": WallClock(
        gettext_noop("date"),
        Today(days=True, instants=False),
        lambda local, _bind: When(f"{local}::date", None),
        lambda here: Moment(_day(here), None, _day(here).isoformat()),
    ),
    "workday": WallClock(
        gettext_noop("working day"),
        KINDS["boolean"],
        _workday_sql,
        lambda here: is_workday((_day(here) - _EPOCH).days),
    ),
}


def weekdays() -> dict[str, str]:
    """Numbers and names, for a form."""
    return {str(number + 1): str(name) for number, name in WEEKDAYS.items()}
