"""Working days of mainland China by the yearly notices; in other years Monday to Friday."""

from __future__ import annotations

from datetime import date, timedelta

# Per year: spans of days off (first, last) and the week-end days that are worked instead.
_NOTICES: dict[int, tuple[list[tuple[str, str]], list[str]]] = {
    2010: (
        [
            ("01-01", "01-03"),
            ("02-13", "02-19"),
            ("04-03", "04-05"),
            ("05-01", "05-03"),
            ("06-14", "06-16"),
            ("09-22", "09-24"),
            ("10-01", "10-07"),
        ],
        ["02-20", "02-21", "06-12", "06-13", "09-19", "09-25", "09-26", "10-09"],
    ),
    2011: (
        [
            ("01-01", "01-03"),
            ("02-02", "02-08"),
            ("04-03", "04-05"),
            ("04-30", "05-02"),
            ("06-04", "06-06"),
            ("09-10", "09-12"),
            ("10-01", "10-07"),
        ],
        ["01-30", "02-12", "04-02", "10-08", "10-09", "12-31"],
    ),
    2012: (
        [
            ("01-01", "01-03"),
            ("01-22", "01-28"),
            ("04-02", "04-04"),
            ("04-29", "05-01"),
            ("06-22", "06-24"),
            ("09-30", "10-07"),
        ],
        ["01-21", "01-29", "03-31", "04-01", "04-28", "09-29"],
    ),
    2025: (
        [
            ("01-01", "01-01"),
            ("01-28", "02-04"),
            ("04-04", "04-06"),
            ("05-01", "05-05"),
            ("05-31", "06-02"),
            ("10-01", "10-08"),
        ],
        ["01-26", "02-08", "04-27", "09-28", "10-11"],
    ),
    2026: (
        [
            ("01-01", "01-03"),
            ("02-15", "02-23"),
            ("04-04", "04-06"),
            ("05-01", "05-05"),
            ("06-19", "06-21"),
            ("09-25", "09-27"),
            ("10-01", "10-07"),
        ],
        ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
    ),
}
KNOWN_YEARS = frozenset(_NOTICES)


def is_workday(day: date) -> bool:
    """Whether a local date is a working day."""
    off, worked = _NOTICES.get(day.year, ([], []))
    short = day.isoformat()[5:]
    if short in worked:
        return True
    if any(first <= short <= last for first, last in off):
        return False
    return day.isoweekday() <= 5


def days_from(day: date) -> list[date]:
    """The date itself and the four hundred after it: far enough for any day asked for."""
    return [day + timedelta(days=n) for n in range(401)]
