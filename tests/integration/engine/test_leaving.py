"""Exit rules, goals and the end of a stay, wherever she stands."""

from __future__ import annotations

import pytest

from journeys.counts import journey_counts
from tests.acceptance.drawing import draw, node, sms, start
from tests.integration.engine import scene
from tests.integration.engine.scene import HOUR, MINUTE, NOON, SECOND, ask, events, exits, one, people, publish, walk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("accounts", "balanced")]
DAY = 24 * HOUR
WEEK = node("week", "delay.for", {"duration": "P7D"})
GOAL = {"when": {"event": "paid"}, "within": "P30D", "value": "amount"}


def test_an_exit_rule_acts_on_who_is_parked_and_her_chunk_wakes_nobody() -> None:
    version = publish(draw(start(), WEEK, sms(), exit_when=[{"event": "unsubscribed"}]))
    people(["A", "B"])
    events(["A", "B"])
    walk()
    events(["A"], "unsubscribed", at=NOON + HOUR)
    walk(NOON + HOUR)
    assert ask("SELECT left_at, reason, due_at FROM enrolment WHERE left_at IS NOT NULL") == [(NOON + HOUR, 3, None)]
    assert scene.path("A", version) == [("start", "next"), ("week", "waits"), ("week", "left")]
    assert walk(NOON + 7 * DAY)["messages"] == 1
    assert exits() == {"exit_rule": 1, "completed": 1}
    assert ask("SELECT 1 FROM chunk") == []


def test_an_exit_rule_with_a_filter_takes_only_those_whom_it_fits() -> None:
    rule = {"event": "cancelled", "where": [{"property": "why", "op": "eq", "value": "price"}]}
    publish(draw(start(), WEEK, exit_when=[rule]))
    people(["A", "B"])
    events(["A", "B"])
    walk()
    events(["A"], "cancelled", at=NOON + HOUR, why="price")
    events(["B"], "cancelled", at=NOON + HOUR, why="other")
    walk(NOON + HOUR)
    assert exits() == {"exit_rule": 1, None: 1}


def test_a_goal_that_exits_ends_the_walk_and_keeps_its_value() -> None:
    publish(draw(start(), WEEK, sms(), goal={**GOAL, "exit": True}))
    people(["A"])
    events(["A"])
    walk()
    events(["A"], "paid", at=NOON + HOUR, amount=99.5)
    walk(NOON + HOUR)
    assert ask("SELECT reason, goal_at, goal_value, left_at FROM enrolment") == [(2, NOON + HOUR, 99.5, NOON + HOUR)]
    assert journey_counts(scene.journey())["goals"] == 1
    walk(NOON + 7 * DAY)
    assert one("SELECT count(*) FROM message") == 0


def test_a_goal_met_after_the_walk_counts_once() -> None:
    publish(draw(start(), sms(), goal=GOAL))
    people(["A"])
    events(["A"])
    walk()
    assert exits() == {"completed": 1}
    for turn in range(3):
        events(["A"], "paid", at=NOON + (turn + 1) * HOUR, amount=turn)
        walk(NOON + (turn + 1) * HOUR)
    assert ask("SELECT goal_at, goal_value, reason FROM enrolment") == [(NOON + HOUR, 0.0, 1)]
    assert journey_counts(scene.journey())["goals"] == 1


def test_a_goal_after_its_time_is_none() -> None:
    publish(draw(start(), WEEK, goal={**GOAL, "within": "PT1H", "exit": True}))
    people(["A", "B"])
    events(["A", "B"])
    walk()
    events(["A"], "paid", at=NOON + HOUR - SECOND)
    events(["B"], "paid", at=NOON + HOUR)
    walk(NOON + HOUR)
    assert exits() == {"goal": 1, None: 1}


def test_an_event_that_is_goal_and_exit_rule_counts_and_is_an_exit() -> None:
    publish(draw(start(), WEEK, goal={**GOAL, "exit": True}, exit_when=[{"event": "paid"}]))
    people(["A"])
    events(["A"])
    walk()
    events(["A"], "paid", at=NOON + HOUR)
    walk(NOON + HOUR)
    assert exits() == {"exit_rule": 1}
    assert journey_counts(scene.journey())["goals"] == 1


def test_a_stay_ends_in_time_and_what_she_waited_for_wakes_nobody() -> None:
    version = publish(draw(start(), WEEK, sms(), max_stay="P1D"))
    people(5)
    events(5)
    walk()
    assert walk(NOON + DAY - SECOND)["people"] == 0
    walk(NOON + DAY)
    assert exits() == {"max_stay": 5}
    assert ask("SELECT DISTINCT left_at FROM enrolment") == [(NOON + DAY,)]
    assert scene.path("M0", version)[-1] == ("week", "left")
    assert walk(NOON + 7 * DAY)["transitions"] == 0
    assert ask("SELECT 1 FROM message UNION ALL SELECT 1 FROM chunk") == []


def test_the_end_of_a_stay_goes_before_a_step_due_then() -> None:
    publish(draw(start(), node("day", "delay.for", {"duration": "P1D"}), sms(), max_stay="P1D"))
    people(["A"])
    events(["A"])
    walk()
    walk(NOON + DAY)
    assert exits() == {"max_stay": 1}
    assert one("SELECT count(*) FROM message") == 0


def test_who_has_left_before_the_end_of_her_stay_leaves_no_second_time() -> None:
    publish(draw(start(), node("nap", "delay.for", {"duration": "PT1H"}), sms(), max_stay="P1D"))
    people(["A"])
    events(["A"])
    walk()
    walk(NOON + HOUR)
    assert exits() == {"completed": 1}
    walk(NOON + DAY)
    assert exits() == {"completed": 1}
    assert ask("SELECT 1 FROM chunk") == []


def test_a_stay_that_is_over_within_the_wave_ends_in_its_order() -> None:
    """Workers were down for a week: the message of the first hour is sent, that of the second day is not."""
    nap = node("nap", "delay.for", {"duration": "PT1H"})
    days = node("days", "delay.for", {"duration": "P2D"})
    publish(draw(start(max_age="P30D"), nap, sms(stale_after="P30D"), days, sms("late"), max_stay="P1D"))
    people(["A"])
    events(["A"])
    walk(NOON + 7 * DAY)
    assert ask("SELECT reason, left_at FROM enrolment") == [(9, NOON + DAY)]
    assert ask("SELECT node_id, at FROM message") == [("text", NOON + HOUR)]


def test_the_holdout_leaves_at_entry_and_gets_nothing() -> None:
    ask("UPDATE workspace SET holdout_percent = 100 RETURNING 1")
    publish(draw(start(), sms(), entry={"holdout": True}))
    people(3)
    events(3)
    walk()
    assert exits() == {"holdout": 3}
    assert one("SELECT count(*) FROM message") == 0
    assert journey_counts(scene.journey())["nodes"]["start"]["in"] == 3


def test_one_event_can_end_a_walk_and_begin_the_next() -> None:
    publish(draw(start(), WEEK, exit_when=[{"event": "order_paid"}], reentry={"policy": "after_exit"}))
    people(["A"])
    for turn in range(3):
        events(["A"], at=NOON + turn * MINUTE)
    walk(NOON + HOUR)
    assert exits() == {"exit_rule": 2, None: 1}
    assert ask("SELECT seq FROM enrolment ORDER BY 1") == [(1,), (2,), (3,)]
