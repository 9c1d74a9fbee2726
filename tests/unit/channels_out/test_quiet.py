"""Quiet hours: edges, midnight, zones, whole days, clocks that change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels_out.quiet import QuietRule, quiet_until
from itinera.kit.wire import NEVER, micros, moment
from itinera.kit.zones import ZoneArray

NIGHT = QuietRule("marketing", None, time(21), time(8))


def until(rules: list[QuietRule], local: str, zone: str = "Asia/Shanghai") -> str | None:
    """The end of quiet hours on the zone's clock, asked at a time of that clock."""
    asked = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone))
    (found,) = quiet_until(rules, np.array([micros(asked)]), ZoneArray.same(zone, 1))
    return None if found == NEVER else f"{moment(found).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("clock", "ends"),
    [
        ("20:59:59", None),
        ("21:00:00", "2026-11-21 08:00"),
        ("23:59:59", "2026-11-21 08:00"),
        ("00:00:00", "2026-11-20 08:00"),
        ("07:59:59", "2026-11-20 08:00"),
        ("08:00:00", None),
    ],
)
def test_hours_across_midnight_are_half_open(clock: str, ends: str | None) -> None:
    assert until([NIGHT], f"2026-11-20 {clock}") == ends


def test_spans_that_touch_are_one() -> None:
    breakfast = QuietRule("marketing", None, time(8), time(9, 30))
    assert until([NIGHT, breakfast], "2026-11-20 22:00") == "2026-11-21 09:30"


def test_whole_days_include_both_ends_and_run_into_the_night() -> None:
    holiday = QuietRule("marketing", None, None, None, ((date(2026, 10, 1), date(2026, 10, 7)),))
    assert until([holiday], "2026-10-01 00:00") == "2026-10-08 00:00"
    assert until([holiday, NIGHT], "2026-10-07 12:00") == "2026-10-08 08:00"
    assert until([holiday], "2026-09-30 23:59") is None
    assert until([holiday], "2026-10-08 00:00") is None


def test_each_person_is_asked_on_her_own_clock() -> None:
    asked = np.full(3, micros(datetime(2026, 11, 20, 13, tzinfo=UTC)))
    zones = ZoneArray.of(["Asia/Shanghai", "Europe/London", "America/New_York"], "UTC")
    found = quiet_until([NIGHT], asked, zones)
    assert [value == NEVER for value in found] == [False, True, True]
    assert moment(found[0]) == datetime(2026, 11, 21, 0, tzinfo=UTC)


def test_rules_without_a_gap_do_not_hang() -> None:
    always = [QuietRule("m", None, time(0), time(12)), QuietRule("m", None, time(12), time(0))]
    found = until(always, "2026-11-20 06:00")
    assert found is not None
    assert found > "2027-01-01 00:00"


def clock(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


@settings(max_examples=300, deadline=None)
@given(
    minute=st.integers(0, 60 * 24 * 400),
    start=st.integers(0, 1439),
    length=st.integers(1, 1439),
    zone=st.sampled_from(
        ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Shanghai", "Africa/Casablanca"]
    ),
)
def test_the_end_is_later_and_not_quiet(minute: int, start: int, length: int, zone: str) -> None:
    rule = QuietRule("m", None, clock(start), clock(start + length))
    asked = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    zones = ZoneArray.same(zone, 1)
    (end,) = quiet_until([rule], np.array([micros(asked)]), zones)
    local = asked.astimezone(ZoneInfo(zone)).time()
    begins, stops = clock(start), clock(start + length)
    inside = begins <= local < stops if begins < stops else local >= begins or local < stops
    assert (end != NEVER) == inside
    if inside:
        assert end > micros(asked)
        (again,) = quiet_until([rule], np.array([end]), zones)
        assert again == NEVER
