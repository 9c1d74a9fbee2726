"""The same rules over the same events, read from columns and from JSON: the same answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from audiences.filling import KIND, FillJob
from audiences.models import EventType
from audiences.rules import compile_rule, evaluate, first_match, load_catalogue, parse_rule, select_sql
from audiences.rules.ast import Event
from audiences.rules.catalogue import Catalogue
from audiences.rules.evaluate import People
from audiences.slots import settled
from itinera.kit.errors import Refusal
from itinera.kit.models import Job
from itinera.kit.wire import micros
from tests.integration.audiences.conftest import NOW, ZONE, World
from tests.integration.audiences.test_agreement import CASES, NAMES, START, event, persons

types = st.dictionaries(
    st.sampled_from(NAMES), st.sampled_from(["text", "text", "number", "money", "date"]), min_size=1
)
kept_apart = st.booleans()


@settings(
    max_examples=CASES // 3, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
@given(rule=event, people=persons, listed=types, undeclared=st.booleans())
def test_a_rule_gives_the_same_answer_from_columns_and_from_json(
    world: World, rule: dict[str, Any], people: list[Any], listed: dict[str, str], undeclared: bool
) -> None:
    world.cursor.execute("DELETE FROM profile")
    asked = _stored(world, people)
    _fill(listed)
    if undeclared:
        # A column stays what it is when somebody takes the declaration back by hand.
        _declare({}, declared=False)
    catalogue = load_catalogue(world.cursor)
    try:
        assert _answers(world, rule, asked, catalogue) == _answers(world, rule, asked, _without_columns(catalogue))
    except Refusal:
        # The declared type has no such operator, or the value does not suit it: `check_rule` has its own tests.
        reject()


def _stored(world: World, people: list[Any]) -> People:
    numbers, now, since, data = [], [], [], []
    for attributes, zone, done, at, entered, entry in people:
        numbers.append(world.person(attributes, zone))
        for name, when, properties in done:
            world.did(numbers[-1], name, when, **properties)
        now.append(micros(at))
        since.append(micros(entered))
        data.append({"entry": entry, "answer": {}})
    arrays = (np.array(each, dtype=np.int64) for each in (numbers, now, since))
    return People(*arrays, ZONE, None, data)


def _declare(listed: dict[str, str], *, declared: bool = True) -> None:
    properties = [{"name": name, "type": type_, "declared": declared} for name, type_ in listed.items()]
    EventType.objects.update(properties=properties)


def _fill(listed: dict[str, str]) -> None:
    _declare(listed)
    for row in EventType.objects.all():
        row.slots = settled({}, [], row.properties, NOW)
        row.save()
        job = Job(kind=KIND, params={"type": row.pk})
        while (made := FillJob().slice(job, NOW)).cursor is not None:
            job.cursor = dict(made.cursor)


def _without_columns(catalogue: Catalogue) -> Catalogue:
    return replace(catalogue, events={name: replace(each, columns={}) for name, each in catalogue.events.items()})


def _answers(world: World, rule: dict[str, Any], asked: People, catalogue: Catalogue) -> list[Any]:
    """By a descent for each, by a scan for all (of the same people many times over), for everybody, and the first."""
    parsed = parse_rule(rule)
    assert isinstance(parsed, Event)
    compiled = compile_rule(parsed, catalogue)
    many = People(
        np.resize(asked.profile, 300), np.resize(asked.at, 300), np.resize(asked.since, 300), ZONE, None,
        [(asked.data or ())[place % len(asked)] for place in range(300)],
    )  # fmt: skip
    world.cursor.execute(*select_sql(compiled, NOW, ZONE))
    everybody = sorted(world.cursor.fetchall())
    far = np.full(len(asked), micros(START) + 10**16)
    first = first_match(
        world.cursor, parsed.event, parsed.where, asked.profile, asked.at - 10**13, far, asked.data, catalogue=catalogue
    )
    found = [evaluate(world.cursor, compiled, asked).tolist(), evaluate(world.cursor, compiled, many).tolist()]
    return [*found, everybody, first.at.tolist(), first.event.tolist()]
