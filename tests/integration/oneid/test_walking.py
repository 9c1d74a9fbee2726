"""Merging while journeys walk: nobody is lost, doubled, or messaged twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from channels_out.models import Cap, CapUse, Message, MessageStatus
from itinera.kit.models import AuditEntry
from journeys.models import Enrolment, WalkError
from journeys.stages import schedule
from tests.acceptance.drawing import draw, node, sms, start
from tests.integration.engine import scene
from tests.integration.engine.scene import HOUR, MINUTE, NOON, ask, one, publish, walk
from tests.integration.oneid.scene import LATER, MEMBER, PHONE, become_one, did, two

NAP = node("nap", "delay.for", {"duration": "PT1H"})
END = node("end", "exit")
HOLD = {"on_capped": "hold", "hold_for": "P30D"}


@pytest.fixture(autouse=True)
def accounts(whole: None) -> None:
    scene.accounts()


def messages() -> list[tuple[int, str]]:
    """To whom, and how each stands."""
    return [(each.profile_id, MessageStatus(each.status).name) for each in Message.objects.order_by("at", "id")]


def standing() -> list[tuple[int, int | None]]:
    """Whose walks there are, and why they are over."""
    return list(Enrolment.objects.order_by("entered_at", "seq").values_list("profile_id", "reason"))


def test_somebody_who_waits_goes_on_waiting_as_the_survivor() -> None:
    stays, goes = two()
    publish(draw(start(), NAP, sms(), END))
    did(PHONE)
    walk()
    log = become_one()
    assert (log.survivor_id, log.merged_id, log.kind) == (stays, goes, "phone")
    assert ask("SELECT profiles FROM chunk") == [([stays],)]
    walk(NOON + 30 * MINUTE)
    assert messages() == []
    walk(NOON + HOUR)
    assert messages() == [(stays, "QUEUED")]
    assert scene.exits() == {"completed": 1}
    assert one("SELECT count(*) FROM chunk") == 0


def test_others_in_her_chunk_stay_in_it() -> None:
    stays, goes = two()
    scene.neighbours("M8", "M9", shard=goes % 64)
    publish(draw(start(), NAP, sms(), END))
    for whom in (PHONE, ("member_id", "M8"), ("member_id", "M9")):
        did(whom)
    walk()
    become_one()
    walk(NOON + HOUR)
    assert sorted(messages()) == [(each, "QUEUED") for each in sorted([stays, scene.member("M8"), scene.member("M9")])]


def test_an_event_of_either_ends_her_wait() -> None:
    stays, _goes = two()
    paths = [{"id": "paid", "event": "order_paid", "where": []}]
    wait = node("wait", "wait.event", {"paths": paths, "timeout": "P7D"}, paid="text", timeout="end")
    publish(draw(start("cart"), wait, sms(), END))
    did(PHONE, "cart")
    walk()
    become_one()
    did(MEMBER, "order_paid", NOON + HOUR)
    walk(NOON + HOUR)
    assert messages() == [(stays, "QUEUED")]


def test_an_event_not_looked_at_yet_is_the_survivors() -> None:
    stays, _goes = two()
    publish(draw(start(), sms(), END))
    did(PHONE)
    become_one()
    walk()
    assert messages() == [(stays, "QUEUED")]


def test_events_of_both_not_looked_at_yet_let_her_in_once() -> None:
    stays, _goes = two()
    publish(draw(start(), sms(), END))
    did(PHONE)
    did(MEMBER, at=NOON + MINUTE)
    become_one()
    walk(NOON + MINUTE)
    assert messages() == [(stays, "QUEUED")]


def test_of_two_walks_the_one_entered_first_goes_on() -> None:
    stays, _goes = two()
    version = publish(draw(start(), NAP, sms(), END))
    did(PHONE)
    did(MEMBER, at=NOON + MINUTE)
    walk(NOON + MINUTE)
    become_one()
    assert standing() == [(stays, None), (stays, 6)]
    removed = [("start", "next"), ("nap", "waits"), ("nap", "left")]
    assert scene.path("M0", version) == [*removed, ("start", "next"), ("nap", "waits")]
    assert AuditEntry.objects.filter(verb="walk.remove", object="journey:welcome").count() == 1
    walk(NOON + 2 * HOUR)
    assert messages() == [(stays, "QUEUED")]
    assert scene.exits() == {"completed": 1, "removed": 1}


def test_where_one_may_walk_twice_both_go_on() -> None:
    stays, _goes = two()
    publish(draw(start(), NAP, sms(), END, reentry={"policy": "always"}))
    did(PHONE)
    did(MEMBER)
    walk()
    become_one()
    walk(NOON + HOUR)
    assert messages() == [(stays, "QUEUED")] * 2


@pytest.mark.parametrize(("other", "walks"), [("A", 1), ("B", 2)])
def test_walks_of_two_keys_are_two(other: str, walks: int) -> None:
    stays, _goes = two()
    publish(draw(start(), NAP, sms(), END, reentry={"policy": "after_exit", "key": "cart"}))
    did(PHONE, cart="A")
    did(MEMBER, cart=other)
    walk()
    become_one()
    walk(NOON + HOUR)
    assert messages() == [(stays, "QUEUED")] * walks


def test_what_the_removed_walk_still_owes_is_stopped_at_the_door() -> None:
    stays, _goes = two()
    publish(draw(start(), sms("first"), NAP, sms("second"), END))
    Cap.objects.create(name="three", limit=3, window="P7D")
    did(PHONE)
    did(MEMBER, at=NOON + MINUTE)
    walk(NOON + MINUTE)
    become_one()
    assert scene.dispatch(LATER) == 1
    assert messages() == [(stays, "SENT"), (stays, "SKIPPED")]
    walk(NOON + 2 * HOUR)
    assert messages() == [(stays, "SENT"), (stays, "SKIPPED"), (stays, "QUEUED")]
    # The place of the one that was stopped has been given back.
    assert len(CapUse.objects.get().times) == 2


def test_a_cap_counts_what_both_were_sent() -> None:
    stays, _goes = two()
    Cap.objects.create(name="three a week", limit=3, window="P7D")
    publish(draw(start(), sms(), END, reentry={"policy": "always"}))
    for turn, whom in enumerate((PHONE, MEMBER, PHONE, MEMBER)):
        did(whom, at=NOON + turn * MINUTE)
        walk(NOON + turn * MINUTE)
    become_one()
    assert [status for _, status in messages()] == ["QUEUED"] * 4
    did(MEMBER, at=NOON + HOUR)
    walk(NOON + HOUR)
    assert messages()[-1] == (stays, "CAPPED")
    # Three of the four still count when the first has ceased to.
    week = NOON + timedelta(days=7)
    did(PHONE, at=week + 30 * timedelta(seconds=1))
    walk(week + 30 * timedelta(seconds=1))
    assert messages()[-1] == (stays, "CAPPED")
    did(PHONE, at=week + MINUTE)
    walk(week + MINUTE)
    assert messages()[-1] == (stays, "QUEUED")


def test_a_place_given_back_does_not_hide_that_others_still_count() -> None:
    stays, _goes = two()
    Cap.objects.create(name="two a week", limit=2, window="P7D")
    publish(draw(start(), sms(), END, reentry={"policy": "always"}))
    for turn, whom in enumerate((PHONE, MEMBER, PHONE, MEMBER)):
        did(whom, at=NOON + turn * MINUTE)
        walk(NOON + turn * MINUTE)
    become_one()
    assert scene.answer(scene.REJECTED, LATER, most=1) == 1
    did(MEMBER, at=NOON + HOUR)
    walk(NOON + HOUR)
    assert messages()[-1] == (stays, "CAPPED")
    assert len(CapUse.objects.get().times) == 3


def test_somebody_held_by_a_cap_is_held_by_what_both_were_sent() -> None:
    stays, _goes = two()
    Cap.objects.create(name="one a day", limit=1, window="P1D")
    publish(draw(start("cart"), sms("one"), END, slug="one"))
    publish(draw(start("order_paid"), sms("two", **HOLD), END, slug="two"))
    did(PHONE, "cart", NOON)
    did(PHONE, "order_paid", NOON + MINUTE)
    did(MEMBER, "cart", NOON + HOUR)
    walk(NOON + HOUR)
    assert [status for _, status in messages()] == ["QUEUED", "QUEUED"]
    become_one(NOON + 2 * HOUR)
    walk(NOON + timedelta(days=1, minutes=5))
    assert len(messages()) == 2
    walk(NOON + timedelta(days=1, hours=1))
    assert messages()[2:] == [(stays, "QUEUED")]


def test_what_is_held_for_a_paused_journey_comes_along() -> None:
    stays, _goes = two()
    publish(draw(start(), sms(), END))
    scene.pause()
    did(PHONE)
    did(MEMBER, at=NOON + MINUTE)
    walk(NOON + MINUTE)
    become_one()
    scene.resume()
    walk(NOON + HOUR)
    assert messages() == [(stays, "QUEUED")]


def test_a_schedule_lets_her_in_once() -> None:
    stays, _goes = two()
    every = node("start", "trigger.schedule", {"cron": "0 12 * * *", "rule": {"all": []}})
    publish(draw(every, sms(), END, reentry={"policy": "always"}))
    assert schedule.run(NOON + MINUTE).done == 2
    become_one()
    assert ask("SELECT profiles FROM chunk") == [([stays],)]
    walk(NOON + MINUTE)
    assert messages() == [(stays, "QUEUED")]


@pytest.mark.parametrize("walked", [False, True])
@pytest.mark.parametrize("first", ["PHONE", "MEMBER"])
def test_a_schedule_that_is_being_read_lets_her_in_once(walked: bool, first: str) -> None:
    """She is merged between two slices of the run; whoever comes first in it stays or goes."""
    stays, goes = two(first=first)
    assert (goes < stays) == (first == "PHONE")
    every = node("start", "trigger.schedule", {"cron": "0 12 * * *", "rule": {"all": []}})
    version = publish(draw(every, sms(), END, reentry={"policy": "always"}))
    scene.first_slice(version, NOON)
    if walked:
        walk(NOON)
    become_one()
    schedule.run(NOON + MINUTE)
    walk(NOON + MINUTE)
    assert messages() == [(stays, "QUEUED")]


def test_the_end_of_a_stay_comes_along() -> None:
    _stays, _goes = two()
    long = node("nap", "delay.for", {"duration": "P9D"})
    publish(draw(start(), long, sms(), END, max_stay="P2D"))
    did(PHONE)
    walk()
    become_one()
    walk(NOON + timedelta(days=2))
    assert scene.exits() == {"max_stay": 1}


def test_a_goal_after_the_walk_still_counts() -> None:
    _stays, _goes = two()
    goal = {"when": {"event": "order_paid"}, "within": "P30D"}
    publish(draw(start("cart"), sms(), END, goal=goal))
    did(PHONE, "cart")
    walk()
    become_one()
    did(MEMBER, at=NOON + HOUR)
    walk(NOON + HOUR)
    assert Enrolment.objects.filter(goal_at__isnull=False).count() == 1


def test_what_is_known_of_her_failed_steps_comes_along() -> None:
    stays, goes = two()
    WalkError.objects.create(shard=goes % 64, profile_id=goes, version_id=1, at=NOON, error="x", trace="")
    become_one()
    assert WalkError.objects.get().profile_id == stays
