"""One bad row, person or journey never stops the others."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from itinera.kit.models import AuditEntry
from journeys.engine import run
from journeys.models import JourneyStatus, VersionStatus
from journeys.stages import advance
from tests.acceptance.drawing import draw, node, sms, start
from tests.integration.engine import poison, scene
from tests.integration.engine.connections import Worker, another, until, waiting_for_a_lock
from tests.integration.engine.scene import HOUR, MINUTE, NOON, ask, events, exits, one, people, publish, walk

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


def test_a_few_who_are_poisoned_leave_and_two_hundred_go_on() -> None:
    publish(draw(start(), sms(), FEAR, END))
    scene.neighbours(*CITIZENS)
    for name in CITIZENS[::50]:
        poison.overflow(name)
    events(CITIZENS)
    report = walk()
    assert (report["people"], report["errors"]) == (200, 4)
    assert exits() == {"completed": 196, "error": 4}
    assert one("SELECT count(*) FROM message") == 196
    found = {number for (number,) in ask("SELECT profile_id FROM walk_error")}
    assert found == {scene.member(name) for name in CITIZENS[::50]}


def test_she_who_waits_and_then_raises_leaves_where_she_stands() -> None:
    version = publish(draw(start(), NAP, FEAR, END))
    people(["A", "B"])
    events(["A", "B"])
    walk()
    poison.overflow("A")
    walk(NOON + HOUR)
    assert exits() == {"completed": 1, "error": 1}
    assert scene.path("A", version) == [("start", "next"), ("nap", "waits"), ("nap", "left")]
    assert ask("SELECT left_at FROM enrolment WHERE reason = 7") == [(NOON + HOUR,)]


def test_her_other_journeys_go_on() -> None:
    """She is poison to two of three."""
    for slug, step in (("bad", FEAR), ("worse", FEAR), ("good", sms("fear", wired={"next": "end"}))):
        publish(draw(start(), step, END, slug=slug))
    people(["A", "B"])
    poison.overflow("A")
    events(["A", "B"])
    walk()
    assert exits("good") == {"completed": 2}
    assert exits("bad") == exits("worse") == {"completed": 1, "error": 1}
    assert one("SELECT count(*) FROM message") == 2


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
    from django_celery_beat.models import PeriodicTask

    cron = node("daily", "trigger.schedule", {"rule": {"all": []}, "cron": "0 9 * * *"}, next="fear")
    publish(draw(node("event", "trigger.event", {"event": "order_paid"}, next="fear"), cron, FEAR, END))
    scene.neighbours(*FEW)
    for name in FEW:
        poison.overflow(name)
    events(FEW)
    walk()
    assert status("welcome") == (JourneyStatus.PAUSED, VersionStatus.PAUSED)
    assert not PeriodicTask.objects.get(name__contains="welcome").enabled


@pytest.mark.xfail(strict=True, reason="a draining version cannot be paused: its shards never get on")
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


def test_a_profile_that_is_written_meanwhile_is_nobodys_fault() -> None:
    """The wave writes an attribute that somebody else has just written: it is walked again, and nobody leaves."""
    publish(draw(start(), node("mark", "set", {"attributes": {"points": {"add": 1}}}), END))
    people(["A", "B"], attributes={"points": 1})
    events(["A", "B"])
    with another() as own:
        sql = "UPDATE profile SET attributes = attributes || '{\"points\": 10}' WHERE id = %s"
        own.execute(sql, [scene.member("A")])
        wave = Worker(walk)
        until(waiting_for_a_lock)
        own.commit()
        wave.done()
    walk()
    assert ask("SELECT error FROM walk_error") == []
    assert exits() == {"completed": 2}
    assert ask("SELECT (attributes->'points')::int FROM profile ORDER BY id") == [(11,), (2,)]


@pytest.mark.parametrize("number", [20261120123456789012, 10**29, 1e300, -(10**30)])
def test_a_number_of_many_digits_travels_with_her(number: float) -> None:
    """An order number that is no 64-bit integer."""
    version = publish(draw(start(), NAP, sms(text="{{ entry.order }}"), NAP_AGAIN, sms("more", "{{ entry.order }}")))
    people(["A"])
    events(["A"], order=float(number))
    for hour in range(3):
        walk(NOON + hour * HOUR)
    assert ask("SELECT error FROM walk_error") == []
    assert scene.path("A", version)[-1] == ("more", "next")
    texts = [text for (text,) in ask("SELECT content->>'text' FROM message ORDER BY id")]
    assert len(texts) == 2
    assert [float(text) for text in texts] == [float(number)] * 2


NAP_AGAIN = node("again", "delay.for", {"duration": "PT1H"})


def deep(levels: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for _ in range(levels):
        found = {"a": found}
    return found


def test_an_event_that_is_deeper_than_what_can_be_kept_stops_only_the_journey_that_keeps_it() -> None:
    publish(draw(start(), NAP, sms(text="{{ entry.order | default('') }}"), slug="keeps"))
    publish(draw(start(), NAP, slug="forgets"))
    people(["A", "B"])
    events(["A"], **deep(253))
    events(["B"])
    walk()
    assert exits("forgets") == {None: 2}
    assert exits("keeps") == {None: 1, "error": 1}


@pytest.mark.xfail(strict=True, reason="what raises before anybody walks is laid at no version's door")
def test_an_entry_filter_that_raises_does_not_keep_her_from_other_journeys() -> None:
    publish(draw(start(), NAP, entry={"filter": poison.OVERFLOWING}, slug="bad"))
    publish(draw(start(), NAP, slug="good"))
    people(["A", "B"])
    poison.overflow("A")
    events(["A", "B"])
    walk()
    assert exits("good") == {None: 2}


@pytest.mark.xfail(strict=True, reason="what raises before anybody walks is laid at no version's door")
def test_an_entry_filter_that_raises_loses_nobody_who_waits_elsewhere() -> None:
    publish(draw(start("order_paid"), NAP, sms(), slug="good"))
    people(["A"])
    events(["A"])
    walk()
    publish(draw(start("seen_again"), NAP, entry={"filter": poison.OVERFLOWING}, slug="bad"))
    poison.overflow("A")
    events(["A"], "seen_again", at=NOON + HOUR)
    walk(NOON + HOUR)
    assert exits("good") == {"completed": 1}


@pytest.mark.xfail(strict=True, reason="what raises before anybody walks is laid at no version's door")
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


def test_a_wave_that_collides_is_tried_again() -> None:
    """Another wave commits between the look at the shards and the claim."""
    publish(draw(start(), NAP))
    people(5)
    events(5)
    workers = [Worker(lambda: advance.run(NOON)) for _ in range(3)]
    for each in workers:
        each.done()
    walk()
    assert exits() == {None: 5}
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(n) FROM tally WHERE node = 0 AND port = -1")
        assert cursor.fetchone() == (5,)
    assert ask("SELECT max(wave) > 0 FROM shard") == [(True,)]
    assert walk(NOON + MINUTE)["people"] == 0
