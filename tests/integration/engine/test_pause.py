"""A pause holds everything in its place, and gives it back in its order."""

from __future__ import annotations

from datetime import timedelta

import pytest

from audiences.models import Feed
from channels_out.stages import dispatch
from itinera.kit.errors import Refusal
from itinera.kit.models import AuditEntry
from journeys.models import HeldFeed, JourneyStatus, VersionStatus
from tests.acceptance.drawing import draw, node, sms, start
from tests.integration.engine import scene
from tests.integration.engine.connections import Worker, another, until, waiting_for_a_lock
from tests.integration.engine.scene import (
    HOUR,
    MINUTE,
    NOON,
    SECOND,
    ask,
    events,
    exits,
    one,
    pause,
    people,
    publish,
    resume,
    walk,
)  # fmt: skip

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("accounts", "balanced")]
NAP = node("nap", "delay.for", {"duration": "PT1H"})
WAIT = {"paths": [{"id": "paid", "event": "paid"}], "timeout": "PT2H"}


def test_a_pause_is_a_status_of_journey_and_version_and_an_entry_in_the_trail() -> None:
    version = publish(draw(start(), sms()))
    pause()
    version.refresh_from_db()
    assert (scene.journey().status, version.status) == (JourneyStatus.PAUSED, VersionStatus.PAUSED)
    with pytest.raises(Refusal) as refusal:
        pause()
    assert (refusal.value.status, refusal.value.problems[0].code) == (409, "wrong_status")
    resume()
    version.refresh_from_db()
    assert (scene.journey().status, version.status) == (JourneyStatus.PUBLISHED, VersionStatus.LIVE)
    with pytest.raises(Refusal):
        resume()
    verbs = AuditEntry.objects.order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["journey.draft", "journey.publish", "journey.pause", "journey.resume"]


def test_nobody_enters_while_paused_and_who_would_have_enters_afterwards() -> None:
    publish(draw(start(), sms()))
    people(["A"])
    pause()
    events(["A"])
    walk()
    assert ask("SELECT 1 FROM enrolment UNION ALL SELECT 1 FROM feed") == []
    assert HeldFeed.objects.count() == 1
    resume()
    assert (HeldFeed.objects.count(), Feed.objects.count()) == (0, 1)
    walk(NOON + HOUR)
    assert ask("SELECT entered_at FROM enrolment") == [(NOON,)]


def test_what_is_due_waits_and_then_happens_at_its_own_time() -> None:
    publish(draw(start(), NAP, sms(), NAP_AGAIN, sms("more")))
    people(["A"])
    events(["A"])
    walk()
    pause()
    assert walk(NOON + 3 * HOUR)["people"] == 0
    assert one("SELECT count(*) FROM chunk") == 1
    resume()
    walk(NOON + 3 * HOUR)
    assert ask("SELECT at FROM message ORDER BY id") == [(NOON + HOUR,), (NOON + 2 * HOUR,)]


NAP_AGAIN = node("again", "delay.for", {"duration": "PT1H"})


def test_exits_and_goals_act_while_paused() -> None:
    goal = {"when": {"event": "paid"}, "within": "P30D", "exit": True}
    publish(draw(start(), NAP, sms(), exit_when=[{"event": "unsubscribed"}], goal=goal))
    people(["A", "B", "C"])
    events(["A", "B", "C"])
    walk()
    pause()
    events(["A"], "unsubscribed", at=NOON + MINUTE)
    events(["B"], "paid", at=NOON + MINUTE)
    walk(NOON + MINUTE)
    assert exits() == {"exit_rule": 1, "goal": 1, None: 1}
    resume()
    walk(NOON + HOUR)
    assert exits() == {"exit_rule": 1, "goal": 1, "completed": 1}
    assert one("SELECT count(*) FROM enrolment WHERE goal_at IS NOT NULL") == 1


def test_an_answer_that_came_while_paused_ends_the_wait_afterwards() -> None:
    version = publish(draw(start(), node("wait", "wait.event", WAIT, paid="text", timeout="nap"), NAP, sms()))
    people(["A", "B"])
    events(["A", "B"])
    walk()
    pause()
    events(["A"], "paid", at=NOON + HOUR)
    walk(NOON + 3 * HOUR)
    resume()
    walk(NOON + 3 * HOUR)
    assert scene.path("A", version)[2:] == [("wait", "paid"), ("text", "next")]
    assert scene.path("B", version)[2:4] == [("wait", "timeout"), ("nap", "waits")]
    assert one("SELECT left_at FROM enrolment WHERE profile_id = %s", scene.member("A")) == NOON + HOUR


def test_what_was_held_is_lived_through_in_its_order() -> None:
    publish(draw(start(), NAP, exit_when=[{"event": "unsubscribed"}], reentry={"policy": "after_exit"}))
    people(["A", "B"])
    pause()
    for turn in range(3):
        events(["A", "B"], at=NOON + 2 * turn * SECOND)
        events(["B", "A"], "unsubscribed", at=NOON + (2 * turn + 1) * SECOND)
        walk(NOON + (2 * turn + 1) * SECOND)
    resume()
    walk(NOON + MINUTE)
    assert exits() == {"exit_rule": 6}
    assert ask("SELECT DISTINCT left_at - entered_at FROM enrolment") == [(SECOND,)]


def test_lines_of_one_instant_keep_their_order_through_a_pause() -> None:
    """Of two properties at one instant the first is that of her entry."""
    publish(draw(start(), sms(text="{{ entry.n }}")))
    people(["A"])
    pause()
    events(["A"], n=1)
    events(["A"], n=2)
    walk()
    resume()
    walk(NOON + MINUTE)
    assert ask("SELECT content->>'text' FROM message") == [("1",)]


def test_other_journeys_do_not_hear_it_a_second_time() -> None:
    for slug in ("one", "two"):
        publish(draw(start(), sms(), reentry={"policy": "always"}, slug=slug))
    people(["A"])
    pause("one")
    events(["A"])
    walk()
    assert (exits("one"), exits("two")) == ({}, {"completed": 1})
    resume("one")
    walk(NOON + MINUTE)
    assert (exits("one"), exits("two")) == ({"completed": 1}, {"completed": 1})


def test_an_event_that_let_her_in_after_a_pause_is_still_not_seen_by_her_own_waits() -> None:
    wait = {"paths": [{"id": "again", "event": "order_paid"}], "timeout": "PT1H", "count_from": "entry"}
    version = publish(draw(start(), node("wait", "wait.event", wait, again="text", timeout="text"), sms()))
    people(["A"])
    pause()
    events(["A"])
    walk()
    resume()
    walk(NOON + SECOND)
    assert scene.path("A", version) == [("start", "next"), ("wait", "waits")]


def test_an_outcome_that_came_while_paused_is_heard_afterwards() -> None:
    from channels_out.models import AttemptOutcome

    publish(draw(start(), sms(wired={"next": "good", "failed": "bad"}), node("good", "exit"), node("bad", "exit")))
    people(["A"])
    events(["A"])
    walk()
    pause()
    scene.answer(AttemptOutcome.REJECTED, NOON + MINUTE)
    walk(NOON + MINUTE)
    assert exits() == {None: 1}
    resume()
    walk(NOON + MINUTE)
    assert one("SELECT n FROM tally WHERE node = 3 AND port = -1") == 1


def test_the_door_keeps_the_messages_of_a_paused_journey_until_it_is_resumed() -> None:
    for slug in ("one", "two"):
        publish(draw(start(), sms(), slug=slug))
    people(["A"])
    events(["A"])
    walk()
    ask('UPDATE profile SET consent = \'{"sms": {"marketing": false}}\' RETURNING 1')  # so that no call is made
    pause("one")
    dispatch.run(NOON + MINUTE, 100)
    assert ask("SELECT journey, status, reason FROM message ORDER BY 1") == [
        ("one", 0, "paused"),
        ("two", 7, "opted_out"),
    ]
    resume("one")
    dispatch.run(NOON + 2 * MINUTE, 100)
    assert ask("SELECT status, reason FROM message WHERE journey = 'one'") == [(7, "opted_out")]


def test_a_message_of_a_walk_that_an_exit_rule_ended_does_not_leave() -> None:
    publish(draw(start(), sms(), NAP, exit_when=[{"event": "unsubscribed"}]))
    people(["A"])
    events(["A"])
    walk()
    events(["A"], "unsubscribed", at=NOON + SECOND)
    walk(NOON + SECOND)
    dispatch.run(NOON + MINUTE, 100)
    assert ask("SELECT status, reason FROM message") == [(7, "left_journey")]


def test_the_end_of_a_stay_waits_for_the_resume() -> None:
    publish(draw(start(), node("week", "delay.for", {"duration": "P7D"}), max_stay="P1D"))
    people(["A"])
    events(["A"])
    walk()
    pause()
    walk(NOON + timedelta(days=2))
    assert exits() == {None: 1}
    resume()
    walk(NOON + timedelta(days=2))
    assert ask("SELECT reason, left_at FROM enrolment") == [(9, NOON + timedelta(days=1))]


def test_a_wave_that_began_before_the_resume_loses_nothing() -> None:
    """It read that the journey is paused, and holds the event back after everything was given back."""
    publish(draw(start(), sms(), slug="held"))
    publish(draw(start(), node("mark", "set", {"tags_add": ["vip"]}), slug="slow"))
    people(["A"])
    pause("held")
    events(["A"])
    with another() as own:
        own.execute("SELECT 1 FROM profile FOR UPDATE")
        wave = Worker(walk)
        until(waiting_for_a_lock)
        again = Worker(lambda: resume("held"))
        until(lambda: not again.is_alive() or waiting_for_a_lock() > 1)
        own.rollback()
        wave.done()
        again.done()
    walk(NOON + MINUTE)
    assert HeldFeed.objects.count() == 0
    assert exits("held") == {"completed": 1}
