"""The rule language against the contract: every leaf, operator and measure has its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import pytest

from audiences.bitmaps import Members
from audiences.models import Audience, AudienceMembers, Profile
from audiences.rules import (
    AUDIENCE,
    LEAVES,
    Catalogue,
    People,
    check_rule,
    compile_rule,
    describe,
    evaluate,
    load_catalogue,
    parse_rule,
)
from audiences.rules.ast import KEYS, Leaf, Measure, Op
from audiences.rules.kinds import KINDS
from audiences.rules.kinds.base import POSITIVE
from audiences.rules.leaves.base import LeafKind
from itinera.kit.wire import django_cursor

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


EXAMPLES: dict[str, dict[str, Any]] = {
    "attribute": {"attribute": "city", "op": "eq", "value": "上海"},
    "event": {"event": "visit", "measure": "sum", "property": "n", "op": "gte", "value": 3, "window": {"last": "P7D"}},
    "tag": {"tag": "vip", "op": "has"},
    "sequence": {"sequence": [{"event": "visit"}, {"absent": "visit", "within": "P1D"}]},
    "audience": {"audience": "chosen"},
    "identity": {"identity": "phone", "op": "is_set"},
    "consent": {"consent": "sms", "category": "marketing", "is": "unknown"},
    "message": {"message": "m1", "is": "sent"},
    "clock": {"clock": "workday", "op": "eq", "value": True},
    "may_send": {"may_send": "sms", "category": "marketing"},
}
"""One of each leaf that is run in this version."""
SOURCES = {
    "attributes", "events", "tags", "audiences", "identities", "channels", "categories", "clocks", "measures",
    "condition", "filters", "steps", "window", "name", "choices",
}  # fmt: skip
"""What the parts of forms are made of, as `audiences.rules.forms` tells."""


def test_every_leaf_but_those_to_come_is_run() -> None:
    assert set(LEAVES) == set(EXAMPLES) == set(KEYS) - {"all", "any", "not", "variant"}


@pytest.mark.parametrize("key", EXAMPLES)
def test_a_leaf_has_a_model_and_all_its_parts(key: str) -> None:
    leaf = LEAVES[key]
    assert isinstance(leaf, LeafKind)
    assert leaf.key == key
    assert any(key in model.model_fields for model in get_args(Leaf))
    assert leaf.label
    assert leaf.parts
    assert {part.source for part in leaf.parts} <= SOURCES
    assert all(part.choices for part in leaf.parts if part.source == "choices")
    assert describe(parse_rule(EXAMPLES[key]), Catalogue())


@pytest.mark.parametrize("key", EXAMPLES)
def test_a_leaf_about_a_walk_is_refused_outside_of_journeys(key: str) -> None:
    found = check_rule(parse_rule(EXAMPLES[key]), Catalogue(), "rule", AUDIENCE)
    refused = [(each.path, each.severity) for each in found if each.code == "journeys_only"]
    assert refused == ([(f"rule.{key}", "error")] if LEAVES[key].journeys_only else [])


@dataclass
class Counting:
    """A cursor that counts what is asked of it."""

    inner: Any
    count: int = 0

    def execute(self, query: Any, params: Any = None) -> Any:
        self.count += 1
        return self.inner.execute(query, params)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


@pytest.mark.django_db
@pytest.mark.parametrize("key", EXAMPLES)
def test_no_leaf_asks_once_per_person(key: str) -> None:
    row = Audience.objects.create(slug="chosen", name="chosen", definition={"members": {}})
    profiles = Profile.objects.bulk_create(Profile(id=7_000 + n, shard=(7_000 + n) % 64) for n in range(400))
    members = Members.of([each.id for each in profiles[:200]])
    AudienceMembers.objects.bulk_create(
        AudienceMembers(audience=row, shard=shard, members=bits) for shard, bits in members.dumped()
    )
    cursor = Counting(django_cursor())
    compiled = compile_rule(parse_rule(EXAMPLES[key]), load_catalogue(cursor))
    counts = []
    for some in (profiles[:3], profiles):
        ids = np.array([each.id for each in some])
        cursor.count = 0
        found = evaluate(cursor, compiled, People(ids, np.full(len(ids), 1_773_547_200_000_000), None, "Asia/Shanghai"))
        assert len(found) == len(ids)
        counts.append(cursor.count)
    assert counts[0] == counts[1] <= 8


def test_the_measures_of_the_contract() -> None:
    assert set(get_args(Measure)) == {"count", "sum", "avg", "min", "max", "distinct", "first", "last"}
