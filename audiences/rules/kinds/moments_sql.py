"""Dates and instants of a set compared, in SQL. `moments` says the same in Python."""

from __future__ import annotations

from dataclasses import dataclass

from audiences.rules.clock_sql import day_shift_sql, local_day_sql, shift_sql
from audiences.rules.fields import Moment
from audiences.rules.kinds.base import Bind, Row
from itinera.kit.durations import Duration


@dataclass(frozen=True, slots=True)
class When:
    """SQL for a value that may be a day or an instant: the one that it is not is NULL (None: never is)."""

    day: str | None
    instant: str | None

    def known(self) -> str:
        """SQL: whether there is a value at all."""
        return f"({' OR '.join(f'{part} IS NOT NULL' for part in (self.day, self.instant) if part)})"

    def day_in(self, row: Row) -> str:
        """SQL: the local day that it is, or lies in."""
        return _either(self.day, self.instant and local_day_sql(self.instant, row.zone))


def _either(one: str | None, other: str | None) -> str:
    parts = [part for part in (one, other) if part]
    return parts[0] if len(parts) == 1 else f"coalesce({', '.join(parts)})"


def literal(value: Moment, bind: Bind) -> When:
    """A moment of the rule as parameters."""
    if value.day is not None:
        return When(bind(value.day, "date"), None)
    return When(None, instant_sql(value.instant, bind))


def instant_sql(instant: int | None, bind: Bind) -> str:
    """Microseconds since 1970 as a parameter: exact, where a float of seconds would not be."""
    return f"(timestamptz '1970-01-01 00:00Z' + {bind(instant, 'bigint')} * interval '1 microsecond')"


def order(sign: str, x: When, v: When, row: Row) -> str:
    """SQL of `x < v`, `x > v`, or `x = v` (the same day)."""
    days = f"{x.day_in(row)} {sign} {v.day_in(row)}"
    if sign == "=" or x.instant is None or v.instant is None:
        return days
    instants = f"{x.instant} {sign} {v.instant}"
    # NULL unless both are instants: then the days are compared.
    return instants if x.day is None and v.day is None else f"coalesce({instants}, {days})"


def within(op: str, x: When, span: Duration, row: Row) -> str:
    """SQL of `in_last`, `in_next`, `older_than` and `anniversary`."""
    today = local_day_sql(row.at, row.zone)
    if op == "anniversary":
        there = day_shift_sql(today, span)
        first, last = (there, today) if span.is_negative else (today, there)
        return f"anniversary_falls({x.day_in(row)}, {first}, {last})"
    past, future = shift_sql(row.at, -span, row.zone), shift_sql(row.at, span, row.zone)
    days = instants = None
    if x.day:
        days = _in_span(op, x.day, local_day_sql(past, row.zone), today, local_day_sql(future, row.zone))
    if x.instant:
        instants = _in_span(op, x.instant, past, row.at, future)
    return _either(days, instants)


def _in_span(op: str, x: str, past: str, now: str, future: str) -> str:
    if op == "older_than":
        return f"{x} < {past}"
    low, high = (past, now) if op == "in_last" else (now, future)
    return f"{x} BETWEEN {low} AND {high}"
