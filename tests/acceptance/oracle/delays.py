"""When a delay is over."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.acceptance.oracle.people import Json, Value
from tests.acceptance.oracle.times import (
    add_months,
    clock_time,
    day_at,
    duration,
    instant,
    local,
    shift,
)
from tests.acceptance.oracle.workdays import days_from, is_workday


def end_of_delay(config: Json, at: datetime, zone: ZoneInfo) -> datetime:
    """`delay.for`: the instant at which somebody who arrives at `at` goes on; never before `at`."""
    span = duration(config["duration"])
    then_at = clock_time(config["then_at"]) if config.get("then_at") else None
    if config.get("days", "exact") == "calendar":
        day = add_months(local(at, zone).date(), span.months) + timedelta(days=span.days)
        return max(at, day_at(day, then_at or time(), zone))
    over = shift(at, span, zone)
    return over if then_at is None else next_clock(over, then_at, zone)


def next_clock(at: datetime, clock: time, zone: ZoneInfo) -> datetime:
    """The next instant at which the zone's clock shows a time: `at` itself if it does."""
    return min(when for day in days_from(local(at, zone).date())[:3] if (when := day_at(day, clock, zone)) >= at)


def named_time(config: Json, at: datetime, zone: ZoneInfo, entered_at: datetime, attributes: Json) -> datetime | None:
    """`delay.until`: the instant that the node names for somebody who arrives at `at`; None if it names none.

    The forms by attribute and by entry may name an instant that is past; the forms by clock never do.
    """
    clock = clock_time(config["time"]) if config.get("time") else None
    if config.get("attribute"):
        return _from_attribute(attributes.get(config["attribute"]), config.get("offset"), clock, zone)
    if config.get("from") == "entry":
        moved = shift(entered_at, duration(config.get("offset") or "PT0S"), zone)
        return moved if clock is None else day_at(local(moved, zone).date(), clock, zone)
    for day in days_from(local(at, zone).date()):
        when = day_at(day, clock or time(), zone)
        fits = not config.get("weekdays") or day.isoweekday() in config["weekdays"]
        if fits and when >= at and (not config.get("workday") or is_workday(day)):
            return when
    return None


def _from_attribute(value: Value, offset: str | None, clock: time | None, zone: ZoneInfo) -> datetime | None:
    by = duration(offset or "PT0S")
    if not isinstance(value, str):
        return None
    if len(value) == len("2000-01-01"):
        day = add_months(date.fromisoformat(value), by.months) + timedelta(days=by.days)
        return day_at(day, clock or time(), zone) + by.rest
    moved = shift(instant(value), by, zone)
    return moved if clock is None else day_at(local(moved, zone).date(), clock, zone)
