"""The instants of a cron line on a wall clock.

Five fields (minute hour day month weekday, 0 and 7 are Sunday); where both day and weekday are given, both
must fit, as in the schedules of Celery beat. The line is read on the local clock and each reading is turned
into an instant once: a time that the clock skips comes when the clock has gone on (02:30 of a skipped hour
at 03:30), a time that it shows twice comes the first time only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from croniter import CroniterBadDateError, CroniterError, croniter

_FIELD = re.compile(r"[0-9*/,\-A-Za-z#]+", re.ASCII)
_NAMES = re.compile(r"(?i)jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat|l")
_ANY_WALL = datetime(2000, 1, 1)  # noqa: DTZ001  # a reading of a wall clock
_SKIP = timedelta(days=1)
"""No clock skips more; looking back that far finds a reading that falls into a gap before the start."""


def is_cron(line: str) -> bool:
    """Five plain fields. Random (`R`, `H`) and named (`@daily`) forms are refused: they are not repeatable."""
    fields = line.split()
    if len(fields) != 5 or not all(_FIELD.fullmatch(each) for each in fields):
        return False
    if any(re.search("[A-Za-z]", _NAMES.sub("", each)) for each in fields):
        return False
    try:
        return next(_readings(line, _ANY_WALL), None) is not None
    except (CroniterError, ValueError):
        return False


def runs(line: str, zone: str, start: datetime, stop: datetime) -> Iterator[datetime]:
    """The instants in `[start, stop)`, ascending, in UTC."""
    last: datetime | None = None
    for at in _instants(line, ZoneInfo(zone), start):
        if at >= stop:
            return
        if at >= start and at != last:
            yield at
            last = at


def _instants(line: str, clock: ZoneInfo, start: datetime) -> Iterator[datetime]:
    """Every reading of the clock from a day before `start`, as instants in order (some may be equal)."""
    skipped: list[datetime] = []  # readings in a gap, which come later than the readings after the gap
    for reading in _readings(line, start.astimezone(clock).replace(tzinfo=None) - _SKIP):
        at = reading.replace(tzinfo=clock).astimezone(UTC)
        is_skipped = at.astimezone(clock).replace(tzinfo=None) != reading
        while skipped and skipped[0] <= (at - _SKIP if is_skipped else at):
            yield skipped.pop(0)
        if is_skipped:
            skipped.append(at)
        else:
            yield at
    yield from skipped


def _readings(line: str, after: datetime) -> Iterator[datetime]:
    found = croniter(line, after, day_or=False, max_years_between_matches=50)
    while True:
        try:
            yield found.get_next(datetime)
        except CroniterBadDateError:
            return
