"""Dates and instants of one person compared, in Python. `moments_sql` says the same in SQL."""

from __future__ import annotations

from datetime import date
from typing import Any

from audiences.rules.clock import day_start, local_day, shift
from audiences.rules.fields import Moment
from audiences.rules.kinds.base import Here
from itinera.kit.durations import BadDuration, Duration


def read_duration(value: object) -> Duration | None:
    """An ISO 8601 duration, None if it is not one."""
    try:
        return Duration.parse(value) if isinstance(value, str) else None
    except BadDuration:
        return None


def day_of(value: Moment, here: Here) -> date:
    """The local day that it is, or lies in."""
    return value.day if value.day is not None else local_day(value.instant or 0, here.zone)


def before(one: Moment, other: Moment, here: Here) -> bool:
    if one.instant is not None and other.instant is not None:
        return one.instant < other.instant
    return day_of(one, here) < day_of(other, here)


def after(one: Moment, other: Moment, here: Here) -> bool:
    return before(other, one, here)


def on(one: Moment, other: Moment, here: Here) -> bool:
    return day_of(one, here) == day_of(other, here)


ORDERS = {"before": before, "after": after, "on": on}


def within(op: str, value: Moment, span: Duration, here: Here) -> bool:
    """`in_last`, `in_next`, `older_than` and `anniversary`."""
    today = local_day(here.at, here.zone)
    if op == "anniversary":
        first, last = sorted((today, local_day(shift(day_start(today, "UTC"), span, "UTC"), "UTC")))
        return _falls(day_of(value, here), first, last)
    past, future = shift(here.at, -span, here.zone), shift(here.at, span, here.zone)
    if value.day is not None:
        return _in_span(op, value.day, local_day(past, here.zone), today, local_day(future, here.zone))
    return _in_span(op, value.instant, past, here.at, future)


def _in_span(op: str, value: Any, past: Any, now: Any, future: Any) -> bool:
    if op == "older_than":
        return bool(value < past)
    low, high = (past, now) if op == "in_last" else (now, future)
    return bool(low <= value <= high)


def _falls(day: date, first: date, last: date) -> bool:
    found = _in_year(day, first.year)
    return (found if found >= first else _in_year(day, first.year + 1)) <= last


def _in_year(day: date, year: int) -> date:
    """29 February falls on the 28th in common years."""
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28)
