"""A journey that raises for too many is paused; nobody is put out, and the others go on."""

from __future__ import annotations

import pytest
from django_celery_beat.models import PeriodicTask

from itinera.kit.models import AuditEntry
from journeys.engine import run
from journeys.models import JourneyStatus, VersionStatus
from tests.acceptance.drawing import draw, node, sms, start
from tests.integration.engine import poison, scene
from tests.integration.engine.scene import HOUR, NOON, ask, events, exits, publish, walk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("accounts", "balanced")]
NAP = node("nap", "delay.for", {"duration": "PT1H"})
END = node("end", "exit")
FEAR = node("fear", "condition", {"rule": poison.OVERFLOWING}, yes="end", no="end")
CITIZENS = [f"M{n}" for n in range(200)]
FEW = CITIZENS[:9]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Six who raise are too many already: so that nine people are a crowd."""
    monkeypatch.setattr(run, "_MOST_ERRORS", 5)


def status(slug: str) -> tuple[str, str]:
    journey = scene.journey(slug)
    assert journey.live_version is not None
    return journey.status, journey.live_version.status


def test_a_journey_that_raises_for_too_many_is_paused_and_nobody_is_put_out() -> None:
    publish(draw(start(), NAP, FEAR, END, slug="bad"))
    publish(draw(start(), NAP, sms("fear", wired={"next": "end"}), END, slug="good"))
    scene.neighbours(*CITIZENS)
    events(CITIZENS)
    walk()
    for name in CITIZENS[:60]:
        poison.overflow(name)
    walk(NOON + HOUR)
    walk(NOON + HOUR)
    assert status("bad") == (JourneyStatus.PAUSED, VersionStatus.PAUSED)
    assert exits("bad") == {None: 200}
    assert ask("SELECT 1 FROM walk_error") == []
    assert status("good") == (JourneyStatus.PUBLISHED, VersionStatus.LIVE)
    assert exits("good") == {"completed": 200}
    entry = AuditEntry.objects.get(verb="journey.fault")
    assert (entry.object, entry.actor_kind) == ("journey:bad", AuditEntry.Kind.SYSTEM)
    assert entry.after is not None
    assert "fear" in entry.after["error"]


@pytest.mark.usefixtures("impatient")
def test_a_paused_faulty_journey_goes_on_once_it_is_mended() -> None:
    publish(draw(start(), NAP, FEAR, END))
    scene.neighbours(*FEW)
    events(FEW)
    walk()
    for name in FEW:
        poison.overflow(name)
    walk(NOON + HOUR)
    ask("UPDATE event SET properties = '{}' WHERE properties ? 'n' RETURNING 1")
    assert walk(NOON + 2 * HOUR)["people"] == 0
    scene.resume()
    walk(NOON + 2 * HOUR)
    assert exits() == {"completed": len(FEW)}
    assert ask("SELECT DISTINCT left_at FROM enrolment") == [(NOON + HOUR,)]


@pytest.mark.usefixtures("impatient")
def test_the_schedules_of_a_faulty_journey_are_stopped_too() -> None:
    cron = node("daily", "trigger.schedule", {"rule": {"all": []}, "cron": "0 9 * * *"}, next="fear")
    publish(draw(node("event", "trigger.event", {"event": "order_paid"}, next="fear"), cron, FEAR, END))
    scene.neighbours(*FEW)
    for name in FEW:
        poison.overflow(name)
    events(FEW)
    walk()
    assert status("welcome") == (JourneyStatus.PAUSED, VersionStatus.PAUSED)
    assert not PeriodicTask.objects.get(name__contains="welcome").enabled


@pytest.mark.usefixtures("impatient")
def test_an_older_version_that_raises_for_too_many_stops_no_other_journey() -> None:
    publish(draw(start(), NAP, FEAR, END, slug="bad"))
    publish(draw(start(), NAP, sms("fear", wired={"next": "end"}), END, slug="good"))
    scene.neighbours(*FEW)
    events(FEW)
    walk()
    publish(draw(start("never"), END, slug="bad"))
    for name in FEW:
        poison.overflow(name)
    for _ in range(3):
        walk(NOON + HOUR)
    assert exits("good") == {"completed": len(FEW)}


@pytest.mark.usefixtures("impatient")
def test_a_filter_that_raises_for_everybody_stops_only_its_journey() -> None:
    publish(draw(start(), NAP, entry={"filter": poison.OVERFLOWING}, slug="bad"))
    publish(draw(start(), NAP, slug="good"))
    scene.neighbours(*FEW)
    for name in FEW:
        poison.overflow(name)
    events(FEW)
    walk()
    walk()
    assert exits("good") == {None: len(FEW)}
    assert status("bad") == (JourneyStatus.PAUSED, VersionStatus.PAUSED)


@pytest.mark.usefixtures("impatient")
def test_a_paused_journey_whose_goal_raises_for_everybody_stops_no_other() -> None:
    """Goals still count while it is paused: what raises there is held, and asked again after the resume."""
    goal = {"when": {"event": "paid"}, "value": "n", "exit": True}
    publish(draw(start(), NAP, goal=goal, slug="bad"))
    publish(draw(start("paid"), END, slug="good"))
    scene.neighbours(*FEW)
    events(FEW)
    walk()
    events(FEW, "paid", at=NOON + scene.MINUTE, n=5)
    ask(f"UPDATE feed SET body = '{{\"n\": {poison.BEYOND}}}' RETURNING 1")
    for _ in range(3):
        walk(NOON + scene.MINUTE)
    assert status("bad") == (JourneyStatus.PAUSED, VersionStatus.PAUSED)
    assert AuditEntry.objects.filter(verb="journey.fault").count() == 1
    assert exits("bad") == {None: len(FEW)}
    assert exits("good") == {"completed": len(FEW)}
    ask("UPDATE held_feed SET body = '{\"n\": 5}' RETURNING 1")
    scene.resume("bad")
    walk(NOON + HOUR)
    assert exits("bad") == {"goal": len(FEW)}
    assert ask("SELECT DISTINCT goal_at, goal_value FROM enrolment WHERE goal_at IS NOT NULL") == [
        (NOON + scene.MINUTE, 5.0)
    ]
