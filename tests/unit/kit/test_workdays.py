"""Working days of mainland China, with holidays and make-up days."""

from __future__ import annotations

from datetime import date

import pytest

from itinera.kit.workdays import is_workday, last_known_year, made_up


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-10-01", False), ("2026-10-07", False), ("2026-10-08", True), ("2026-10-10", True),  # a Saturday, made up
        ("2026-10-11", False), ("2026-02-17", False), ("2026-11-20", True), ("2026-11-21", False),
        ("2003-12-31", True), ("1999-01-02", False),
    ],
)  # fmt: skip
def test_days(day: str, worked: bool) -> None:
    assert is_workday((date.fromisoformat(day) - date(1970, 1, 1)).days) is worked


def test_an_unknown_year_is_monday_to_friday() -> None:
    year = last_known_year() + 1
    days = [(date(year, 10, day) - date(1970, 1, 1)).days for day in range(1, 29)]
    assert [is_workday(day) for day in days] == [date(year, 10, day).isoweekday() <= 5 for day in range(1, 29)]


def test_made_up_days_are_worked_week_ends_in_order() -> None:
    first = (date(2026, 1, 1) - date(1970, 1, 1)).days
    stop = (date(2027, 1, 1) - date(1970, 1, 1)).days
    sundays = [day for day in made_up([7], first) if day < stop]
    assert [date.fromordinal(719_163 + day).isoformat() for day in sundays] == ["2026-01-04", "2026-09-20"]
    found = [day for day in made_up(range(1, 8), first) if day < stop]
    assert found == [day for day in range(first, stop) if (day + 3) % 7 + 1 > 5 and is_workday(day)]
