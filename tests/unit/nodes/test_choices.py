"""Condition, branch and random split: who takes which way."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from itinera.kit.buckets import bucket
from journeys.nodes import NODES
from tests.unit.nodes.people import decide, step, wall

NOON = wall("2026-11-02 12:00")
RULE = {"attribute": "city", "op": "eq", "value": "上海"}
THREE_WAYS = {"paths": [{"id": name, "rule": RULE} for name in "abc"]}


def _truth(*columns: list[bool]) -> tuple[np.ndarray, ...]:
    return tuple(np.array(column, dtype=bool) for column in columns)


def test_a_condition_has_two_ways() -> None:
    people = step([NOON] * 3, truth=_truth([True, False, True]))
    assert decide("condition", {"rule": RULE}, people).port.tolist() == [0, 1, 0]


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), max_size=20))
def test_in_a_branch_the_first_rule_that_holds_decides(crowd: list[tuple[bool, bool, bool]]) -> None:
    columns = _truth(*([row[k] for row in crowd] for k in range(3)))
    ports = decide("branch", THREE_WAYS, step([NOON] * len(crowd), truth=columns)).port.tolist()
    assert ports == [[*row, True].index(True) for row in crowd]


def test_a_branch_asks_its_rules_in_order_and_ends_with_else() -> None:
    node = NODES["branch"]
    config = node.Config.model_validate(THREE_WAYS)
    assert node.ports(config) == ("a", "b", "c", "else")
    assert list(node.rules(config)) == ["paths[0].rule", "paths[1].rule", "paths[2].rule"]
    assert node.needs(config, frozenset()).rules == tuple(node.rules(config).values())


SALT = hashlib.sha256(b"welcome:s1").hexdigest()[:32]


def _split(*percents: float) -> dict[str, Any]:
    return {"ways": [{"id": f"w{k}", "percent": percent} for k, percent in enumerate(percents)]}


def test_the_split_is_by_bucket_and_so_sticky() -> None:
    units = [f"member_id:M{number}" for number in range(2_000)]
    config = _split(33.33, 0, 66.67)
    ports = decide("split.random", config, step([NOON] * len(units), units=units, salt=SALT)).port
    expected = [0 if bucket(SALT, unit) < 3333 else 2 for unit in units]
    assert ports.tolist() == expected
    assert 0.30 < (ports == 0).mean() < 0.37
    again = decide("split.random", config, step([NOON] * len(units), units=units[::-1], salt=SALT)).port
    assert again.tolist() == expected[::-1]


def test_another_node_draws_anew() -> None:
    units = [f"member_id:M{number}" for number in range(4_000)]
    first = decide("split.random", _split(50, 50), step([NOON] * 4_000, units=units, salt=SALT)).port
    other = hashlib.sha256(b"welcome:s2").hexdigest()[:32]
    second = decide("split.random", _split(50, 50), step([NOON] * 4_000, units=units, salt=other)).port
    assert 0.46 < (first == second).mean() < 0.54


@pytest.mark.parametrize(
    ("percents", "code"),
    [
        ((50, 49), "percents"), ((50, 50.01), "percents"), ((33.333, 66.667), "bad_percent"), ((100,), "too_short"),
        ((-1, 101), "bad_percent"), (("50", "50"), "wrong_value"), ((True, 99), "wrong_value"),
    ],
)  # fmt: skip
def test_percents_sum_to_a_hundred_in_hundredths(percents: tuple[Any, ...], code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        NODES["split.random"].Config.model_validate(_split(*percents))
    assert code in [each["type"] for each in refusal.value.errors()]


@given(st.lists(st.integers(1, 3000), min_size=2, max_size=3))
def test_any_hundredths_that_sum_to_a_hundred_are_taken(parts: list[int]) -> None:
    parts = [*parts, 10_000 - sum(parts)]
    config = NODES["split.random"].Config.model_validate(_split(*(part / 100 for part in parts)))
    assert [way.buckets for way in config.ways] == parts  # type: ignore[attr-defined]
