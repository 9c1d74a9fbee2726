"""Instants, durations and local clocks.

An instant is always an aware `datetime` in UTC; local time is made for one question and thrown away, because
Python's arithmetic on aware local times counts wall-clock hours, not elapsed ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)

_DURATION = re.compile(
    r"^(?P<sign>[+-])?P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?$"
)


@dataclass(frozen=True)
class Duration:
    """Calendar months, days, and the part below a day. All three carry the sign."""

    months: int
    days: int
    rest: timedelta

    @property
    def exact(self) -> timedelta:
        """Days of 24 hours and the rest; the months are left out."""
        return timedelta(days=self.days) + self.rest

    def __neg__(self) -> Duration:
        return Duration(-self.months, -self.days, -self.rest)


def duration(text: str) -> Duration:
    """An ISO 8601 duration; ValueError when it is none."""
    found = _DURATION.match(text)
    if not found or text[-1] in "PT":
        raise ValueError(f"not a duration: {text}")
    sign = -1 if found["sign"] == "-" else 1
    part = {name: sign * int(found[name] or 0) for name in _DURATION.groupindex if name != "sign"}
    rest = timedelta(hours=part["hours"], minutes=part["minutes"], seconds=part["seconds"])
    return Duration(12 * part["years"] + part["months"], 7 * part["weeks"] + part["days"], rest)


def instant(text: str) -> datetime:
    """An ISO 8601 instant with offset, in UTC; ValueError when it is none."""
    if len(text) < len("2000-01-01T00:00"):
        raise ValueError(f"not an instant: {text}")
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        raise ValueError(f"an instant without offset: {text}")
    return read.astimezone(UTC)


def clock_time(text: str) -> time:
    """HH:MM as a time of day."""
    return time(int(text[:2]), int(text[3:5]))


def local(at: datetime, zone: ZoneInfo) -> datetime:
    """The wall clock of the zone at an instant, without zone information."""
    return at.astimezone(zone).replace(tzinfo=None)


def from_local(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which the zone's wall clock shows this: the first one if twice, shifted on if never."""
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def day_at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The instant of a time of day on a local date."""
    return from_local(datetime.combine(day, clock), zone)


def add_months(day: date, months: int) -> date:
    """The same day of another month, or its last day if it has none such."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    first_of_next = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (first_of_next - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def shift(at: datetime, by: Duration, zone: ZoneInfo) -> datetime:
    """At plus a duration: months on the zone's calendar first, then days of 24 hours and the rest."""
    if by.months:
        wall = local(at, zone)
        at = from_local(datetime.combine(add_months(wall.date(), by.months), wall.time()), zone)
    return at + by.exact


def as_text(at: datetime | None) -> str | None:
    """An instant as the output files write it."""
    return None if at is None else at.astimezone(UTC).isoformat()
