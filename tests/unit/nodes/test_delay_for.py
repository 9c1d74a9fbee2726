"""Waiting for a while: exact and calendar days, and the time of day after it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from itinera.kit.durations import Duration
from itinera.kit.wire import NEVER, moment
from journeys.nodes import NODES
from journeys.nodes.base import DUE, WAIT
from tests.unit.nodes.people import decide, step, until, wall

BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("config", "arrives", "due"),
    [
        ({"duration": "P3D"}, "2026-11-02 10:30", "2026-11-05 10:30:00"),
        ({"duration": "PT30M"}, "2026-11-02 23:45", "2026-11-03 00:15:00"),
        ({"duration": "P1M"}, "2026-01-31 08:00", "2026-02-28 08:00:00"),
        ({"duration": "P1Y"}, "2028-02-29 08:00", "2029-02-28 08:00:00"),
        # The whole duration first, then the next such time; exactly then counts.
        ({"duration": "P1D", "then_at": "10:00"}, "2026-11-02 09:59", "2026-11-03 10:00:00"),
        ({"duration": "P1D", "then_at": "10:00"}, "2026-11-02 10:00", "2026-11-03 10:00:00"),
        ({"duration": "P1D", "then_at": "10:00"}, "2026-11-02 10:01", "2026-11-04 10:00:00"),
        ({"duration": "PT0S", "then_at": "00:00"}, "2026-11-02 00:00:01", "2026-11-03 00:00:00"),
        # Dates, not hours.
        ({"duration": "P1D", "days": "calendar"}, "2026-11-02 00:00", "2026-11-03 00:00:00"),
        ({"duration": "P1D", "days": "calendar"}, "2026-11-02 23:59:59.999999", "2026-11-03 00:00:00"),
        ({"duration": "P7D", "days": "calendar", "then_at": "10:00"}, "2026-11-02 18:00", "2026-11-09 10:00:00"),
        ({"duration": "P1M", "days": "calendar"}, "2026-01-31 18:00", "2026-02-28 00:00:00"),
    ],
)  # fmt: skip
def test_due_times(config: dict[str, str], arrives: str, due: str) -> None:
    decision = decide("delay.for", config, step([wall(arrives)]))
    assert until(decision) == [due]
    assert decision.port.tolist() == [WAIT]


@pytest.mark.parametrize(
    ("config", "arrives"),
    [
        ({"duration": "PT0S"}, "2026-11-02 10:00"),
        ({"duration": "PT0S", "then_at": "10:00"}, "2026-11-02 10:00"),
        ({"duration": "P0D", "days": "calendar"}, "2026-11-02 10:00"),
        ({"duration": "P0D", "days": "calendar", "then_at": "09:00"}, "2026-11-02 10:00"),
    ],
)
def test_nobody_waits_for_what_is_reached(config: dict[str, str], arrives: str) -> None:
    decision = decide("delay.for", config, step([wall(arrives)]))
    assert decision.port.tolist() == [0]
    assert decision.until.tolist() == [NEVER]


def test_whoever_has_waited_goes_on() -> None:
    people = step([wall("2026-11-05 10:30")], resumed=np.array([DUE], dtype=np.int8))
    assert decide("delay.for", {"duration": "P3D"}, people).port.tolist() == [0]


def test_a_day_is_24_hours_but_a_date_is_a_date_when_the_clocks_change() -> None:
    people = step([wall("2026-03-28 12:00", BERLIN)], BERLIN)
    assert until(decide("delay.for", {"duration": "P1D"}, people), BERLIN) == ["2026-03-29 13:00:00"]
    dates = {"duration": "P1D", "days": "calendar", "then_at": "12:00"}
    assert until(decide("delay.for", dates, people), BERLIN) == ["2026-03-29 12:00:00"]


def test_a_skipped_time_comes_when_the_clock_has_gone_on() -> None:
    people = step([wall("2026-03-28 02:30", BERLIN)], BERLIN)
    skipped = {"duration": "P1D", "days": "calendar", "then_at": "02:30"}
    assert until(decide("delay.for", skipped, people), BERLIN) == ["2026-03-29 03:30:00"]


def test_everybody_is_counted_on_her_own_clock() -> None:
    at = datetime(2026, 11, 2, 16, 30, tzinfo=UTC)  # already Tuesday in Shanghai
    decision = decide("delay.for", {"duration": "P1D", "days": "calendar"}, step([at, at], ["Asia/Shanghai", "UTC"]))
    assert [moment(int(value)).isoformat() for value in decision.until] == [
        "2026-11-03T16:00:00+00:00", "2026-11-03T00:00:00+00:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "config",
    [{"duration": "PT36H", "days": "calendar"}, {"duration": "-P1D"}, {"duration": "tomorrow"}, {},
     {"duration": "P1D", "then_at": "24:00"}, {"duration": "P1D", "then_at": 9}, {"duration": "P1D", "days": "some"}],
)  # fmt: skip
def test_refused_settings(config: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        NODES["delay.for"].Config.model_validate(config)


def _naive(at: datetime, days: int, months: int, calendar: bool, then_at: int | None, zone: ZoneInfo) -> datetime:
    """One person, with zoneinfo; `then_at` in minutes."""
    wall_clock = at.astimezone(zone).replace(tzinfo=None)

    def on(day: datetime) -> datetime:
        reading = datetime.combine(day.date(), datetime.min.time()) + timedelta(minutes=then_at or 0)
        return reading.replace(tzinfo=zone).astimezone(UTC)

    if months:
        year, month = divmod(wall_clock.year * 12 + wall_clock.month - 1 + months, 12)
        for day in range(wall_clock.day, 27, -1):
            try:
                wall_clock = wall_clock.replace(year=year, month=month + 1, day=day)
                break
            except ValueError:
                continue
        else:
            wall_clock = wall_clock.replace(year=year, month=month + 1)
    if calendar:
        return on(wall_clock + timedelta(days=days))
    start = wall_clock.replace(tzinfo=zone).astimezone(UTC) if months else at
    reached = start + timedelta(days=days)
    if then_at is None:
        return reached
    today = reached.astimezone(zone).replace(tzinfo=None)
    return next(each for each in (on(today), on(today + timedelta(days=1))) if each >= reached)


@given(
    st.lists(
        st.tuples(
            st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001  # given UTC below
            st.sampled_from(["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo"]),
        ),
        min_size=1, max_size=12,
    ),
    st.integers(0, 40), st.integers(0, 14), st.booleans(), st.none() | st.integers(0, 1439),
)  # fmt: skip
def test_a_crowd_waits_as_each_would_alone(
    crowd: list[tuple[datetime, str]], days: int, months: int, calendar: bool, then_at: int | None
) -> None:
    at = [each.replace(tzinfo=UTC) for each, _ in crowd]
    config = {"duration": str(Duration(months, days * 86_400_000_000)), "days": "calendar" if calendar else "exact"}
    if then_at is not None:
        config["then_at"] = f"{then_at // 60:02d}:{then_at % 60:02d}"
    decision = decide("delay.for", config, step(at, [zone for _, zone in crowd]))
    for row, (moment_, (_, zone)) in enumerate(zip(at, crowd, strict=True)):
        target = _naive(moment_, days, months, calendar, then_at, ZoneInfo(zone))
        waits = target > moment_
        assert decision.port[row] == (WAIT if waits else 0)
        assert decision.until[row] == NEVER if not waits else moment(int(decision.until[row])) == target
