"""Who waits at a message to hear what became of it."""

from __future__ import annotations

from typing import Any

import pytest

from channels_out.models import AttemptOutcome as Outcome
from channels_out.stages import dispatch
from journeys.models import Version
from tests.acceptance.drawing import draw, node, sms, start
from tests.integration.engine import scene
from tests.integration.engine.scene import HOUR, MINUTE, NOON, ask, events, exits, one, people, publish, walk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("accounts", "balanced")]
ENDS = (node("good", "goal", {"name": "good"}, next=None), node("bad", "exit"), node("gone", "exit"))


def waiting(**settings: Any) -> Version:
    """Three people at a message of which they want to know."""
    canvas = draw(start(), sms(wired={"next": "good", "failed": "bad", "unreachable": "gone"}), *ENDS, **settings)
    version = publish(canvas)
    people(3)
    events(3)
    walk()
    return version


def test_she_stands_at_the_message_until_it_is_known() -> None:
    waiting()
    assert ask("SELECT count(*), max(due_at) FROM enrolment WHERE left_at IS NULL") == [(3, None)]
    assert ask("SELECT DISTINCT wants_outcome, status FROM message") == [(True, 0)]
    assert ask("SELECT 1 FROM chunk") == []
    assert walk(NOON + 48 * HOUR)["people"] == 0


@pytest.mark.parametrize(
    ("outcome", "port", "status"),
    [(Outcome.ACCEPTED, "next", 3), (Outcome.REJECTED, "failed", 5), (Outcome.UNKNOWN, "next", 6)],
)
def test_the_outcome_says_which_way_she_goes(outcome: Outcome, port: str, status: int) -> None:
    version = waiting()
    assert scene.answer(outcome, NOON + MINUTE) == 3
    walk(NOON + MINUTE)
    assert ("text", port) in scene.path("M1", version)
    assert exits() == {"completed": 3}
    assert ask("SELECT status, count(*) FROM message GROUP BY 1") == [(status, 3)]
    assert ask("SELECT DISTINCT left_at FROM enrolment") == [(NOON + MINUTE,)]


def test_what_is_tried_again_is_not_known_yet() -> None:
    waiting()
    scene.answer(Outcome.RETRY, NOON + MINUTE)
    assert walk(NOON + MINUTE)["people"] == 0
    scene.answer(Outcome.ACCEPTED, NOON + HOUR)
    walk(NOON + HOUR)
    assert exits() == {"completed": 3}


def test_an_outcome_that_is_told_twice_moves_nobody_twice() -> None:
    waiting()
    scene.answer(Outcome.ACCEPTED, NOON + MINUTE)
    names = "shard, profile_id, kind, at, version_id, enrolment, node, port, body"
    ask(f"INSERT INTO feed ({names}) SELECT {names} FROM feed RETURNING 1")
    walk(NOON + MINUTE)
    assert exits() == {"completed": 3}
    assert one("SELECT n FROM (SELECT sum(n) AS n FROM tally WHERE node = 1 AND port = 0) s") == 3


def test_an_outcome_of_a_walk_that_has_ended_is_nothing() -> None:
    version = waiting(exit_when=[{"event": "unsubscribed"}])
    events(3, "unsubscribed", at=NOON + MINUTE)
    walk(NOON + MINUTE)
    scene.answer(Outcome.ACCEPTED, NOON + HOUR)
    walk(NOON + HOUR)
    assert exits() == {"exit_rule": 3}
    assert scene.path("M1", version)[-1] == ("text", "left")


def test_who_is_refused_by_policy_does_not_wait() -> None:
    publish(draw(start(), sms(wired={"next": "good", "failed": "bad", "unreachable": "gone"}), *ENDS))
    people(["A"], consent={"sms": {"marketing": False}})
    people(["B"], suppressed=["sms"])
    events(["A", "B"])
    walk()
    assert exits() == {"completed": 2}
    assert ask("SELECT status, reason FROM message ORDER BY 1") == [(7, "opted_out"), (9, "suppressed")]


def test_who_is_stopped_at_the_door_as_unreachable_leaves_that_way() -> None:
    version = waiting()
    ask("UPDATE profile SET suppressed = '{sms}' RETURNING 1")
    dispatch.run(NOON + MINUTE, 100)  # its clock goes on as it works
    assert ask("SELECT DISTINCT status, reason FROM message") == [(9, "suppressed")]
    walk(NOON + HOUR)
    assert scene.path("M1", version)[-2:] == [("text", "unreachable"), ("gone", "left")]


def test_who_is_stopped_at_the_door_otherwise_goes_on() -> None:
    version = waiting()
    ask("""UPDATE profile SET consent = '{"sms": {"marketing": false}}' RETURNING 1""")
    dispatch.run(NOON + MINUTE, 100)  # its clock goes on as it works
    walk(NOON + HOUR)
    assert ask("SELECT DISTINCT status, reason FROM message") == [(7, "opted_out")]
    assert scene.path("M1", version)[-2:] == [("text", "next"), ("good", "next")]
