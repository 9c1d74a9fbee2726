"""Runs of a five-field cron line on a zone's wall clock."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.acceptance.oracle.times import day_at, local


def _field(text: str, low: int, high: int) -> set[int]:
    chosen: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        if span == "*":
            first, last = low, high
        elif "-" in span:
            first, last = (int(end) for end in span.split("-"))
        else:
            first = int(span)
            last = high if step else first
        chosen |= set(range(first, last + 1, int(step or 1)))
    return chosen


def runs(line: str, since: datetime, until: datetime, zone: ZoneInfo) -> list[datetime]:
    """Every run in [since, until), in order. Sunday is 0 or 7; day of month and weekday must both fit."""
    minutes, hours, days, months, weekdays = line.split()
    at_minutes, at_hours = sorted(_field(minutes, 0, 59)), sorted(_field(hours, 0, 23))
    on_days, in_months = _field(days, 1, 31), _field(months, 1, 12)
    on_weekdays = {day % 7 for day in _field(weekdays, 0, 7)}
    found: list[datetime] = []
    day, last = local(since, zone).date(), local(until, zone).date()
    while day <= last:
        if day.day in on_days and day.month in in_months and day.isoweekday() % 7 in on_weekdays:
            clock = [day_at(day, time(hour, minute), zone) for hour in at_hours for minute in at_minutes]
            found += [at for at in clock if since <= at < until]
        day += timedelta(days=1)
    return found
