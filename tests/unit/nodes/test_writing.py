"""Set, goal and exit: what they ask to have done."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from journeys.nodes import NODES
from journeys.nodes.base import EXIT
from journeys.nodes.effects import AddToAttribute, ChangeTags, CountGoal, SetAttribute
from journeys.nodes.needs import Column
from tests.unit.nodes.people import decide, step, wall

NOON = wall("2026-11-02 12:00")


def test_values_literal_taken_and_added() -> None:
    config = {
        "attributes": {
            "level": "gold", "gone": None, "likes": ["茶", "咖啡"], "sku": {"of": "entry", "name": "sku"},
            "points": {"add": -2.5}, "member": True,
        },
        "tags_add": ["vip", "new"], "tags_remove": ["cold"],
    }  # fmt: skip
    people = step([NOON] * 3, columns={Column("entry", "sku"): ["A", None, 0]})
    decision = decide("set", config, people)
    assert decision.port.tolist() == [0, 0, 0]
    found: dict[str, Any] = {getattr(effect, "name", "tags"): effect for effect in decision.effects}
    assert list(found) == ["level", "gone", "likes", "sku", "points", "member", "tags"]
    assert found["level"].values == ["gold"] * 3
    assert found["gone"].values == [None] * 3  # removed
    assert list(found["likes"].values[0]) == ["茶", "咖啡"]
    assert isinstance(found["sku"], SetAttribute)
    assert (found["sku"].rows.tolist(), found["sku"].values) == ([0, 2], ["A", 0])  # who lacks it keeps hers
    assert isinstance(found["points"], AddToAttribute)
    assert found["points"].amount == -2.5
    assert isinstance(found["tags"], ChangeTags)
    assert (found["tags"].add, found["tags"].remove) == (("vip", "new"), ("cold",))


def test_it_asks_for_the_columns_it_takes_from() -> None:
    node = NODES["set"]
    config = node.Config.model_validate(
        {"attributes": {"a": {"of": "answer", "name": "x"}, "b": {"of": "profile", "name": "y"}, "c": 1}}
    )
    assert node.needs(config, frozenset()).columns == {Column("answer", "x"), Column("profile", "y")}


@pytest.mark.parametrize(
    ("config", "code"),
    [
        ({}, "incomplete"), ({"attributes": {}}, "incomplete"), ({"tags_add": ["Not A Slug"]}, "bad_slug"),
        ({"tags_add": ["a"], "tags_remove": ["a"]}, "contradictory"),
        ({"attributes": {"a": {"of": "moon", "name": "x"}}}, "literal_error"),
        ({"attributes": {"a": {"add": "1"}}}, "wrong_value"), ({"attributes": {"a": {"x": 1}}}, "wrong_value"),
        ({"attributes": {"a": [1, 2]}}, "wrong_value"), ({"attributes": {"a": [[]]}}, "wrong_value"),
        ({"attributes": {"a": "\x00"}}, "bad_text"), ({"attributes": {"a": float("nan")}}, "wrong_value"),
        ({"attributes": {"": 1}}, "string_too_short"), ({"attributes": {"a": {"add": float("inf")}}}, "wrong_value"),
    ],
)  # fmt: skip
def test_refused_settings(config: dict[str, Any], code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        NODES["set"].Config.model_validate(config)
    assert code in [each["type"] for each in refusal.value.errors()]


@pytest.mark.parametrize(
    ("config", "values"),
    [
        ({"name": "bought"}, [None] * 6),
        ({"name": "bought", "value": 5}, [5.0] * 6),
        ({"name": "bought", "value": "amount"}, [99.5, None, None, None, None, None]),
        ({"name": "bought", "value": {"of": "entry", "name": "amount"}}, [99.5, None, None, None, None, None]),
    ],
)
def test_a_goal_counts_everybody_and_values_only_numbers(config: dict[str, Any], values: list[float | None]) -> None:
    amounts = [99.5, None, "99", True, 10**400, float("inf")]
    decision = decide("goal", config, step([NOON] * 6, columns={Column("entry", "amount"): amounts}))
    (effect,) = decision.effects
    assert isinstance(effect, CountGoal)
    assert (effect.name, effect.rows.tolist(), list(effect.values)) == ("bought", [0, 1, 2, 3, 4, 5], values)
    assert decision.port.tolist() == [0] * 6


def test_an_exit_ends_every_walk() -> None:
    assert decide("exit", {"reason": "不再打扰"}, step([NOON] * 2)).port.tolist() == [EXIT, EXIT]
    assert NODES["exit"].ports(NODES["exit"].Config()) == ()
