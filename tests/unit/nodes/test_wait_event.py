"""Waiting for whichever event comes first, or for the time to run out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from itinera.kit.wire import NEVER
from journeys.nodes import NODES
from journeys.nodes.base import ANSWERED, DUE, WAIT
from journeys.nodes.needs import EventMatch
from tests.unit.nodes.people import decide, instants, step, until, wall

PAID_OR_LEFT = {
    "paths": [{"id": "paid", "event": "order_paid"}, {"id": "left", "event": "unfollowed"}],
    "timeout": "P3D",
}
FROM_ENTRY = {**PAID_OR_LEFT, "count_from": "entry"}
NOON = wall("2026-11-02 12:00")


def test_ways_out_and_what_it_asks_for() -> None:
    node = NODES["wait.event"]
    config = node.Config.model_validate(FROM_ENTRY)
    assert node.ports(config) == ("paid", "left", "timeout")
    wait = node.needs(config, frozenset()).wait
    assert wait is not None
    assert wait.from_entry
    assert wait.paths == (EventMatch("order_paid"), EventMatch("unfollowed"))


def test_who_arrives_waits_for_the_whole_time() -> None:
    decision = decide("wait.event", PAID_OR_LEFT, step([NOON]))
    assert (decision.port.tolist(), until(decision)) == ([WAIT], ["2026-11-05 12:00:00"])


def test_the_event_or_the_end_of_the_time_decides() -> None:
    people = step(
        [NOON] * 3,
        resumed=np.array([ANSWERED, ANSWERED, DUE], dtype=np.int8),
        answer=np.array([1, 0, -1], dtype=np.int16),
    )
    assert decide("wait.event", PAID_OR_LEFT, people).port.tolist() == [1, 0, 2]


@pytest.mark.parametrize(
    ("config", "entered"), [({**PAID_OR_LEFT, "timeout": "PT0S"}, NOON), (FROM_ENTRY, NOON - timedelta(days=3))]
)
def test_no_time_left_is_a_timeout_at_once(config: dict[str, Any], entered: datetime) -> None:
    decision = decide("wait.event", config, step([NOON], entered_at=[entered]))
    assert (decision.port.tolist(), decision.until.tolist()) == ([2], [NEVER])


def test_counted_from_entry_what_came_before_decides_at_once() -> None:
    entered = NOON - timedelta(days=4)
    in_time, late = entered + timedelta(days=1), entered + timedelta(days=3)
    people = step(
        [NOON] * 5,
        entered_at=[entered, entered, entered, entered, NOON - timedelta(days=1)],
        came=(
            instants([in_time, in_time + timedelta(hours=1), late, None, None]),
            instants([in_time, in_time, None, None, NOON]),
        ),
    )
    decision = decide("wait.event", FROM_ENTRY, people)
    # the same instant: the first path; the earlier one; too late by a hair; nothing; came as she arrived
    assert decision.port.tolist() == [0, 1, 2, 2, 1]
    assert decision.until.tolist() == [NEVER] * 5


def test_months_are_those_of_her_calendar() -> None:
    people = step([wall("2026-01-31 12:00")])
    assert until(decide("wait.event", {**PAID_OR_LEFT, "timeout": "P1M"}, people)) == ["2026-02-28 12:00:00"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"paths": []}, "too_short"), ({"timeout": "-P1D"}, "bad_duration"), ({"count_from": "birth"}, "literal_error"),
        ({"paths": [{"id": "a", "event": "message.sent"}]}, "not_supported"),
        ({"paths": [{"id": "a b", "event": "x"}]}, "bad_id"), ({"paths": [{"id": "a"}]}, "missing"),
    ],
)  # fmt: skip
def test_refused_settings(change: dict[str, Any], code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        NODES["wait.event"].Config.model_validate({**PAID_OR_LEFT, **change})
    assert code in [each["type"] for each in refusal.value.errors()]


hours = st.integers(0, 100)


@given(st.lists(st.tuples(hours, st.none() | hours, st.none() | hours), min_size=1, max_size=15), st.booleans())
def test_a_crowd_waits_as_each_would_alone(crowd: list[tuple[int, int | None, int | None]], entry: bool) -> None:
    """Each entered at hour 0, arrives at hour `a`, and had events at hours `p` and `l` (if not later)."""
    start = datetime(2026, 11, 2, tzinfo=UTC)

    def hour(value: int | None, arrival: int) -> datetime | None:
        return None if value is None or value > arrival or not entry else start + timedelta(hours=value)

    people = step(
        [start + timedelta(hours=a) for a, _, _ in crowd],
        entered_at=[start] * len(crowd),
        came=tuple(instants([hour(row[path], row[0]) for row in crowd]) for path in (1, 2)) if entry else (),
    )
    decision = decide("wait.event", FROM_ENTRY if entry else PAID_OR_LEFT, people)
    for row, (arrival, paid, left) in enumerate(crowd):
        end = (0 if entry else arrival) + 72
        seen = [(at, way) for way, at in enumerate((paid, left)) if at is not None and at <= arrival and at < end]
        expected = min(seen)[1] if seen and entry else 2 if end <= arrival else WAIT
        assert decision.port[row] == expected
        assert (decision.until[row] != NEVER) == (expected == WAIT)
