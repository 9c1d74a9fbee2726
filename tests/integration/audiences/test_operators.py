"""Every operator over every type, with a value, with none, and with one of another type."""

from __future__ import annotations

from typing import Any

import pytest

from audiences.models import LookupRow, LookupTable, Tag
from audiences.rules.kinds import KINDS
from audiences.rules.kinds.base import POSITIVE
from tests.integration.audiences.conftest import NOW, Case, World, at

# Judged on Sunday 15 March 2026, 12:00 in Shanghai. Each: stored value, operator, value, answer.
CASES: dict[str, list[tuple[Any, str, Any, bool]]] = {
    "text": [
        ("Ann", "eq", "Ann", True), ("Ann", "eq", "ann", False), ("", "eq", "", True),
        ("\u00e9", "eq", "e\u0301", False),
        ("Ann", "ne", "Bob", True), ("Ann", "ne", "Ann", False),
        ("Ann", "in", ["Bob", "Ann"], True), ("Ann", "in", ["ann"], False), ("Ann", "in", [], False),
        ("Ann", "not_in", ["Bob"], True), ("Ann", "not_in", ["Ann"], False), ("Ann", "not_in", [], True),
        ("Élodie", "contains", "éLO", True), ("上海市", "contains", "海", True), ("100%_a", "contains", "%_A", True),
        ("abc", "contains", "", True), ("abc", "contains", "d", False),
        ("abc", "not_contains", "B", False), ("abc", "not_contains", "x", True),
        ("Straße", "starts_with", "STRA", True), ("abc", "starts_with", "bc", False),
        ("abc", "ends_with", "BC", True), ("bc", "ends_with", "abc", False), ("客户", "ends_with", "户", True),
        ("", "is_set", None, True), ("x", "not_set", None, False),
        ("'; DROP TABLE profile; --", "eq", "'; DROP TABLE profile; --", True), ("%(p0)s", "contains", "%(P0)S", True),
    ],
    "number": [
        (5, "eq", 5, True), (5, "eq", 5.0, True), (0.1, "eq", 0.1, True), (5, "eq", 6, False),
        (5, "ne", 6, True), (5, "ne", 5, False),
        (5, "gt", 4.99, True), (5, "gt", 5, False), (5, "gte", 5, True), (5, "lt", 5, False), (-5, "lt", 0, True),
        (5, "lte", 5, True), (5.01, "lte", 5, False),
        (5, "between", [5, 7], True), (7, "between", [5, 7], True), (7.01, "between", [5, 7], False),
        (5, "not_between", [5, 7], False), (8, "not_between", [5, 7], True),
        (5, "in", [1, 5], True), (5, "in", [1], False), (5, "not_in", [1], True), (5, "not_in", [5], False),
        (0, "is_set", None, True), (0, "not_set", None, False),
        (9007199254740993, "eq", 9007199254740993, True), (9007199254740993, "eq", 9007199254740992, False),
    ],
    "boolean": [
        (True, "eq", True, True), (False, "eq", True, False), (False, "eq", False, True),
        (False, "is_set", None, True), (False, "not_set", None, False),
    ],
    "date": [
        ("2026-03-14", "before", "2026-03-15", True), ("2026-03-15", "before", "2026-03-15", False),
        ("2026-03-15", "before", "2026-03-15T15:59:59Z", False), ("2026-03-15", "before", "2026-03-15T16:00:00Z", True),
        ("2026-03-15", "after", "2026-03-14T16:00:00Z", False), ("2026-03-15", "after", "2026-03-14T15:59:59Z", True),
        ("2026-03-16", "after", "2026-03-15", True), ("2026-03-15", "after", "2026-03-15", False),
        ("2026-03-15", "on", "2026-03-15", True), ("2026-03-15", "on", "2026-03-15T15:59:00Z", True),
        ("2026-03-15", "on", "2026-03-15T16:00:00Z", False),
        ("2026-03-15", "between", ["2026-03-15", "2026-03-16"], True),
        ("2026-03-16", "between", ["2026-03-15", "2026-03-16"], True),
        ("2026-03-17", "between", ["2026-03-15", "2026-03-16"], False),
        ("2026-03-15", "between", ["2026-03-15T15:59:59Z", "2026-03-16T00:00:00Z"], True),
        ("2026-03-15", "between", ["2026-03-14T16:00:00Z", "2026-03-15"], True),
        ("2026-03-15", "between", ["2026-03-15T16:00:00Z", "2026-03-17"], False),
        ("2026-03-17", "between", ["2026-03-15", "2026-03-16T15:59:59Z"], False),
        ("2026-03-08", "in_last", "P7D", True), ("2026-03-07", "in_last", "P7D", False),
        ("2026-03-15", "in_last", "P7D", True), ("2026-03-16", "in_last", "P7D", False),
        ("2026-02-15", "in_last", "P1M", True), ("2026-02-14", "in_last", "P1M", False),
        ("2026-03-22", "in_next", "P7D", True), ("2026-03-23", "in_next", "P7D", False),
        ("2026-03-15", "in_next", "P7D", True), ("2026-03-14", "in_next", "P7D", False),
        ("2026-03-07", "older_than", "P7D", True), ("2026-03-08", "older_than", "P7D", False),
        ("1990-03-15", "anniversary", "P0D", True), ("1990-03-16", "anniversary", "P0D", False),
        ("1990-03-22", "anniversary", "P7D", True), ("1990-03-23", "anniversary", "P7D", False),
        ("1990-03-14", "anniversary", "P7D", False), ("1990-03-14", "anniversary", "-P1D", True),
        ("2026-03-15", "is_set", None, True), ("2026-03-15", "not_set", None, False),
        ("2026-02-30", "is_set", None, False),
    ],
    "datetime": [
        ("2026-03-15T11:59:59+08:00", "before", "2026-03-15T04:00:00Z", True),
        ("2026-03-15T12:00:00+08:00", "before", "2026-03-15T04:00:00Z", False),
        ("2026-03-14T15:59:59Z", "before", "2026-03-15", True), ("2026-03-14T16:00:00Z", "before", "2026-03-15", False),
        ("2026-03-15T15:59:59Z", "after", "2026-03-15", False), ("2026-03-15T16:00:00Z", "after", "2026-03-15", True),
        ("2026-03-15T00:00:00.000001Z", "after", "2026-03-15T00:00:00Z", True),
        ("2026-03-14T16:00:00Z", "on", "2026-03-15", True), ("2026-03-15T16:00:00Z", "on", "2026-03-15", False),
        ("2026-03-15T15:59:59Z", "between", ["2026-03-14", "2026-03-15"], True),
        ("2026-03-15T16:00:00Z", "between", ["2026-03-14", "2026-03-15"], False),
        ("2026-03-15T12:00:00Z", "between", ["2026-03-15", "2026-03-15T12:00:00Z"], True),
        ("2026-03-15T12:00:01Z", "between", ["2026-03-15", "2026-03-15T12:00:00Z"], False),
        ("2026-03-15T00:00:00Z", "between", ["2026-03-15T00:00:00Z", "2026-03-16T00:00:00Z"], True),
        ("2026-03-08T12:00:00+08:00", "in_last", "P7D", True),
        ("2026-03-08T11:59:59.999999+08:00", "in_last", "P7D", False),
        ("2026-03-15T12:00:00+08:00", "in_last", "P7D", True),
        ("2026-03-15T12:00:00.000001+08:00", "in_last", "P7D", False),
        ("2026-02-15T12:00:00+08:00", "in_last", "P1M", True), ("2026-02-15T11:59:59+08:00", "in_last", "P1M", False),
        ("2026-03-15T12:00:00+08:00", "in_next", "PT1H", True), ("2026-03-15T13:00:00+08:00", "in_next", "PT1H", True),
        ("2026-03-15T13:00:01+08:00", "in_next", "PT1H", False),
        ("2026-03-15T10:59:59+08:00", "older_than", "PT1H", True),
        ("2026-03-15T11:00:00+08:00", "older_than", "PT1H", False),
        ("1999-03-14T16:00:00Z", "anniversary", "P0D", True), ("1999-03-15T16:00:00Z", "anniversary", "P0D", False),
        ("2026-03-15T12:00:00+08:00", "is_set", None, True), ("2026-03-15T12:00:00", "is_set", None, False),
        ("2026-03-15T12:00:00+08:00", "not_set", None, False),
    ],
    "list": [
        (["a", "b"], "has", "a", True), (["a", "b"], "has", "A", False), ([], "has", "a", False),
        (["a", "b"], "has_any", ["x", "b"], True), (["a"], "has_any", ["x"], False), (["a"], "has_any", [], False),
        (["a", "b"], "has_all", ["a", "b"], True), (["a"], "has_all", ["a", "b"], False), ([], "has_all", [], True),
        (["a"], "has_none", ["b"], True), (["a"], "has_none", ["a"], False), (["a"], "has_none", [], True),
        ([], "is_empty", None, True), (["a"], "is_empty", None, False),
        ([], "is_set", None, True), ([], "not_set", None, False),
    ],
}  # fmt: skip
CASES["money"] = CASES["number"]
WRONG = {
    "text": 5, "number": "5", "money": "5", "boolean": "true",
    "date": "2026-03-15T00:00:00Z", "datetime": "2026-03-15", "list": "a",
}  # fmt: skip


WAYS = ["declared", "undeclared", "property", "tag", "looked up", "looked up property"]
"""Where a value can stand that a condition is asked of."""


def _table(world: World) -> LookupTable:
    """A row for every stored value, under its place among the cases of its type; a column per type."""
    columns = [{"name": type_, "type": type_} for type_ in CASES]
    table = LookupTable.objects.create(slug="t", key="k", columns=columns)
    rows = {(type_, place): case[0] for type_, cases in CASES.items() for place, case in enumerate(cases)}
    rows |= {(type_, -1): wrong for type_, wrong in WRONG.items()}
    LookupRow.objects.bulk_create(
        LookupRow(table=table, key=f"{type_}{place}", values={type_: value}, updated_at=NOW)
        for (type_, place), value in rows.items()
    )
    return table


def _prepare(world: World, way: str) -> None:
    """Declare what the way needs: one name per type."""
    for type_ in CASES:
        if way == "declared":
            world.attribute(type_, type_)
        elif way == "tag":
            Tag.objects.create(slug=type_, type=type_)
    if way == "property":
        world.event_type("e", **{type_: type_ for type_ in CASES})
    if way.startswith("looked up"):
        _table(world)


def _case(way: str, type_: str, stored: dict[str, Any], key: str, condition: dict[str, Any], holds: bool) -> Case:
    """Somebody who has this value (`stored` empty: none) where the way says, and the condition asked of it there."""
    via = {"via": {"table": "t", "column": type_}}
    when = "2026-03-15T11:00:00"
    match way:
        case "declared" | "undeclared":
            return Case({"attribute": type_, **condition}, holds, stored)
        case "tag":
            return Case({"tag": type_, **condition}, holds, tags=stored)
        case "property":
            return Case({"event": "e", "where": [{"property": type_, **condition}]}, holds, did=[("e", when, stored)])
        case "looked up":
            return Case({"attribute": "k", **via, **condition}, holds, {"k": key})
    where = [{"property": "k", **via, **condition}]
    return Case({"event": "e", "where": where}, holds, did=[("e", when, {"k": key})])


@pytest.mark.parametrize("way", WAYS)
def test_every_operator_of_every_type(world: World, way: str) -> None:
    _prepare(world, way)
    cases = []
    for type_, listed in CASES.items():
        for place, (stored, op, value, expected) in enumerate(listed):
            condition = {"op": op, **({} if value is None else {"value": value})}
            # Without a declared type a text that is no date is there all the same.
            holds = True if way == "undeclared" and op == "is_set" else expected
            # A tag is asked whether it is there, whatever its value is worth.
            holds = holds if way != "tag" or op not in {"is_set", "not_set"} else op == "is_set"
            cases.append(_case(way, type_, {type_: stored}, f"{type_}{place}", condition, holds))
    world.batch(cases)


@pytest.mark.parametrize("way", [way for way in WAYS if way != "undeclared"])
def test_a_missing_value_fails_all_but_the_negative_operators(world: World, way: str) -> None:
    _prepare(world, way)
    cases = []
    for type_, listed in CASES.items():
        missing = [({}, "nobody"), ({type_: None}, ""), ({type_: WRONG[type_]}, f"{type_}-1")]
        for op, value in {op: value for _, op, value, _ in listed}.items():
            condition = {"op": op, **({} if value is None else {"value": value})}
            for stored, key in missing:
                there = way == "tag" and stored.get(type_) is not None and op in {"is_set", "not_set"}
                holds = op == "is_set" if there else op in POSITIVE
                cases.append(_case(way, type_, stored, key, condition, holds))
    world.batch(cases)


@pytest.mark.parametrize("type_", CASES)
def test_the_cases_name_every_operator_of_the_type(type_: str) -> None:
    positive = set(KINDS[type_].shapes)
    negative = {op for op, opposite in POSITIVE.items() if opposite in positive}
    if type_ not in {"text", "number", "money"}:
        negative -= {"ne", "not_in", "not_between"}
    assert {op for _, op, _, _ in CASES[type_]} == positive | negative


def test_not_is_plain_negation(world: World) -> None:
    person = world.person()
    rule = {"attribute": "a", "op": "eq", "value": "x"}
    assert not world.holds(rule, person)
    assert world.holds({"not": rule}, person)
    assert world.holds({"not": {"not": {"not": rule}}}, person)


def test_empty_groups(world: World) -> None:
    person = world.person()
    assert world.holds({"all": []}, person)
    assert not world.holds({"any": []}, person)
    assert world.holds({"all": [{"all": []}, {"not": {"any": []}}]}, person)


def test_days_follow_the_zone_of_the_person(world: World) -> None:
    here, there = world.person({"d": "2026-03-15"}), world.person({"d": "2026-03-15"}, zone="America/Los_Angeles")
    rule = {"attribute": "d", "op": "in_last", "value": "P0D"}
    assert world.ask(rule, [here, there]) == [True, False]
    assert world.ask(rule, [here, there], at("2026-03-16T10:00:00")) == [False, True]


def test_29_february_falls_on_the_28th_in_common_years(world: World) -> None:
    leap, rule = world.person({"b": "1992-02-29"}), {"attribute": "b", "op": "anniversary", "value": "P0D"}
    assert world.holds(rule, leap, at("2026-02-28T09:00:00"))
    assert not world.holds(rule, leap, at("2028-02-28T09:00:00"))
    assert world.holds(rule, leap, at("2028-02-29T09:00:00"))


def test_an_anniversary_across_new_year(world: World) -> None:
    person, rule = world.person({"b": "1992-01-02"}), {"attribute": "b", "op": "anniversary", "value": "P7D"}
    assert world.holds(rule, person, at("2026-12-28T09:00:00"))
    assert not world.holds(rule, person, at("2026-12-20T09:00:00"))


def test_somebody_unknown_has_nothing(world: World) -> None:
    assert world.ask({"attribute": "a", "op": "not_set"}, [999_999_999]) == [True]
