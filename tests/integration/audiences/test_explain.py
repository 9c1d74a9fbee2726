"""Why a rule holds for somebody, and columns of many people."""

from __future__ import annotations

import numpy as np

from audiences import people
from audiences.models import Identity
from audiences.rules import People, explain, parse_rule
from itinera.kit.wire import micros
from tests.integration.audiences.conftest import NOW, ZONE, World


def test_an_explanation_tells_what_was_found_and_what_was_needed(world: World) -> None:
    person = world.person({"city": "上海"})
    world.did(person, "order_paid", "2026-02-01T10:00:00", amount=212.5)
    world.did(person, "order_paid", "2026-03-01T10:00:00", amount=100)
    rule = {
        "all": [
            {"attribute": "city", "op": "in", "value": ["上海", "北京"]},
            {"event": "order_paid", "measure": "sum", "property": "amount", "op": "gte", "value": 300,
             "window": {"last": "P90D"}},
            {"not": {"event": "order_paid", "measure": "last", "op": "in_last", "value": "P30D"}},
        ]
    }  # fmt: skip
    tree = explain(world.cursor, parse_rule(rule), People.alone(person, micros(NOW), ZONE))
    assert (tree.key, tree.holds) == ("all", False)
    city, spent, recent = tree.parts
    assert (city.holds, city.text, city.found) == (True, "city 为 上海，要求 是 上海、北京 之一", "上海")
    assert spent.text == "近 90 天 order_paid 的 amount 之和为 312.5，要求 ≥ 300"
    assert (spent.holds, spent.found) == (True, 312.5)
    assert spent.needed == {"op": "gte", "value": 300}
    assert (recent.key, recent.holds) == ("not", False)
    assert recent.parts[0].found == "2026-03-01T02:00:00+00:00"


def test_an_explanation_of_somebody_who_is_not_there(world: World) -> None:
    rule = parse_rule({"attribute": "a", "op": "eq", "value": 1})
    tree = explain(world.cursor, rule, People.alone(999_999_999, micros(NOW), ZONE))
    assert (tree.holds, tree.found) == (False, None)


def test_columns_come_in_the_order_asked_for(world: World) -> None:
    one, two = world.person({"city": "上海", "n": 1.5}, zone="UTC"), world.person({"city": None, "l": ["a"]})
    Identity.objects.create(kind="phone", value="+861", profile_id=one)
    Identity.objects.create(kind="loyalty_card", value="L", profile_id=two)
    Identity.objects.create(kind="email", value="a@b.test", profile_id=two)
    asked = np.array([two, one, 999_999_999, two], dtype=np.int64)
    assert people.load_columns(world.cursor, asked, ["city", "n", "l", "none"]) == {
        "city": [None, "上海", None, None],
        "n": [None, 1.5, None, None],
        "l": [["a"], None, None, ["a"]],
        "none": [None] * 4,
    }
    assert people.load_zones(world.cursor, asked) == [None, "UTC", None, None]
    assert people.load_names(world.cursor, asked) == ["email:a@b.test", "phone:+861", None, "email:a@b.test"]
    assert people.load_units(world.cursor, asked) == ["", "", None, ""]
    assert people.load_columns(world.cursor, asked[:0], ["city"]) == {"city": []}
