"""The first event that passes some filters: from columns, from JSON and in plain Python it is the same one."""

from __future__ import annotations

import random

import numpy as np
import pytest

from audiences.rules import Catalogue, first_match, parse_rule
from audiences.rules.ast import Event
from audiences.rules.where import passes
from itinera.kit.wire import NEVER, Cursor, django_cursor
from tests.integration.audiences.agreement import rules, worlds
from tests.integration.audiences.agreement.worlds import DEFAULT_ZONE, RandomWorld, Walker, without_columns

pytestmark = pytest.mark.django_db
SEARCHES, PEOPLE = 25, 12


@pytest.mark.parametrize("seed", range(500, 508))
def test_the_first_event_is_the_same_from_columns_and_from_json(seed: int) -> None:
    random.seed(seed)
    cursor = django_cursor()
    world = worlds.make(cursor, PEOPLE)
    for _ in range(SEARCHES):
        asked = parse_rule(rules.event(world.catalogue))
        assert isinstance(asked, Event)
        expected = [_first(asked, walker, world.catalogue) for walker in world.walkers]
        for catalogue in (world.catalogue, without_columns(world.catalogue)):
            assert _found(cursor, asked, world, catalogue) == expected, (seed, asked)


def _found(cursor: Cursor, asked: Event, world: RandomWorld, catalogue: Catalogue) -> list[tuple[int, int]]:
    """When each came and its number, by one search over all."""
    people = world.people()
    assert people.since is not None
    match = first_match(
        cursor, asked.event, asked.where, people.profile, people.since, people.at, people.data,
        entry_event=people.entry_event, zone=DEFAULT_ZONE, catalogue=catalogue,
    )  # fmt: skip
    return list(zip(match.at.tolist(), match.event.tolist(), strict=True))


def _first(asked: Event, walker: Walker, catalogue: Catalogue) -> tuple[int, int]:
    """The same of one person's events."""
    person = walker.person
    begun = np.iinfo(np.int64).min if person.since is None else person.since
    fits = (
        (each.at, each.id) for each in person.events
        if each.name == asked.event and begun <= each.at < person.at and each.id != person.entry_event
        and passes(asked.where, asked.event, each.properties, person, catalogue)
    )  # fmt: skip
    return min(fits, default=(NEVER, 0))
