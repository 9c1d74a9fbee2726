"""Durations: read, written back, and added to arrays of instants."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from itinera.kit.durations import BadDuration, Duration, add, add_local
from itinera.kit.wire import NEVER, micros, moment
from itinera.kit.zones import DAY, HOUR, MINUTE, SECOND, ZoneArray


@pytest.mark.parametrize(
    ("text", "months", "exact"),
    [
        ("PT30M", 0, 30 * MINUTE), ("P7D", 0, 7 * DAY), ("P1M", 1, 0), ("P1Y2M", 14, 0), ("P2W", 0, 14 * DAY),
        ("P1W1DT1H1M1S", 0, 8 * DAY + HOUR + MINUTE + SECOND), ("PT0.5S", 0, 500_000), ("PT1,5H", 0, 90 * MINUTE),
        ("-P7D", 0, -7 * DAY), ("+P1D", 0, DAY), ("-P1M2DT3H", -1, -2 * DAY - 3 * HOUR), ("PT0S", 0, 0),
        ("P0.5D", 0, 12 * HOUR), ("PT0.000001S", 0, 1), ("P100Y", 1200, 0), ("P36525D", 0, 36_525 * DAY),
    ],
)  # fmt: skip
def test_what_is_written_is_read(text: str, months: int, exact: int) -> None:
    found = Duration.parse(text)
    assert (found.months, found.micros, str(found)) == (months, exact, text)


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "P1", "1D", "P1DT", "P1.5M", "P1.5Y", "PT1S1M", "P-1D", "p1d", "P1D ", "P١D", "P101Y", "P36526D",
     "PT0.0000001S", "P1H", "PT" + "9" * 5000 + "S", "PnanD", "P1D\n"],
)  # fmt: skip
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(BadDuration):
        Duration.parse(text)


@given(st.integers(-1200, 1200), st.integers(0, 36_525 * DAY))
def test_a_duration_made_of_numbers_is_written_so_that_it_is_read_again(months: int, exact: int) -> None:
    made = Duration(months, -exact if months < 0 else exact)
    assert Duration.parse(str(made)) == made
    assert Duration.parse(str(-made)) == -made


def test_the_value_is_compared_and_not_the_writing() -> None:
    assert Duration.parse("PT48H") == Duration.parse("P2D")
    assert hash(Duration.parse("PT48H")) == hash(Duration.parse("P2D"))


def test_as_a_field_it_keeps_its_writing_and_names_what_is_wrong() -> None:
    field = TypeAdapter(Duration)
    assert field.dump_python(field.validate_python("PT48H")) == "PT48H"
    assert field.dump_json(field.validate_python("-P1M")) == b'"-P1M"'
    for wrong in ("tomorrow", 5, None, ["P1D"], True):
        with pytest.raises(ValidationError) as refusal:
            field.validate_python(wrong)
        assert refusal.value.errors()[0]["type"] == "bad_duration"


def _one(at: datetime, duration: str, zone: str) -> datetime:
    found = add(np.array([micros(at)]), Duration.parse(duration), ZoneArray.same(zone, 1))
    return moment(int(found[0])).astimezone(ZoneInfo(zone))


def test_a_day_is_24_hours_and_a_month_is_one_of_the_calendar() -> None:
    before = datetime(2026, 3, 28, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    assert _one(before, "P1D", "Europe/Berlin").isoformat() == "2026-03-29T13:00:00+02:00"
    assert _one(before, "P1M", "Europe/Berlin").isoformat() == "2026-04-28T12:00:00+02:00"


@pytest.mark.parametrize(
    ("start", "duration", "end"),
    [
        ("2026-01-31", "P1M", "2026-02-28"), ("2028-01-31", "P1M", "2028-02-29"), ("2028-02-29", "P1Y", "2029-02-28"),
        ("2028-02-29", "P4Y", "2032-02-29"), ("2026-03-31", "-P1M", "2026-02-28"), ("2026-12-31", "P2M", "2027-02-28"),
        ("2026-01-31", "P1M1D", "2026-03-01"),
    ],
)  # fmt: skip
def test_ends_of_months_and_leap_days(start: str, duration: str, end: str) -> None:
    at = datetime.fromisoformat(start).replace(hour=9, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert _one(at, duration, "Asia/Shanghai").date().isoformat() == end


@given(
    st.datetimes(datetime(1950, 1, 1), datetime(2050, 1, 1)),  # noqa: DTZ001  # given UTC below
    st.integers(-100, 100),
    st.integers(0, 40 * DAY),
    st.sampled_from(["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"]),
)
def test_addition_agrees_with_one_by_one(start: datetime, months: int, exact: int, zone: str) -> None:
    duration = Duration(months, -exact if months < 0 else exact)
    clock, at = ZoneInfo(zone), start.replace(tzinfo=UTC)
    if months:
        wall = at.astimezone(clock).replace(tzinfo=None)
        year, month = divmod(wall.year * 12 + wall.month - 1 + months, 12)
        last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
        moved = wall.replace(year=year, month=month + 1, day=min(wall.day, last))
        at = moved.replace(tzinfo=clock).astimezone(UTC)
    expected = at + timedelta(microseconds=duration.micros)
    found = add(np.array([micros(start.replace(tzinfo=UTC))]), duration, ZoneArray.same(zone, 1))
    assert moment(int(found[0])) == expected


def test_months_need_zones_and_never_stays_never() -> None:
    at = np.array([NEVER, 0])
    assert add(at, Duration.parse("P1D"), None).tolist() == [NEVER, DAY]
    assert add(at, Duration.parse("P1M"), ZoneArray.same("Asia/Shanghai", 2)).tolist()[0] == NEVER
    assert add_local(at, Duration.parse("P1MT1H")).tolist() == [NEVER, 31 * DAY + HOUR]
    with pytest.raises(ValueError, match="zones are needed"):
        add(at, Duration.parse("P1M"), None)
