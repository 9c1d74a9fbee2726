"""Versions: published ones never change, and people walk the one they entered."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from itinera.kit.errors import Refusal
from journeys import actions
from journeys.models import HeldFeed, JourneyStatus, Version, VersionStatus
from tests.acceptance.drawing import draw, node, sms, start
from tests.integration.engine import scene
from tests.integration.engine.scene import (
    HOUR,
    MINUTE,
    NOON,
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


def statuses() -> list[tuple[int, str]]:
    return list(Version.objects.order_by("number").values_list("number", "status"))


def test_people_in_flight_stay_on_their_version() -> None:
    publish(draw(start(), NAP, sms(text="one")))
    people(["A", "B"])
    events(["A"])
    walk()
    publish(draw(start(), NAP, sms(text="two")), at=NOON + MINUTE)
    assert statuses() == [(1, VersionStatus.DRAINING), (2, VersionStatus.LIVE)]
    events(["B"], at=NOON + 2 * MINUTE)
    walk(NOON + 2 * HOUR)
    found = ask("SELECT v.number, content->>'text' FROM message m JOIN version v ON v.id = version_id ORDER BY 1")
    assert found == [(1, "one"), (2, "two")]


def test_a_draining_version_still_hears_answers_exits_and_goals() -> None:
    wait = node("wait", "wait.event", WAIT, paid="text", timeout="text")
    publish(draw(start(), wait, sms(), exit_when=[{"event": "unsubscribed"}]))
    people(["A", "B"])
    events(["A", "B"])
    walk()
    publish(draw(start("something_else"), sms()), at=NOON + MINUTE)
    events(["A"], "paid", at=NOON + HOUR)
    events(["B"], "unsubscribed", at=NOON + HOUR)
    walk(NOON + HOUR)
    assert exits() == {"completed": 1, "exit_rule": 1}


def test_nobody_enters_a_draining_version_and_re_entry_counts_over_all_versions() -> None:
    publish(draw(start(), NAP))
    people(["A", "B"])
    events(["A"])
    walk()
    newer = publish(draw(start(), NAP), at=NOON + MINUTE)
    events(["A", "B"], at=NOON + 2 * MINUTE)
    walk(NOON + 2 * MINUTE)
    assert ask("SELECT profile_id FROM enrolment WHERE version_id = %s", newer.pk) == [(scene.member("B"),)]
    assert one("SELECT count(*) FROM enrolment") == 2


@pytest.mark.parametrize(
    "change", ["canvas = '{}'", "number = 9", "published_at = now()", "journey_id = journey_id + 1"]
)
def test_a_published_version_never_changes(change: str) -> None:
    publish(draw(start(), NAP))
    with pytest.raises(IntegrityError, match="a published version never changes"), transaction.atomic():
        ask(f"UPDATE version SET {change} RETURNING 1")


def test_its_status_may_change() -> None:
    version = publish(draw(start(), NAP))
    Version.objects.filter(pk=version.pk).update(status=VersionStatus.ENDED)
    assert statuses() == [(1, VersionStatus.ENDED)]


def test_a_journey_has_one_live_version() -> None:
    version = publish(draw(start(), NAP))
    with pytest.raises(IntegrityError, match="version_one_live"):
        Version.objects.create(journey=version.journey, number=2, canvas={}, published_at=NOON)


def test_a_canvas_with_a_fault_is_not_published() -> None:
    scene.people(["A"])
    broken = draw(start(), NAP)
    broken["edges"].append({"from": "nap", "port": "next", "to": "start"})
    with pytest.raises(Refusal):
        publish(broken)
    assert Version.objects.count() == 0
    assert scene.journey().status == JourneyStatus.DRAFT


def test_what_is_published_is_what_was_checked() -> None:
    """Somebody saves another draft while this one is being published."""
    seen = actions.save_draft(draw(start(), NAP), None)
    unfit = draw(start(), NAP)
    unfit["edges"].append({"from": "nap", "port": "next", "to": "start"})
    actions.save_draft(unfit, None)
    with pytest.raises(Refusal):
        actions.publish(seen, None, NOON)
    assert Version.objects.count() == 0


def test_a_version_that_is_replaced_while_paused_goes_on_with_what_it_missed() -> None:
    wait = node("wait", "wait.event", WAIT, paid="text", timeout="text")
    first = publish(draw(start(), wait, sms()))
    people(["A", "B"])
    events(["A"])
    walk()
    pause()
    events(["A"], "paid", at=NOON + MINUTE)
    events(["B"], at=NOON + MINUTE)
    walk(NOON + MINUTE)
    assert HeldFeed.objects.count() == 2
    publish(draw(start(), NAP), at=NOON + 2 * MINUTE)
    walk(NOON + 2 * MINUTE)
    assert HeldFeed.objects.count() == 0
    assert scene.path("A", first)[-2:] == [("wait", "paid"), ("text", "next")]


def test_a_pause_holds_people_of_older_versions_too() -> None:
    publish(draw(start(), NAP, sms()))
    people(["A"])
    events(["A"])
    walk()
    publish(draw(start(), NAP, sms()), at=NOON + MINUTE)
    pause()
    walk(NOON + HOUR)
    assert one("SELECT count(*) FROM message") == 0
    resume()
    walk(NOON + HOUR)
    assert one("SELECT count(*) FROM message") == 1
