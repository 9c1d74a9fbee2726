"""Measures over events: counted, summed, first and last; filters; nothing found."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.audiences.conftest import NOW, World, at


@pytest.fixture
def buyer(world: World) -> int:
    """Three orders, one of them sent back."""
    person = world.person({"city": "上海", "limit": 100})
    world.did(person, "order_paid", "2026-01-10T10:00:00", amount=100.5, sku="A", gift=True)
    world.did(person, "order_paid", "2026-02-10T10:00:00", amount=200, sku="B")
    world.did(person, "order_paid", "2026-03-10T10:00:00", amount=-50.25, sku="A")
    return person


@pytest.fixture
def nobody(world: World) -> int:
    """Never did anything."""
    return world.person()


MEASURES: list[tuple[dict[str, Any], bool, bool]] = [
    ({}, True, False),
    ({"op": "gte", "value": 3}, True, False),
    ({"op": "gt", "value": 3}, False, False),
    ({"op": "eq", "value": 0}, False, True),
    ({"op": "lt", "value": 1}, False, True),
    ({"op": "lte", "value": 2}, False, True),
    ({"op": "ne", "value": 0}, True, False),
    ({"op": "between", "value": [0, 3]}, True, True),
    ({"op": "in", "value": [0, 7]}, False, True),
    ({"op": "is_set"}, True, True),
    ({"measure": "sum", "property": "amount", "op": "eq", "value": 250.25}, True, False),
    ({"measure": "sum", "property": "amount", "op": "eq", "value": 0}, False, True),
    ({"measure": "sum", "property": "amount", "op": "lt", "value": 1}, False, True),
    ({"measure": "sum", "property": "nothing", "op": "eq", "value": 0}, True, True),
    ({"measure": "avg", "property": "amount", "op": "between", "value": [83.4, 83.5]}, True, False),
    ({"measure": "avg", "property": "amount", "op": "not_between", "value": [0, 1]}, True, True),
    ({"measure": "avg", "property": "amount", "op": "is_set"}, True, False),
    ({"measure": "avg", "property": "nothing", "op": "not_set"}, True, True),
    ({"measure": "min", "property": "amount", "op": "eq", "value": -50.25}, True, False),
    ({"measure": "min", "property": "amount", "op": "ne", "value": 5}, True, True),
    ({"measure": "max", "property": "amount", "op": "eq", "value": 200}, True, False),
    ({"measure": "max", "property": "amount", "op": "not_set"}, False, True),
    ({"measure": "distinct", "property": "sku", "op": "eq", "value": 2}, True, False),
    ({"measure": "distinct", "property": "sku", "op": "eq", "value": 0}, False, True),
    ({"measure": "distinct", "property": "gift", "op": "eq", "value": 1}, True, False),
    ({"measure": "first", "op": "before", "value": "2026-02-01"}, True, False),
    ({"measure": "first", "op": "on", "value": "2026-01-10"}, True, False),
    ({"measure": "last", "op": "in_last", "value": "P7D"}, True, False),
    ({"measure": "last", "op": "older_than", "value": "P7D"}, False, False),
    ({"measure": "last", "op": "after", "value": "2026-03-10T09:59:59+08:00"}, True, False),
    ({"measure": "last", "op": "not_set"}, False, True),
    ({"measure": "first", "op": "anniversary", "value": "P1M"}, False, False),
]


@pytest.mark.parametrize(("leaf", "bought", "never"), MEASURES)
def test_a_measure(world: World, buyer: int, nobody: int, leaf: dict[str, Any], bought: bool, never: bool) -> None:
    assert world.ask({"event": "order_paid", **leaf}, [buyer, nobody]) == [bought, never]


@pytest.mark.parametrize(("leaf", "_bought", "never"), MEASURES)
def test_a_measure_over_an_event_that_nobody_ever_had(
    world: World, leaf: dict[str, Any], _bought: bool, never: bool
) -> None:
    assert world.holds({"event": "no_such_event", **leaf}, world.person()) is never


@pytest.mark.parametrize(
    ("where", "count"),
    [
        ([{"property": "sku", "op": "eq", "value": "A"}], 2),
        ([{"property": "sku", "op": "eq", "value": "A"}, {"property": "amount", "op": "gt", "value": 0}], 1),
        ([{"property": "gift", "op": "eq", "value": True}], 1),
        ([{"property": "gift", "op": "not_set"}], 2),
        ([{"property": "sku", "op": "ne", "value": "A"}], 1),
        ([{"property": "amount", "op": "gt", "value": {"of": "profile", "name": "limit"}}], 2),
        ([{"property": "amount", "op": "gt", "value": {"of": "profile", "name": "absent"}}], 0),
        ([{"property": "amount", "op": "ne", "value": {"of": "profile", "name": "absent"}}], 3),
        ([{"property": "sku", "op": "eq", "value": {"of": "entry", "name": "sku"}}], 1),
        ([{"property": "sku", "op": "in", "value": {"of": "answer", "name": "skus"}}], 3),
        ([{"property": "sku", "op": "eq", "value": {"of": "answer", "name": "absent"}}], 0),
        ([{"property": "amount", "op": "between", "value": {"of": "answer", "name": "range"}}], 1),
        ([{"property": "sku", "op": "contains", "value": {"of": "entry", "name": "sku"}}], 1),
    ],
)
def test_filters(world: World, buyer: int, where: list[dict[str, Any]], count: int) -> None:
    data = [{"entry": {"sku": "B"}, "answer": {"skus": ["A", "B"], "range": [100, 150]}}]
    rule = {"event": "order_paid", "where": where, "op": "eq", "value": count}
    assert world.holds(rule, buyer, data=data)


def test_an_event_after_the_instant_is_not_seen(world: World, nobody: int) -> None:
    world.did(nobody, "visit", "2026-03-15T12:00:00.000001")
    assert not world.holds({"event": "visit"}, nobody)
    assert world.holds({"event": "visit"}, nobody, at("2026-03-15T12:00:00.000001"))


def test_each_is_judged_at_an_instant_of_her_own(world: World, buyer: int) -> None:
    instants = [at("2026-01-10T09:59:59"), at("2026-01-10T10:00:00"), at("2026-02-10T10:00:00"), NOW]
    rule = {"event": "order_paid", "op": "gte", "value": 2}
    assert world.ask(rule, [buyer] * 4, instants) == [False, False, True, True]


def test_values_of_the_wrong_type_are_as_good_as_absent(world: World) -> None:
    world.event_type("order_paid", amount="money", sku="text")
    person = world.person()
    for amount, sku in ((10, "A"), ("10", 5), (None, None), (True, "A"), ([1], {"a": 1})):
        world.did(person, "order_paid", "2026-03-01T10:00:00", amount=amount, sku=sku)
    for measure, expected in (("sum", 10), ("avg", 10), ("min", 10), ("max", 10)):
        assert world.holds(
            {"event": "order_paid", "measure": measure, "property": "amount", "op": "eq", "value": expected}, person
        )
    assert world.holds(
        {"event": "order_paid", "measure": "distinct", "property": "sku", "op": "eq", "value": 1}, person
    )


def test_money_is_summed_exactly(world: World) -> None:
    person = world.person()
    for _ in range(10):
        world.did(person, "order_paid", "2026-03-01T10:00:00", amount=0.1)
    assert world.holds({"event": "order_paid", "measure": "sum", "property": "amount", "op": "eq", "value": 1}, person)


def test_many_people_are_answered_as_one_by_one(world: World) -> None:
    people = [world.person({"n": n}) for n in range(320)]
    for n, person in enumerate(people):
        for _ in range(n % 4):
            world.did(person, "visit", "2026-03-14T10:00:00", n=n)
    rule = {
        "any": [
            {"event": "visit", "op": "eq", "value": 3, "window": {"last": "P1M"}},
            {"all": [{"attribute": "n", "op": "lt", "value": 50}, {"event": "visit", "op": "eq", "value": 0}]},
        ]
    }
    assert world.ask(rule, people) == [n % 4 == 3 or (n < 50 and n % 4 == 0) for n in range(320)]
    twice = [people[3], people[2], people[3]] * 110
    assert world.ask(rule, twice) == [True, False, True] * 110
