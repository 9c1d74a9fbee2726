"""Random rules over random people: the set-wise SQL and the plain Python evaluator give the same answers.

Each world is written once and asked many rules, each in four ways: a descent per person, a scan with all ids, the same
from JSON where properties of events have columns, and everybody at one instant. 500 rules in an ordinary run, ten
thousand more in a long one.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from audiences.rules import JOURNEY, asked_in_python, compile_rule, evaluate, parse_rule, select_ids
from audiences.rules.ast import All, AnyOf, Not, Rule
from audiences.rules.nesting import judge
from audiences.rules.person import Answer, Person
from audiences.rules.speech import Speech
from itinera.kit.wire import Cursor, django_cursor
from tests.integration.audiences.agreement import rules, worlds
from tests.integration.audiences.agreement.worlds import DEFAULT_ZONE, RandomWorld

pytestmark = pytest.mark.django_db
RULES, PEOPLE = 25, 12


@pytest.mark.parametrize("seed", range(20))
def test_set_and_single_agree(seed: int) -> None:
    _agree(seed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1000, 1400))
def test_set_and_single_agree_for_long(seed: int) -> None:
    _agree(seed)


def _agree(seed: int) -> None:
    random.seed(seed)
    cursor = django_cursor()
    world = worlds.make(cursor, PEOPLE)
    for _ in range(RULES):
        drawn = rules.rule(world.catalogue, JOURNEY)
        rule = parse_rule(drawn)
        found = _differences(cursor, world, rule)
        assert not found, _told(cursor, world, drawn, rule, seed)


def _differences(cursor: Cursor, world: RandomWorld, rule: Rule) -> list[str]:
    """Who is answered differently, and in which way of asking."""
    compiled = compile_rule(rule, world.catalogue)
    from_json = compile_rule(rule, worlds.without_columns(world.catalogue))
    people = world.people()
    expected = [_holds(world, rule, walker.profile, walker.person) for walker in world.walkers]
    found = []
    for way, asked, sweep_from in (("probe", compiled, 1_000), ("sweep", compiled, 1), ("json", from_json, 1)):
        answers = evaluate(cursor, asked, people, sweep_from).tolist()
        wrong = [w.profile for w, a, e in zip(world.walkers, answers, expected, strict=True) if a != e]
        found += [f"{way}: {profile}" for profile in wrong]
    chosen = set(select_ids(cursor, compiled, world.now, DEFAULT_ZONE).tolist())
    for profile, person in world.outside():
        if (profile in chosen) != (person.people == "consumer" and _holds(world, rule, profile, person)):
            found.append(f"everybody: {profile}")
    return found


def _holds(world: RandomWorld, rule: Rule, profile: int, person: Person) -> bool:
    answers = dict.fromkeys(asked_in_python(rule, world.catalogue), Answer(profile in world.stored))
    return judge(rule, replace(person, answers=answers), Speech(world.catalogue)).holds


def _told(cursor: Cursor, world: RandomWorld, drawn: Mapping[str, Any], rule: Rule, seed: int) -> str:
    """The smallest part of the rule that still differs, and for whom."""
    part = rule
    while inner := [each for each in _parts(part) if _differences(cursor, world, each)]:
        part = inner[0]
    wrong = _differences(cursor, world, part)
    named = {each.split(": ")[1] for each in wrong}
    whom = [walker for walker in world.walkers if str(walker.profile) in named]
    return f"seed {seed}: {wrong}\nrule: {drawn}\npart: {part!r}\ncatalogue: {world.catalogue}\npeople: {whom}"


def _parts(rule: Rule) -> tuple[Rule, ...]:
    if isinstance(rule, All | AnyOf):
        return rule.all if isinstance(rule, All) else rule.any
    return (rule.not_,) if isinstance(rule, Not) else ()
