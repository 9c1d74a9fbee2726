"""Who enters, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from audiences.rules.ast import All
from itinera.kit.cron import is_cron, runs
from itinera.kit.durations import Duration
from itinera.kit.zones import DAY
from journeys.nodes import NODES
from journeys.nodes.needs import EventMatch
from journeys.triggers.event import EventTrigger
from journeys.triggers.schedule import ScheduleTrigger

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")


def test_an_event_exactly_max_age_old_still_starts() -> None:
    trigger = EventTrigger(0, EventMatch("order_paid"), Duration.parse("P1D"))
    at = np.array([0, 0, 0, 5])
    now = np.array([DAY, DAY + 1, 0, 0])
    assert trigger.in_time(at, now).tolist() == [True, False, True, True]


def _runs(line: str, zone: ZoneInfo, start: datetime, days: int) -> list[str]:
    found = runs(line, zone.key, start, start + timedelta(days=days))
    return [each.astimezone(zone).isoformat() for each in found]


def test_cron_is_read_on_the_wall_clock_and_the_window_is_half_open() -> None:
    start = datetime(2026, 11, 2, 9, tzinfo=SHANGHAI)
    assert _runs("0 9 * * *", SHANGHAI, start, 2) == ["2026-11-02T09:00:00+08:00", "2026-11-03T09:00:00+08:00"]
    assert _runs("30 8 * * 1", SHANGHAI, start, 7) == ["2026-11-09T08:30:00+08:00"]
    assert _runs("0 9 13 * 5", SHANGHAI, start, 300) == ["2026-11-13T09:00:00+08:00", "2027-08-13T09:00:00+08:00"]
    assert _runs("0 0 29 2 *", SHANGHAI, start, 900) == ["2028-02-29T00:00:00+08:00"]
    assert _runs("0 0 31 * *", SHANGHAI, start, 100) == ["2026-12-31T00:00:00+08:00", "2027-01-31T00:00:00+08:00"]


def test_a_skipped_time_runs_later_and_a_repeated_one_once() -> None:
    spring = datetime(2026, 3, 29, tzinfo=BERLIN)
    assert _runs("30 2 * * *", BERLIN, spring, 1) == ["2026-03-29T03:30:00+02:00"]
    halves = _runs("*/30 1-3 * * *", BERLIN, spring, 1)
    assert halves == [
        "2026-03-29T01:00:00+01:00", "2026-03-29T01:30:00+01:00",
        "2026-03-29T03:00:00+02:00", "2026-03-29T03:30:00+02:00",
    ]  # fmt: skip
    new_york = ZoneInfo("America/New_York")  # where the 13th of March, if a Sunday, has no 02:00
    always = _runs("0 2 13 3 0", new_york, datetime(2020, 1, 1, tzinfo=new_york), 3000)
    assert always == ["2022-03-13T03:00:00-04:00"]
    autumn = datetime(2026, 10, 25, tzinfo=BERLIN)
    assert _runs("30 2 * * *", BERLIN, autumn, 1) == ["2026-10-25T02:30:00+02:00"]


@pytest.mark.parametrize("line", ["0 9 * * *", "*/5 8-18 * * 1-5", "0 0 1,15 * *", "0 9 * jan-mar mon", "0 0 l * *"])
def test_good_lines(line: str) -> None:
    assert is_cron(line)


@pytest.mark.parametrize(
    "line", ["", "* * * *", "0 9 * * * *", "@daily", "0 25 * * *", "H 9 * * *", "R(0-59) 9 * * *", "0 0 30 2 *",
             "0 9 * * 8", "a b c d e", "0 9 * * 1;ls", "0\u00a09 * * *x", "*/0 * * * *"],
)  # fmt: skip
def test_bad_lines(line: str) -> None:
    assert not is_cron(line)


@given(
    st.sampled_from(["*/20 * * * *", "15 2 * * *", "0 0 * * 0", "45 1,2,3 * * *"]),
    st.datetimes(datetime(2020, 1, 1), datetime(2032, 1, 1)),  # noqa: DTZ001  # given UTC below
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
)
def test_windows_joined_give_the_runs_of_the_whole(line: str, start: datetime, zone: str) -> None:
    at = start.replace(tzinfo=UTC)
    cuts = [at, at + timedelta(hours=7), at + timedelta(days=1, minutes=20), at + timedelta(days=3)]
    pieces = [run for low, high in pairwise(cuts) for run in runs(line, zone, low, high)]
    whole = list(runs(line, zone, cuts[0], cuts[-1]))
    assert pieces == whole
    assert whole == sorted(set(whole))


def test_one_instant_runs_once() -> None:
    at = datetime(2026, 11, 2, 9, tzinfo=SHANGHAI)
    trigger = ScheduleTrigger(0, All(all=()), at, None, None, None)
    assert list(trigger.instants("UTC", at, at + timedelta(seconds=1))) == [at]
    assert list(trigger.instants("UTC", at - timedelta(days=1), at)) == []


def test_from_and_until_bound_the_runs() -> None:
    day = datetime(2026, 11, 2, 9, tzinfo=SHANGHAI)
    trigger = ScheduleTrigger(0, All(all=()), None, "0 9 * * *", day + timedelta(days=1), day + timedelta(days=3))
    found = trigger.instants("Asia/Shanghai", day, day + timedelta(days=10))
    assert list(found) == [day + timedelta(days=1), day + timedelta(days=2)]


RULE: dict[str, object] = {"all": []}
AT = "2026-11-02T09:00:00+08:00"


@pytest.mark.parametrize(
    ("config", "code"),
    [
        ({"rule": RULE}, "contradictory"), ({"rule": RULE, "at": AT, "cron": "0 9 * * *"}, "contradictory"),
        ({"cron": "0 9 * * *"}, "incomplete"), ({"audience": "vip", "rule": {"all": []}, "at": AT}, "incomplete"),
        ({"rule": RULE, "cron": "@daily"}, "bad_cron"), ({"rule": RULE, "at": "2026-11-02T09:00:00"}, "bad_instant"),
        ({"rule": RULE, "at": AT, "from": AT}, "contradictory"), ({"rule": RULE, "at": 5}, "bad_instant"),
        ({"rule": RULE, "cron": "0 9 * * *", "from": AT, "until": AT}, "contradictory"),
    ],
)  # fmt: skip
def test_refused_schedules(config: dict[str, object], code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        NODES["trigger.schedule"].Config.model_validate(config)
    assert code in [each["type"] for each in refusal.value.errors()]


@pytest.mark.parametrize(
    "change", [{"nth": 3}, {"person": {"property": "p", "identity": "phone"}}, {"event": "task.done"}]
)
def test_options_of_later_versions_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as refusal:
        NODES["trigger.event"].Config.model_validate({"event": "order_paid", **change})
    assert [each["type"] for each in refusal.value.errors()] == ["not_supported"]
