"""Events in their order: late ones, many at once, and a feed that is too long for one wave."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from itinera.kit.wire import django_cursor, micros
from journeys.engine import items
from tests.acceptance.drawing import draw, node, sms, start
from tests.integration.engine import scene
from tests.integration.engine.scene import HOUR, MINUTE, NOON, SECOND, ask, events, exits, one, people, publish, walk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("accounts", "balanced")]
NAP = node("nap", "delay.for", {"duration": "PT1H"})
DAY = 24 * HOUR


def test_a_late_event_still_starts_up_to_its_greatest_age() -> None:
    publish(draw(start(max_age="PT1H"), sms()))
    people(["A", "B", "C"])
    events(["A"], at=NOON - HOUR - SECOND, known=NOON)
    events(["B"], at=NOON - HOUR, known=NOON)
    events(["C"], at=NOON, known=NOON)
    walk()
    assert ask("SELECT entered_at FROM enrolment ORDER BY 1") == [(NOON - HOUR,), (NOON,)]


def test_a_late_event_is_nothing_to_a_walk_that_began_after_it() -> None:
    publish(draw(start(), NAP, exit_when=[{"event": "unsubscribed"}]))
    people(["A"])
    events(["A"])
    walk()
    events(["A"], "unsubscribed", at=NOON - SECOND, known=NOON + MINUTE)
    events(["A"], "unsubscribed", at=NOON, known=NOON + MINUTE)
    walk(NOON + MINUTE)
    assert exits() == {None: 1}


def test_a_late_event_acts_where_she_stands() -> None:
    """It happened before her last step, of which nothing is taken back; she leaves now, not in the past."""
    nap = node("longer", "delay.for", {"duration": "P1D"})
    version = publish(draw(start(), NAP, sms(), nap, exit_when=[{"event": "unsubscribed"}]))
    people(["A"])
    events(["A"])
    walk(NOON + 2 * HOUR)
    events(["A"], "unsubscribed", at=NOON + MINUTE, known=NOON + 2 * HOUR)
    walk(NOON + 2 * HOUR)
    assert exits() == {"exit_rule": 1}
    assert one("SELECT left_at FROM enrolment") == NOON + HOUR
    assert scene.path("A", version)[-1] == ("longer", "left")


def test_an_answer_that_comes_after_the_time_ran_out_ends_no_wait() -> None:
    wait = {"paths": [{"id": "paid", "event": "paid"}], "timeout": "PT1H"}
    version = publish(draw(start(), node("wait", "wait.event", wait, paid="text", timeout="nap"), NAP, sms()))
    people(["A", "B"])
    events(["A", "B"])
    walk()
    events(["A"], "paid", at=NOON + HOUR - SECOND, known=NOON + HOUR - SECOND)
    events(["B"], "paid", at=NOON + HOUR, known=NOON + HOUR)
    walk(NOON + HOUR)
    assert scene.path("A", version)[2:] == [("wait", "paid"), ("text", "next")]
    assert scene.path("B", version)[2:] == [("wait", "timeout"), ("nap", "waits")]


def test_what_happens_before_a_due_step_is_heard_before_it_however_late_the_wave() -> None:
    publish(draw(start(), NAP, sms(), exit_when=[{"event": "unsubscribed"}]))
    people(["A", "B"])
    events(["A", "B"])
    walk()
    events(["A"], "unsubscribed", at=NOON + HOUR - SECOND, known=NOON + DAY)
    events(["B"], "unsubscribed", at=NOON + HOUR + SECOND, known=NOON + DAY)
    walk(NOON + DAY)
    assert exits() == {"exit_rule": 1, "completed": 1}
    assert one("SELECT count(*) FROM message") == 1


def test_an_event_of_the_same_instant_comes_before_a_due_step() -> None:
    publish(draw(start(), NAP, sms(), exit_when=[{"event": "unsubscribed"}]))
    people(["A"])
    events(["A"])
    walk()
    events(["A"], "unsubscribed", at=NOON + HOUR)
    walk(NOON + HOUR)
    assert exits() == {"exit_rule": 1}


def test_a_due_step_waits_while_its_shards_feed_is_not_read_to_the_end() -> None:
    publish(draw(start(), NAP, sms(), exit_when=[{"event": "unsubscribed"}], reentry={"policy": "always"}))
    scene.neighbours("A", "B")
    events(["A"])
    walk()
    for turn in range(6):
        events(["B"], at=NOON + turn * SECOND, known=NOON + HOUR)
    events(["A"], "unsubscribed", at=NOON + HOUR - SECOND, known=NOON + HOUR)
    walk(NOON + HOUR, limit=2)
    assert ask("SELECT reason FROM enrolment WHERE profile_id = %s", scene.member("A")) == [(3,)]
    assert ask("SELECT 1 FROM message WHERE profile_id = %s", scene.member("A")) == []


def test_other_shards_go_on_while_one_has_a_long_feed() -> None:
    publish(draw(start(), NAP, sms(), reentry={"policy": "always"}))
    scene.neighbours("A", shard=1)
    scene.neighbours("B", shard=2)
    events(["A"])
    walk()
    for turn in range(6):
        events(["B"], at=NOON + turn * SECOND, known=NOON + HOUR)
    read = items.read(django_cursor(), np.array([1, 2], dtype=np.int16), micros(NOON + HOUR), 4, [])
    assert read.more
    assert sorted(read.items.kind.tolist()) == [0, 0, 4]
    walk(NOON + HOUR, limit=2)
    assert one("SELECT count(*) FROM enrolment") == 7


def test_a_long_feed_is_lived_through_in_its_order() -> None:
    """Ten entries and exits of one person, two feed rows a wave."""
    publish(draw(start(), NAP, exit_when=[{"event": "unsubscribed"}], reentry={"policy": "after_exit"}))
    scene.neighbours("A", "B")
    for turn in range(10):
        events(["A", "B"], at=NOON + 2 * turn * SECOND, known=NOON + MINUTE)
        events(["A", "B"], "unsubscribed", at=NOON + (2 * turn + 1) * SECOND, known=NOON + MINUTE)
    walk(NOON + MINUTE, limit=2)
    assert exits() == {"exit_rule": 20}
    assert ask("SELECT DISTINCT left_at - entered_at FROM enrolment") == [(SECOND,)]


def test_a_step_that_comes_due_within_the_wave_does_not_overtake_an_unread_event() -> None:
    """Workers were down for an hour: she paid, unsubscribed, and only then was the message due."""
    nap = node("nap", "delay.for", {"duration": "PT10M"})
    publish(draw(start(), nap, sms(), exit_when=[{"event": "unsubscribed"}], reentry={"policy": "always"}))
    scene.neighbours("A", "B")
    events(["A"])
    for turn in range(6):
        events(["B"], at=NOON + turn * SECOND, known=NOON + HOUR)
    events(["A"], "unsubscribed", at=NOON + MINUTE, known=NOON + HOUR)
    walk(NOON + HOUR, limit=2)
    assert ask("SELECT reason FROM enrolment WHERE profile_id = %s", scene.member("A")) == [(3,)]
    assert ask("SELECT 1 FROM message WHERE profile_id = %s", scene.member("A")) == []


def test_an_event_does_not_overtake_a_due_step_that_did_not_fit_into_the_wave() -> None:
    """More chunks are due than one wave takes; hers is not among them, but her later event is."""
    publish(draw(start(), NAP, sms(), exit_when=[{"event": "unsubscribed"}]))
    scene.neighbours("A", "B", "C", "D")
    for turn, name in enumerate("BCDA"):
        events([name], at=NOON + turn * SECOND)
        walk(NOON + turn * SECOND)
    events(["A"], "unsubscribed", at=NOON + HOUR + MINUTE)
    walk(NOON + 2 * HOUR, limit=2)
    assert exits() == {"completed": 4}
    assert one("SELECT count(*) FROM message") == 4


def test_an_event_in_a_long_feed_does_not_overtake_a_step_that_was_due_before_it() -> None:
    publish(draw(start(), NAP, sms(), exit_when=[{"event": "unsubscribed"}], reentry={"policy": "always"}))
    scene.neighbours("A", "B")
    events(["A"])
    walk()
    events(["A"], "unsubscribed", at=NOON + HOUR + MINUTE)
    for turn in range(6):
        events(["B"], at=NOON + HOUR + MINUTE + turn * SECOND, known=NOON + 2 * HOUR)
    walk(NOON + 2 * HOUR, limit=2)
    assert ask("SELECT reason FROM enrolment WHERE profile_id = %s", scene.member("A")) == [(1,)]


def test_a_step_does_not_overtake_the_end_of_a_stay_of_the_same_second_that_did_not_fit() -> None:
    """The two lie in two chunks of one second; only the first of them fits into the wave."""
    part = timedelta(milliseconds=1)
    nap = node("nap", "delay.for", {"duration": "PT1H0.8S"})
    publish(draw(start(), nap, sms(), max_stay="PT1H"))
    scene.neighbours("A", "B")
    events(["B"], at=NOON - 750 * part)  # her step: 50 ms past the full second
    events(["A"], at=NOON + 100 * part)  # the end of her stay: 100 ms, her step: 900 ms
    walk(NOON + SECOND)
    walk(NOON + HOUR - SECOND // 2)
    walk(NOON + HOUR + 2 * SECOND, limit=2)
    assert exits() == {"max_stay": 2}
    assert one("SELECT count(*) FROM message") == 0
