"""Events one after the other: order, reach, absences, windows; the fine print of contract §2."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from audiences.models import Event
from audiences.rules import check_rule, compile_rule, evaluate, load_catalogue, parse_rule
from audiences.rules.people import People
from itinera.kit.wire import micros
from tests.integration.audiences.conftest import NOW, ZONE, Case, World, at

Deed = tuple[str, str | datetime, dict[str, Any]]
TINY = timedelta(microseconds=1)


def did(text: str) -> list[Deed]:
    """`a@09:00 b@10:00`: events of 14 March 2026, the day before today, by name and time."""
    return [(name, f"2026-03-14T{time}", {}) for name, time in (each.split("@") for each in text.split())]


def then(*steps: str | dict[str, Any], **window: Any) -> dict[str, Any]:
    """`then("a", "b<P1D", "-c<PT1H")`: events with their reach, and absences."""
    return {"sequence": [_step(each) for each in steps], **window}


def _step(step: str | dict[str, Any]) -> dict[str, Any]:
    if isinstance(step, dict):
        return step
    name, _, within = step.lstrip("-").partition("<")
    kind = "absent" if step.startswith("-") else "event"
    return {kind: name, **({"within": within} if within else {})}


CASES: list[tuple[dict[str, Any], str, bool]] = [
    # order
    (then("a"), "a@09:00", True), (then("a"), "b@09:00", False), (then("a"), "", False),
    (then("a", "b"), "a@09:00 b@10:00", True), (then("a", "b"), "b@09:00 a@10:00", False),
    (then("a", "b"), "b@08:00 a@09:00 b@10:00", True), (then("a", "a"), "a@09:00", False),
    (then("a", "a"), "a@09:00 a@10:00", True), (then("a", "b", "a"), "a@09:00 b@10:00 a@11:00", True),
    (then("a", "b", "a"), "b@08:00 a@09:00 a@11:00", False),
    # of one instant, in order of arrival
    (then("a", "b"), "a@09:00 b@09:00", True), (then("a", "b"), "b@09:00 a@09:00", False),
    # `within` is half-open
    (then("a", "b<PT1H"), "a@09:00 b@09:59:59", True), (then("a", "b<PT1H"), "a@09:00 b@10:00", False),
    (then("a", "b<PT0S"), "a@09:00 b@09:00", False),
    # the latest beginning may be within reach where the first is not, and the other way round further on
    (then("a", "b<PT1H"), "a@07:00 a@09:30 b@10:00", True),
    (then("a", "b", "c<PT1H"), "a@07:00 b@08:00 b@12:00 c@12:30", True),
    (then("a", "b<PT1H", "c<PT1H"), "a@09:00 b@09:30 a@10:00 c@10:15", True),
    (then("a", "b<PT1H", "c<PT1H"), "a@09:00 b@09:30 a@10:00 c@10:45", False),
    (then("a", "b<PT1H", "c<PT2H"), "a@09:00 b@09:30 b@11:00 c@11:29", True),
    # absences
    (then("a", "-b<PT1H"), "a@09:00", True), (then("a", "-b<PT1H"), "a@09:00 b@09:30", False),
    (then("a", "-b<PT1H"), "a@09:00 b@09:59:59", False), (then("a", "-b<PT1H"), "a@09:00 b@10:00", True),
    (then("a", "-b<PT1H"), "b@08:59 a@09:00", True), (then("a", "-b<PT1H"), "b@09:00 a@09:00", True),
    (then("a", "-b<PT1H"), "a@09:00 b@09:00", False), (then("a", "-a<PT1H"), "a@09:00", True),
    (then("a", "-a<PT1H"), "a@09:00 a@09:30", True), (then("a", "-a<P1D"), "a@11:30 a@12:30", False),
    (then("a", "-b<PT1H"), "a@09:00 b@09:30 a@15:00", True),
    # it holds only when its time is over: now is noon of the 15th
    (then("a", "-b<P1D"), "a@12:00", True), (then("a", "-b<P1D"), "a@12:00:01", False),
    # what follows an absence counts from the end of its time
    (then("a", "-b<PT1H", "c<PT1H"), "a@09:00 c@10:30", True),
    (then("a", "-b<PT1H", "c<PT1H"), "a@09:00 c@09:30", False),
    (then("a", "-b<PT1H", "c<PT1H"), "a@09:00 c@10:00", True),
    (then("a", "-b<PT1H", "c<PT1H"), "a@09:00 c@11:00", False),
    (then("a", "-b<PT1H", "b<PT1H"), "a@09:00 b@10:00", True), (then("a", "-b<PT1H", "b"), "a@09:00 b@09:30", False),
    (then("a", "-b<PT1H", "-c<PT1H"), "a@09:00 c@09:30", True),
    (then("a", "-b<PT1H", "-c<PT1H"), "a@09:00 c@10:30", False),
    (then("a", "-b<PT1H", "-b<PT1H", "d"), "a@09:00 b@11:00 d@11:30", True),
    (then("a", "-b<PT1H", "d"), "a@09:00 b@09:10 a@12:00 d@12:30", False),
]  # fmt: skip


def test_sequences(world: World) -> None:
    for name in "abcd":
        world.event_type(name)
    world.batch([Case(rule, expected, did=did(events)) for rule, events, expected in CASES])


def test_steps_have_filters(world: World) -> None:
    paid, back = {"event": "paid", "where": [{"property": "n", "op": "gte", "value": 5}]}, {"event": "back"}
    big, small = ("paid", "2026-03-14T10:00:00", {"n": 7}), ("paid", "2026-03-14T10:00:00", {"n": 1})
    after = ("back", "2026-03-14T11:00:00", {})
    world.batch([
        Case(then(paid, back), True, did=[big, after]),
        Case(then(paid, back), False, did=[small, after]),
        Case(then({"event": "paid"}, {"absent": "back", "within": "P1D"}), True, did=[big]),
        Case(then({"event": "paid"}, {"absent": "paid", "within": "PT2H", "where": paid["where"]}), True, did=[small]),
        Case({"not": then(paid, back)}, True, did=[small, after]),
        Case({"any": [then(paid, back), {"event": "paid"}]}, True, did=[small]),
    ])  # fmt: skip


def test_the_window_is_that_of_the_events_and_an_absence_may_reach_beyond_its_end(world: World) -> None:
    february = {"window": {"calendar": "month", "back": 1}}
    rule = then("a", "-b<P7D", **february)
    last_of_february = ("a", "2026-02-28T20:00:00", {})
    world.batch([
        Case(rule, True, did=[last_of_february]),
        Case(rule, False, did=[last_of_february, ("b", "2026-03-03T10:00:00", {})]),
        Case(rule, False, did=[("a", "2026-03-01T00:00:00", {})]),
        Case(then("a", "b", **february), False, did=[last_of_february, ("b", "2026-03-01T00:00:00", {})]),
        Case(then("a", "b", **february), False, did=[("a", "2026-01-31T23:59:59", {}), ("b", "2026-02-03T10:00", {})]),
    ])  # fmt: skip


def test_the_last_days_have_both_ends_in_and_the_future_is_not_seen(world: World) -> None:
    week = then("a", "b", window={"last": "P7D"})
    first, last = at("2026-03-08T12:00:00"), NOW
    world.batch([
        Case(week, True, did=[("a", first, {}), ("b", last, {})]),
        Case(week, False, did=[("a", first - TINY, {}), ("b", last, {})]),
        Case(week, False, did=[("a", first, {}), ("b", last + TINY, {})]),
        Case(then("a", "-b<PT1H"), True, did=[("a", NOW - timedelta(hours=1), {}), ("b", NOW + TINY, {})]),
    ])  # fmt: skip


def test_since_entry_the_entry_event_is_no_step(world: World) -> None:
    person = world.person()
    entry = world.did(person, "a", "2026-03-14T10:00:00")
    world.did(person, "b", "2026-03-14T11:00:00")
    rule, when = then("a", "b", window={"since": "entry"}), [at("2026-03-14T10:00:00")]
    assert world.ask(rule, [person], since=when, entry_event=[entry]) == [False]
    assert world.ask(rule, [person], since=when, entry_event=[0]) == [True]
    assert world.ask(then("b", window={"since": "entry"}), [person], since=when) == [True]


def test_months_run_on_the_wall_clock_of_her_zone(world: World) -> None:
    here, there = world.person(), world.person(zone="America/New_York")
    for person in (here, there):
        world.did(person, "a", "2026-02-14T12:00:00+00:00")
        world.did(person, "b", "2026-03-14T11:30:00+00:00")
    rule = then("a", "b<P1M")
    # New York sets its clock ahead on 8 March: a month later is an hour earlier in UTC.
    assert world.ask(rule, [here, there]) == [True, False]
    assert world.ask(then("a", "-b<P1M"), [here, there]) == [False, True]


@pytest.mark.parametrize(
    ("rule", "code", "path"),
    [
        (then("-a<P1D"), "wrong_value", "sequence[0].absent"),
        (then("a<P1D", "b"), "wrong_value", "sequence[0].within"),
        (then({"event": "a", "where": [{"property": "p", "op": "contains", "value": 5}]}), "wrong_value",
         "sequence[0].where[0].value"),
        (then("nobody_did_it"), "unknown_event", "sequence[0].event"),
        (then("a", "-nobody_did_it<P1D"), "unknown_event", "sequence[1].absent"),
    ],
)  # fmt: skip
def test_what_a_sequence_cannot_be(world: World, rule: dict[str, Any], code: str, path: str) -> None:
    for name in "ab":
        world.event_type(name)
    found = check_rule(parse_rule(rule), load_catalogue(world.cursor))
    assert [(each.code, each.path) for each in found] == [(code, path)]


def test_somebody_with_very_many_events_is_answered_by_one_pass(world: World) -> None:
    """Ten thousand events and four steps: chains are not tried one by one."""
    person = world.person()
    types = [world.event_type(name) for name in "ab"]
    world.did(person, "a", "2026-03-01T00:00:00")
    start = at("2026-03-01T00:00:00")
    Event.objects.bulk_create(
        Event(shard=person % 64, profile_id=person, type=types[n % 2], time=time, received_at=time)
        for n in range(10_000) for time in (start + timedelta(minutes=n),)
    )  # fmt: skip
    rule = parse_rule(then("a", "b<PT2M", "a<PT2M", "-b<PT30S"))
    people = People(np.array([person]), np.array([micros(NOW)]), None, ZONE)
    world.cursor.execute("SET LOCAL statement_timeout = '5s'")
    assert evaluate(world.cursor, compile_rule(rule, load_catalogue(world.cursor)), people).tolist() == [True]
