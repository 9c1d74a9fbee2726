"""Working days of mainland China: public holidays are free, make-up days at weekends are worked.

The calendar is decreed year by year. In a year that it does not know, Monday to Friday are worked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar

_EPOCH = date(1970, 1, 1)


@lru_cache(maxsize=8192)
def is_workday(day: int) -> bool:
    """Whether the day (days since 1970-01-01) is worked."""
    when = _EPOCH + timedelta(days=day)
    try:
        return bool(chinese_calendar.is_workday(when))
    except NotImplementedError:
        return when.isoweekday() <= 5


def last_known_year() -> int:
    """The last year for which the calendar has been decreed and is known here."""
    return int(max(chinese_calendar.constants.holidays).year)


def made_up(weekdays: Collection[int], first: int) -> Iterator[int]:
    """The days at week-ends, from `first` on, that are one of the weekdays (ISO numbers) and worked all the same."""
    for when in sorted(chinese_calendar.constants.workdays):
        day = (when - _EPOCH).days
        if day >= first and when.isoweekday() > 5 and when.isoweekday() in weekdays:
            yield day
