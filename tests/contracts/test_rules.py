"""The rule language against the contract: every leaf, operator and measure has its place."""

from __future__ import annotations

from typing import get_args

import pytest

from audiences.rules import LEAVES
from audiences.rules.ast import Leaf, Measure, Op
from audiences.rules.kinds import KINDS
from audiences.rules.kinds.base import POSITIVE
from audiences.rules.leaves.base import LeafKind

OPERATORS = {
    "text": "eq ne in not_in contains not_contains starts_with ends_with is_set not_set",
    "number": "eq ne gt gte lt lte between not_between in not_in is_set not_set",
    "money": "eq ne gt gte lt lte between not_between in not_in is_set not_set",
    "boolean": "eq is_set not_set",
    "date": "before after on between in_last in_next older_than anniversary is_set not_set",
    "datetime": "before after on between in_last in_next older_than anniversary is_set not_set",
    "list": "has has_any has_all has_none is_empty is_set not_set",
}
HOLD_FOR_A_MISSING_VALUE = {"not_set", "ne", "not_in", "not_contains", "not_between", "has_none"}


@pytest.mark.parametrize("type_", OPERATORS)
def test_a_type_has_the_operators_of_the_contract(type_: str) -> None:
    for op in OPERATORS[type_].split():
        assert KINDS[type_].has(op), op


def test_the_language_has_no_operator_that_no_type_has() -> None:
    assert set(get_args(Op)) == {op for ops in OPERATORS.values() for op in ops.split()}


def test_the_operators_that_hold_for_a_missing_value() -> None:
    assert set(POSITIVE) == HOLD_FOR_A_MISSING_VALUE


@pytest.mark.parametrize("key", LEAVES)
def test_a_leaf_has_a_model_and_all_its_parts(key: str) -> None:
    leaf = LEAVES[key]
    assert isinstance(leaf, LeafKind)
    assert leaf.key == key
    assert any(key in model.model_fields for model in get_args(Leaf))


def test_the_measures_of_the_contract() -> None:
    assert set(get_args(Measure)) == {"count", "sum", "avg", "min", "max", "distinct", "first", "last"}
