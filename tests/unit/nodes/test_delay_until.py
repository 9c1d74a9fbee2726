"""Waiting until a moment that has a name."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from chinese_calendar import is_workday
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from itinera.kit.wire import NEVER, moment
from itinera.kit.workdays import last_known_year
from journeys.nodes import NODES
from journeys.nodes.base import DUE, EXIT, WAIT
from tests.unit.nodes.people import decide, profile, step, until, wall

BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("config", "arrives", "due"),
    [
        ({"time": "10:00"}, "2026-11-02 09:59:59", "2026-11-02 10:00:00"),
        ({"time": "10:00"}, "2026-11-02 10:00:00.000001", "2026-11-03 10:00:00"),
        ({"time": "00:00"}, "2026-12-31 23:59", "2027-01-01 00:00:00"),
        ({"weekdays": [1]}, "2026-11-03 08:00", "2026-11-09 00:00:00"),
        ({"weekdays": [1]}, "2026-11-02 08:00", "2026-11-09 00:00:00"),  # Monday's 00:00 is over
        ({"weekdays": [6, 7], "time": "11:00"}, "2026-11-07 11:00:01", "2026-11-08 11:00:00"),
        ({"workday": True, "time": "09:00"}, "2026-09-30 09:01", "2026-10-08 09:00:00"),  # over the national holiday
        ({"workday": True, "time": "09:00"}, "2026-10-09 12:00", "2026-10-10 09:00:00"),  # a Saturday, made up
        ({"workday": True, "time": "09:00"}, "2026-02-13 12:00", "2026-02-14 09:00:00"),  # a Saturday before New Year
        ({"workday": True, "weekdays": [4], "time": "09:00"}, "2026-09-30 12:00", "2026-10-08 09:00:00"),
        ({"workday": True}, "2031-10-01 12:00", "2031-10-02 00:00:00"),  # an unknown year: Monday to Friday
        ({"workday": True, "weekdays": [6]}, "2026-05-01 12:00", "2026-05-09 00:00:00"),  # a Saturday, made up
        ({"workday": True, "weekdays": [6, 7], "time": "10:00"}, "2026-05-09 10:01", "2026-09-20 10:00:00"),
        ({"workday": True, "weekdays": [7]}, "2022-12-31 12:00", "2023-01-29 00:00:00"),  # across the years
    ],
)  # fmt: skip
def test_the_next_such_moment(config: dict[str, Any], arrives: str, due: str) -> None:
    decision = decide("delay.until", config, step([wall(arrives)]))
    assert decision.port.tolist() == [WAIT]
    assert until(decision) == [due]


@pytest.mark.parametrize(
    ("config", "arrives"),
    [
        ({"time": "10:00"}, "2026-11-02 10:00"),
        ({"weekdays": [1]}, "2026-11-02 00:00"),
        ({"weekdays": [1, 3], "time": "08:15"}, "2026-11-04 08:15"),
        ({"workday": True, "time": "09:00"}, "2026-10-10 09:00"),
        ({"workday": True, "weekdays": [6], "time": "09:00"}, "2026-10-10 09:00"),
    ],
)
def test_whoever_arrives_exactly_then_passes_at_once(config: dict[str, Any], arrives: str) -> None:
    decision = decide("delay.until", config, step([wall(arrives)]))
    assert (decision.port.tolist(), decision.until.tolist()) == ([0], [NEVER])


@pytest.mark.parametrize(
    ("value", "config", "due"),
    [
        ("2026-12-01", {}, "2026-12-01 00:00:00"),
        ("2026-12-01", {"offset": "-P7D", "time": "09:30"}, "2026-11-24 09:30:00"),
        ("2026-12-31", {"offset": "P2M"}, "2027-02-28 00:00:00"),
        ("2026-12-01", {"offset": "PT10H"}, "2026-12-01 10:00:00"),
        ("2026-12-01T20:15:00+00:00", {}, "2026-12-02 04:15:00"),  # the attribute's own time
        ("2026-12-01T20:15:00+00:00", {"time": "09:00"}, "2026-12-02 09:00:00"),  # of the day it is here
        ("2026-12-01T20:15:00Z", {"offset": "P1D"}, "2026-12-03 04:15:00"),
        ("9999-12-31", {"offset": "P10Y"}, "9999-12-31 08:00:00"),  # no wait is longer
    ],
)  # fmt: skip
def test_a_date_of_hers(value: str, config: dict[str, Any], due: str) -> None:
    people = step([wall("2026-11-02 12:00")], columns=profile("renewal", [value]))
    decision = decide("delay.until", {"attribute": "renewal", **config}, people)
    assert (decision.port.tolist(), until(decision)) == ([WAIT], [due])


def test_plain_dates_move_on_the_calendar_when_the_clocks_change() -> None:
    people = step([wall("2026-03-01 12:00", BERLIN)], BERLIN, columns=profile("day", ["2026-03-28"]))
    decision = decide("delay.until", {"attribute": "day", "offset": "P2D"}, people)
    assert until(decision, BERLIN) == ["2026-03-30 00:00:00"]


@pytest.mark.parametrize("poison", [None, "", "soon", 20261201, 1e300, True, [], {}, "2026-13-01", "2026-02-30", "\x00",
                                    "2026-12-01T09:00:00", "２０２６-12-01", "0000-01-01", "10000-01-01"])  # fmt: skip
def test_what_is_no_date_counts_as_past(poison: object) -> None:
    people = step([wall("2026-11-02 12:00")] * 2, columns=profile("d", [poison, "2026-12-01"]))
    decision = decide("delay.until", {"attribute": "d", "if_past": "port"}, people, "next", "past")
    assert decision.port.tolist() == [1, WAIT]
    assert until(decision)[1] == "2026-12-01 00:00:00"


@pytest.mark.parametrize(
    ("if_past", "wired", "port"), [("proceed", ("next",), 0), ("exit", ("next",), EXIT), ("port", ("next", "past"), 1)]
)
def test_a_worked_week_end_that_nobody_knows_of_counts_as_past(if_past: str, wired: tuple[str, ...], port: int) -> None:
    config = {"workday": True, "weekdays": [6, 7], "if_past": if_past}
    late = wall(f"{last_known_year() + 1}-03-01 12:00")
    decision = decide("delay.until", config, step([late, wall("2026-09-30 12:00")]), *wired)
    assert decision.port.tolist() == [port, WAIT]
    assert until(decision)[1] == "2026-10-10 00:00:00"


@pytest.mark.parametrize(
    ("if_past", "wired", "port"),
    [("proceed", ("next",), 0), ("exit", ("next",), EXIT), ("port", ("next", "past"), 1), ("port", ("next",), 0)],
)
def test_where_those_go_whose_moment_is_over(if_past: str, wired: tuple[str, ...], port: int) -> None:
    entered = wall("2026-10-01 12:00")
    at = [entered + timedelta(days=7, microseconds=1), entered + timedelta(days=7)]
    people = step(at, entered_at=[entered, entered])
    decision = decide("delay.until", {"from": "entry", "offset": "P7D", "if_past": if_past}, people, *wired)
    assert decision.port.tolist() == [port, 0]  # exactly then is not past
    assert decision.until.tolist() == [NEVER, NEVER]


def test_days_after_entry_whatever_came_between() -> None:
    entered = wall("2026-10-01 12:00")
    people = step([entered + timedelta(days=3)], entered_at=[entered])
    assert until(decide("delay.until", {"from": "entry", "offset": "P28D"}, people)) == ["2026-10-29 12:00:00"]
    timed = {"from": "entry", "offset": "P28D", "time": "09:00"}
    assert until(decide("delay.until", timed, people)) == ["2026-10-29 09:00:00"]


def test_whoever_has_waited_goes_on_by_next() -> None:
    people = step(
        [wall("2026-12-01 00:00")], resumed=np.array([DUE], dtype=np.int8), columns=profile("d", ["2020-01-01"])
    )
    assert decide("delay.until", {"attribute": "d", "if_past": "exit"}, people, "next", "past").port.tolist() == [0]


@pytest.mark.parametrize(
    ("config", "code"),
    [
        ({}, "incomplete"), ({"if_past": "exit"}, "incomplete"), ({"workday": False}, "incomplete"),
        ({"attribute": "a", "from": "entry"}, "contradictory"), ({"attribute": "a", "weekdays": [1]}, "contradictory"),
        ({"from": "entry", "workday": True}, "contradictory"), ({"time": "09:00", "offset": "P1D"}, "contradictory"),
        ({"weekdays": []}, "bad_weekday"),
        ({"weekdays": [0]}, "bad_weekday"), ({"weekdays": [1, 1]}, "bad_weekday"), ({"weekdays": [8]}, "bad_weekday"),
        ({"time": "9:00"}, "bad_time"), ({"time": "25:00"}, "bad_time"), ({"time": "09:00:00"}, "bad_time"),
        ({"attribute": "a", "offset": "7 days"}, "bad_duration"),
    ],
)  # fmt: skip
def test_refused_settings(config: dict[str, Any], code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        NODES["delay.until"].Config.model_validate(config)
    assert code in [each["type"] for each in refusal.value.errors()]


def _notes(config: dict[str, Any], *wired: str, today: date = date(2026, 3, 1)) -> list[str]:
    node = NODES["delay.until"]
    days = (today - date(1970, 1, 1)).days
    return [each.code for each in node.notes(node.Config.model_validate(config), frozenset(wired), days)]


def test_notes_for_the_author() -> None:
    assert _notes({"workday": True}) == []
    assert _notes({"workday": True}, today=date(2026, 11, 1)) == ["unknown_workdays"]
    assert _notes({"workday": True, "weekdays": [5, 6]}) == []
    assert _notes({"time": "09:00"}, "past") == ["port_not_used"]
    assert _notes({"attribute": "a", "if_past": "port"}, "past") == []


def test_a_wait_for_worked_week_ends_is_told_to_be_rare_or_in_vain() -> None:
    node, weekend = NODES["delay.until"], {"workday": True, "weekdays": [6]}

    def told(today: date) -> list[tuple[str, str]]:
        with override("en"):
            notes = node.notes(node.Config.model_validate(weekend), frozenset(), (today - date(1970, 1, 1)).days)
            return [(each.code, each.detail) for each in notes]

    ((code, words),) = told(date(2026, 5, 10))
    assert (code, "1, the next on 2026-10-10" in words) == ("rare_day", True)
    ((code, words),) = told(date(2026, 3, 1))
    assert (code, "2, the next on 2026-05-09" in words) == ("rare_day", True)
    assert [each for each, _ in told(date(last_known_year() + 1, 1, 1))] == ["unknown_workdays", "no_such_day"]


def _naive(
    at: datetime, zone: ZoneInfo, minute: int | None, weekdays: list[int] | None, workday: bool
) -> datetime | None:
    """Day by day, one person; None where there is no such day."""
    day = at.astimezone(zone).date()
    while day.year < 2032:
        reading = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute or 0)
        fits = (not weekdays or day.isoweekday() in weekdays) and (not workday or _worked(day))
        if fits and (found := reading.replace(tzinfo=zone).astimezone(UTC)) >= at:
            return found
        day += timedelta(days=1)
    return None


def _worked(day: date) -> bool:
    try:
        return bool(is_workday(day))
    except NotImplementedError:
        return day.isoweekday() <= 5


@given(
    st.lists(
        st.tuples(
            st.datetimes(datetime(2018, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001  # given UTC below
            st.sampled_from(["Asia/Shanghai", "America/New_York", "America/Sao_Paulo"]),
        ),
        min_size=1, max_size=12,
    ),
    st.none() | st.integers(0, 1439),
    st.none() | st.lists(st.integers(1, 7), unique=True, min_size=1),
    st.booleans(),
)  # fmt: skip
def test_a_crowd_waits_as_each_would_alone(
    crowd: list[tuple[datetime, str]], minute: int | None, weekdays: list[int] | None, workday: bool
) -> None:
    config: dict[str, Any] = {"workday": workday}
    config |= {"time": f"{minute // 60:02d}:{minute % 60:02d}"} if minute is not None else {}
    config |= {"weekdays": weekdays} if weekdays else {}
    if config == {"workday": False}:
        return
    at = [each.replace(tzinfo=UTC) for each, _ in crowd]
    decision = decide("delay.until", config, step(at, [zone for _, zone in crowd]))
    for row, (moment_, (_, zone)) in enumerate(zip(at, crowd, strict=True)):
        target = _naive(moment_, ZoneInfo(zone), minute, weekdays, workday)
        assert decision.port[row] == (0 if target in (moment_, None) else WAIT)
        assert decision.port[row] == 0 or moment(int(decision.until[row])) == target
