"""Audiences as conditions: by rule at the instant of judgement, any other as it is stored; kinds of people."""

from __future__ import annotations

from typing import Any

import numpy as np

from audiences.bitmaps import Members
from audiences.models import Audience, AudienceMembers, Profile
from audiences.rules import (
    AUDIENCE,
    JOURNEY,
    asked_in_python,
    check_rule,
    compile_rule,
    describe,
    evaluate,
    load_catalogue,
    parse_rule,
    select_ids,
)
from audiences.rules.people import People
from itinera.kit.wire import micros
from tests.integration.audiences.conftest import NOW, ZONE, World, at


def audience(slug: str, definition: dict[str, Any], kind: str = "consumer", **given: Any) -> Audience:
    return Audience.objects.create(slug=slug, name=slug, definition=definition, kind=kind, **given)


def stored(slug: str, people: list[int]) -> Audience:
    row = audience(slug, {"members": {}})
    AudienceMembers.objects.bulk_create(
        AudienceMembers(audience=row, shard=shard, members=bits) for shard, bits in Members.of(people).dumped()
    )
    return row


def chosen(world: World, rule: dict[str, Any], people: str = "consumer", **slice_: Any) -> list[int]:
    compiled = compile_rule(parse_rule(rule), load_catalogue(world.cursor))
    found: list[int] = select_ids(world.cursor, compiled, NOW, ZONE, people, **slice_).tolist()
    return found


def problems(world: World, rule: dict[str, Any], place: Any = AUDIENCE) -> list[tuple[str, str | None]]:
    found = check_rule(parse_rule(rule), load_catalogue(world.cursor), place=place)
    return [(each.code, each.path) for each in found]


def test_an_audience_by_rule_is_asked_by_its_rule_at_that_instant(world: World) -> None:
    audience("new", {"rule": {"event": "visit", "window": {"last": "P7D"}}})
    audience("new_and_rich", {"rule": {"all": [{"audience": "new"}, {"attribute": "n", "op": "gt", "value": 5}]}})
    rich, poor = world.person({"n": 9}), world.person({"n": 1})
    for person in (rich, poor):
        world.did(person, "visit", "2026-03-10T10:00:00")
    assert world.ask({"audience": "new"}, [rich, poor]) == [True, True]
    assert world.ask({"audience": "new_and_rich"}, [rich, poor]) == [True, False]
    assert world.ask({"audience": "new"}, [rich, poor], at("2026-03-20T10:00:00")) == [False, False]
    assert chosen(world, {"not": {"audience": "new_and_rich"}}) == [poor]
    assert asked_in_python(parse_rule({"audience": "new_and_rich"}), load_catalogue(world.cursor)) == []


def test_any_other_audience_is_asked_by_its_stored_members(world: World) -> None:
    people = [world.person() for _ in range(130)]
    stored("chosen", people[::3])
    expected = [place % 3 == 0 for place in range(130)]
    assert world.ask({"audience": "chosen"}, [*people, 999_999_999]) == [*expected, False]
    assert world.ask({"not": {"audience": "chosen"}}, people) == [not each for each in expected]
    compiled = compile_rule(parse_rule({"audience": "chosen"}), load_catalogue(world.cursor))
    asked = People(np.array(people), np.full(130, micros(NOW)), None, ZONE)
    assert evaluate(world.cursor, compiled, asked, sweep_from=1).tolist() == expected


def test_everybody_for_whom_a_rule_with_stored_members_holds(world: World) -> None:
    people = [world.person({"n": number}) for number in range(20)]
    stored("chosen", people[:10])
    rule = {"all": [{"audience": "chosen"}, {"attribute": "n", "op": "gte", "value": 5}]}
    assert len(asked_in_python(parse_rule(rule), load_catalogue(world.cursor))) == 1
    assert chosen(world, rule) == people[5:10]
    assert chosen(world, rule, after=people[6], most=2) == people[7:9]
    assert chosen(world, rule, after=people[9]) == []


def test_a_rule_is_asked_within_one_kind_of_people(world: World) -> None:
    customer, guide = world.person({"n": 1}), world.person({"n": 1})
    Profile.objects.filter(id=guide).update(kind="staff")
    rule = {"attribute": "n", "op": "eq", "value": 1}
    assert chosen(world, rule) == [customer]
    assert chosen(world, rule, "staff") == [guide]
    assert chosen(world, rule, "merchant") == []
    audience("guides", {"rule": {"all": []}}, "staff")
    assert world.ask({"audience": "guides"}, [customer, guide]) == [False, True]
    assert problems(world, {"audience": "guides"}, AUDIENCE.among("consumer")) == [("wrong_people", "audience")]
    assert problems(world, {"audience": "guides"}, AUDIENCE.among("staff")) == []
    assert problems(world, {"audience": "guides"}, JOURNEY) == []


def test_an_audience_that_cannot_be_asked_is_refused(world: World) -> None:
    audience("a", {"rule": {"any": [{"audience": "b"}]}})
    audience("b", {"rule": {"not": {"audience": "a"}}})
    audience("odd", {"rule": {"attribute": "n", "op": "contains", "value": "x"}})
    assert problems(world, {"all": [{"audience": "nobody_made_it"}]}) == [("unknown_audience", "all[0].audience")]
    assert problems(world, {"audience": "a"}) == [("audience_loop", "audience")]
    assert problems(world, {"audience": "odd"}) == []
    world.attribute("n", "number")
    assert problems(world, {"audience": "odd"}) == [("unknown_operator", "audience")]


def test_the_loop_is_named(world: World) -> None:
    audience("a", {"rule": {"audience": "b"}})
    audience("b", {"rule": {"audience": "c"}})
    audience("c", {"rule": {"audience": "b"}})
    (found,) = check_rule(parse_rule({"audience": "a"}), load_catalogue(world.cursor))
    assert "b → c → b" in found.detail


def test_words_name_an_audience_by_its_name(world: World) -> None:
    row = audience("vip", {"rule": {"all": []}})
    row.name = "贵宾"
    row.save()
    rule = parse_rule({"not": {"audience": "vip"}})
    assert describe(rule, load_catalogue(world.cursor)) == "不满足：属于人群“贵宾”"
