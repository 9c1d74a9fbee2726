"""Random rules over random people: the set-wise SQL and the plain Python evaluator give the same answers."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from audiences.models import AttributeType, EventType
from itinera.kit.errors import Refusal
from tests.integration.audiences.conftest import World

CASES = int(os.environ.get("AGREEMENT_CASES", "300"))
START = datetime(2026, 1, 1, tzinfo=UTC)
ZONES = [None, "Asia/Shanghai", "America/New_York", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe"]
LONG = "客" * 300
NAMES, KINDS = ["a", "b"], ["visit", "order"]

hours = st.integers(0, 24 * 200).map(lambda hour: START + timedelta(hours=hour))
fine = st.builds(lambda at, us: at + timedelta(microseconds=us), hours, st.sampled_from([0, 0, 1, -1]))
days = st.dates(date(2024, 1, 1), date(2027, 12, 31)).map(lambda day: day.isoformat())
instants = fine.map(lambda at: at.isoformat())
texts = st.sampled_from(
    [
        "",
        "a",
        "A",
        "ab",
        "É",
        "é",
        "客户",
        "%",
        "_",
        "null",
        "2026-02-30",
        "1",
        "a\\b",
        'q"',
        "ß",
        "İ",
        "Σς",
        "客" * 300,
    ]
)
numbers = st.sampled_from([0, 1, 2, -1, 0.1, 0.3, 1.0, 2.5, 10**15, -0.0])
values = st.one_of(
    texts, numbers, st.booleans(), st.none(), days, instants, st.lists(texts, max_size=3), st.just([1, "a"]),
    st.just({"a": 1}),
)  # fmt: skip
facts = st.dictionaries(st.sampled_from(NAMES), values)
durations = st.sampled_from(["PT0S", "PT1H", "P1D", "P7D", "P1M", "P1M1D", "P1Y", "PT36H", "P3M"])
moments = st.one_of(days, instants)

conditions = st.one_of(
    st.tuples(st.sampled_from(["eq", "ne"]), st.one_of(texts, numbers, st.booleans())),
    st.tuples(st.sampled_from(["in", "not_in"]), st.one_of(st.lists(texts, max_size=3), st.lists(numbers, max_size=3))),
    st.tuples(st.sampled_from(["contains", "not_contains", "starts_with", "ends_with"]), texts),
    st.tuples(st.sampled_from(["gt", "gte", "lt", "lte"]), numbers),
    st.tuples(st.sampled_from(["between", "not_between"]), st.tuples(numbers, numbers).map(sorted)),
    st.tuples(st.sampled_from(["before", "after", "on"]), moments),
    st.tuples(st.sampled_from(["in_last", "in_next", "older_than", "anniversary"]), durations),
    st.tuples(st.sampled_from(["has"]), texts),
    st.tuples(st.sampled_from(["has_any", "has_all", "has_none"]), st.lists(texts, max_size=2)),
    st.tuples(st.sampled_from(["is_set", "not_set", "is_empty"]), st.none()),
)
references = st.builds(
    lambda of, name: {"of": of, "name": name}, st.sampled_from(["profile", "entry"]), st.sampled_from(NAMES)
)
OF = ["eq", "ne", "in", "not_in", "contains", "gt", "lte", "before", "on", "between", "has", "has_any", "has_none"]


def _part(condition: tuple[str, Any]) -> dict[str, Any]:
    op, value = condition
    return {"op": op, **({} if value is None else {"value": value})}


attribute = st.builds(lambda name, c: {"attribute": name, **_part(c)}, st.sampled_from(NAMES), conditions)
filters = st.one_of(
    st.builds(lambda name, c: {"property": name, **_part(c)}, st.sampled_from(NAMES), conditions),
    st.builds(
        lambda name, op, v: {"property": name, "op": op, "value": v},
        st.sampled_from(NAMES),
        st.sampled_from(OF),
        references,
    ),
)
windows = st.one_of(
    st.none(),
    durations.map(lambda last: {"last": last}),
    st.builds(lambda a: {"from": a}, moments),
    st.builds(lambda a, b: {"from": a, "to": b}, moments, moments),
    st.just({"since": "entry"}),
    st.builds(
        lambda unit, back: {"calendar": unit, "back": back},
        st.sampled_from(["day", "week", "month", "quarter", "year"]), st.integers(0, 3),
    ),
)  # fmt: skip
measures = st.one_of(
    st.builds(lambda op, v: {"op": op, "value": v}, st.sampled_from(["eq", "gte", "lt", "ne"]), st.integers(0, 3)),
    st.builds(
        lambda m, name, op, v: {"measure": m, "property": name, "op": op, "value": v},
        st.sampled_from(["sum", "avg", "min", "max", "distinct"]), st.sampled_from(NAMES),
        st.sampled_from(["eq", "ne", "gt", "lte"]), numbers,
    ),
    st.builds(lambda m, op: {"measure": m, "op": op}, st.sampled_from(["avg", "first", "last"]), st.just("is_set")).map(
        lambda leaf: {**leaf, **({"property": "a"} if leaf["measure"] == "avg" else {})}
    ),
    st.builds(
        lambda m, op, v: {"measure": m, "op": op, "value": v},
        st.sampled_from(["first", "last"]), st.sampled_from(["in_last", "older_than"]), durations,
    ),
    st.builds(
        lambda m, op, v: {"measure": m, "op": op, "value": v},
        st.sampled_from(["first", "last"]), st.sampled_from(["before", "after", "on"]), moments,
    ),
)  # fmt: skip


def _event(name: str, where: list[Any], window: Any, measure: dict[str, Any]) -> dict[str, Any]:
    return {"event": name, "where": where, **({} if window is None else {"window": window}), **measure}


event = st.builds(_event, st.sampled_from([*KINDS, "never"]), st.lists(filters, max_size=2), windows, measures)
rules = st.recursive(
    st.one_of(attribute, event),
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=4,
)
deeds = st.lists(st.tuples(st.sampled_from(KINDS), fine, facts), max_size=5)
persons = st.lists(st.tuples(facts, st.sampled_from(ZONES), deeds, fine, fine, facts), min_size=1, max_size=3)
declared = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(["text", "number", "date", "datetime", "list"]))


@settings(
    max_examples=CASES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(rule=rules, people=persons)
def test_set_and_single_agree(world: World, rule: dict[str, Any], people: list[Any]) -> None:
    agree(world, rule, people)


def agree(world: World, rule: dict[str, Any], people: list[Any]) -> None:
    """`ask` compares each answer of the SQL with that of the evaluator for one person."""
    numbers_, now, since, data = [], [], [], []
    for attributes, zone, done, at, entered, entry in people:
        person = world.person(attributes, zone)
        for name, when, properties in done:
            world.did(person, name, when, **properties)
        numbers_.append(person)
        now.append(at)
        since.append(entered)
        data.append({"entry": entry, "answer": {}})
    world.ask(rule, numbers_, now, since=since, data=data)


@settings(
    max_examples=CASES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(rule=st.one_of(attribute, event), people=persons, types=declared)
def test_set_and_single_agree_where_types_are_declared(
    world: World, rule: dict[str, Any], people: list[Any], types: dict[str, str]
) -> None:
    AttributeType.objects.all().delete()
    for name, type_ in types.items():
        world.attribute(name, type_)
    listed = [{"name": name, "type": type_} for name, type_ in types.items()]
    EventType.objects.update(properties=listed)
    try:
        agree(world, rule, people)
    except Refusal:
        # The declared type has no such operator, or the value does not suit it: `check_rule` has its own tests.
        reject()
