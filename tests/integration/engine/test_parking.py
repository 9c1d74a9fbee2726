"""Waiting people: chunks, their members' own times, and stamps that have grown stale."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest

from itinera.kit.wire import django_cursor, micros
from journeys.engine import park
from journeys.engine.items import Kind, make
from tests.acceptance.drawing import draw, node, sms, start
from tests.integration.engine import scene
from tests.integration.engine.scene import HOUR, MINUTE, NOON, ask, events, exits, one, people, publish, walk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("accounts", "balanced")]
NAP = node("nap", "delay.for", {"duration": "PT1H"})
WAIT = {"paths": [{"id": "paid", "event": "order_paid"}], "timeout": "PT1H"}


def later(milliseconds: int) -> datetime:
    return NOON + timedelta(milliseconds=milliseconds)


def test_people_of_one_instant_share_a_chunk_without_times_of_their_own() -> None:
    publish(draw(start(), NAP, sms()))
    scene.neighbours("M0", "M1", "M2")
    events(["M0", "M1", "M2"])
    walk()
    ((due, profiles, dues),) = ask("SELECT due_at, profiles, dues FROM chunk")
    assert (due, len(profiles), dues) == (NOON + HOUR, 3, None)


def test_people_of_one_second_share_a_chunk_and_keep_their_own_times() -> None:
    publish(draw(start(), NAP, sms()))
    scene.neighbours("M0", "M1", "M2")
    for turn, name in enumerate(("M0", "M1", "M2")):
        events([name], at=later(100 + 400 * turn), known=NOON + MINUTE)
    walk(NOON + MINUTE)
    expected = [later(100 + 400 * turn) + HOUR for turn in range(3)]
    assert ask("SELECT due_at, dues FROM chunk") == [(expected[0], [micros(each) for each in expected])]


def test_members_whose_time_has_not_come_go_back() -> None:
    publish(draw(start(), NAP, sms()))
    scene.neighbours("M0", "M1", "M2")
    for turn, name in enumerate(("M0", "M1", "M2")):
        events([name], at=later(100 + 400 * turn), known=NOON + MINUTE)
    walk(NOON + MINUTE)
    assert walk(later(300) + HOUR)["messages"] == 1
    assert ask("SELECT due_at, cardinality(profiles) FROM chunk") == [(later(500) + HOUR, 2)]
    assert walk(later(500) + HOUR)["messages"] == 1
    assert ask("SELECT due_at, dues FROM chunk") == [(later(900) + HOUR, None)]
    assert walk(later(900) + HOUR)["messages"] == 1
    assert ask("SELECT at FROM message ORDER BY at") == [(later(100 + 400 * turn) + HOUR,) for turn in range(3)]
    assert exits() == {"completed": 3}


def test_other_seconds_nodes_shards_and_kinds_are_other_chunks() -> None:
    publish(draw(start(), NAP, sms(), max_stay="P1D"))
    scene.neighbours("M0", "M1")
    people(["M2"])
    events(["M0", "M2"])
    events(["M1"], at=NOON + timedelta(seconds=1))
    walk(NOON + MINUTE)
    found = ask("SELECT kind, cardinality(profiles) FROM chunk ORDER BY kind, due_at")
    assert found == [(0, 1)] * 3 + [(2, 1)] * 3


def test_a_stale_stamp_wakes_nobody() -> None:
    """She is answered, waits elsewhere, and then the time of her first wait comes."""
    version = publish(
        draw(start("signed_up"), node("wait", "wait.event", WAIT, paid="nap", timeout="text"), NAP, sms())
    )
    people(["M1"])
    events(["M1"], "signed_up")
    walk()
    events(["M1"], at=NOON + MINUTE)
    walk(NOON + MINUTE)
    assert one("SELECT count(*) FROM chunk") == 2
    assert walk(NOON + HOUR)["transitions"] == 0
    assert ask("SELECT due_at FROM chunk") == [(NOON + MINUTE + HOUR,)]
    assert walk(NOON + HOUR + MINUTE)["messages"] == 1
    expected = [
        ("start", "next"),
        ("wait", "waits"),
        ("wait", "paid"),
        ("nap", "waits"),
        ("nap", "next"),
        ("text", "next"),
    ]
    assert scene.path("M1", version) == expected


def test_a_stale_stamp_at_the_same_node_wakes_nobody() -> None:
    """A chunk that names an earlier stamp of her wait at this very node is not her wait."""
    publish(draw(start(), NAP, sms()))
    people(["M1"])
    events(["M1"])
    walk()
    ask("UPDATE chunk SET stamps = '{0}', due_at = %s RETURNING 1", NOON + MINUTE)
    assert walk(NOON + MINUTE)["transitions"] == 0
    assert exits() == {None: 1}
    ask("DELETE FROM enrolment RETURNING 1")
    ask("UPDATE tally SET n = 0 RETURNING 1")
    ask("DELETE FROM path RETURNING 1")
    ask("DELETE FROM entry_change RETURNING 1")


def test_a_goal_noted_on_a_waiting_person_does_not_park_her_twice() -> None:
    goal = {"when": {"event": "refunded"}, "within": "P30D", "exit": False}
    publish(draw(start(), NAP, sms(), goal=goal))
    people(["M1"])
    events(["M1"])
    walk()
    before = ask("SELECT stamp, due_at FROM enrolment")
    events(["M1"], "refunded", at=NOON + MINUTE)
    walk(NOON + MINUTE)
    assert ask("SELECT stamp, due_at FROM enrolment") == before
    assert one("SELECT goal_at FROM enrolment") == NOON + MINUTE
    assert one("SELECT count(*) FROM chunk") == 1
    assert walk(NOON + HOUR)["messages"] == 1
    assert one("SELECT count(*) FROM message") == 1


def test_a_chunk_that_was_walked_is_gone_with_the_same_commit() -> None:
    publish(draw(start(), NAP, NAP_AGAIN, sms()))
    people(3)
    events(3)
    walk()
    first = {number for (number,) in ask("SELECT id FROM chunk")}
    walk(NOON + HOUR)
    second = {number for (number,) in ask("SELECT id FROM chunk")}
    assert second
    assert not first & second


NAP_AGAIN = node("more", "delay.for", {"duration": "PT1H"})


def test_a_chunk_holds_ten_thousand_at_most() -> None:
    count = 20_001
    items = make(
        count, profile=np.arange(count), shard=5, at=micros(NOON), kind=Kind.ENTRY, version=1, node=2, seq=0, stamp=0
    )
    park.put_back(django_cursor(), items)
    found = ask("SELECT cardinality(profiles), stamps, dues, kind FROM chunk ORDER BY id")
    assert found == [(10_000, None, None, 1), (10_000, None, None, 1), (1, None, None, 1)]
    (members,) = ask("SELECT array_agg(p ORDER BY p) FROM chunk, unnest(profiles) AS p")[0]
    assert members == list(range(count))
