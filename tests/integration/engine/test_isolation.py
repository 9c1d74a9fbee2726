"""One bad row, person or journey never stops the others."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

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


def test_an_entry_filter_that_raises_does_not_keep_her_from_other_journeys() -> None:
    publish(draw(start(), NAP, entry={"filter": poison.OVERFLOWING}, slug="bad"))
    publish(draw(start(), NAP, slug="good"))
    people(["A", "B"])
    poison.overflow("A")
    events(["A", "B"])
    walk()
    assert exits("good") == {None: 2}


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


def test_an_exit_rule_that_raises_for_her_puts_her_out_of_that_journey_only() -> None:
    on_the_day = [{"property": "day", "op": "on", "value": "2026-11-20"}]
    publish(draw(start(), NAP, sms(), exit_when=[{"event": "cancelled", "where": on_the_day}], slug="bad"))
    publish(draw(start(), NAP, sms(), exit_when=[{"event": "cancelled"}], slug="good"))
    people(["A", "B"])
    events(["A", "B"])
    walk()
    poison.zone("A")
    events(["A", "B"], "cancelled", at=NOON + MINUTE, day="2026-11-20T04:00:00Z")
    walk(NOON + MINUTE)
    assert exits("bad") == {"exit_rule": 1, "error": 1}
    assert exits("good") == {"exit_rule": 2}


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
