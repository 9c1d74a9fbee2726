"""The rule language as it is written: read, given back, and refused with the place."""

from __future__ import annotations

from typing import Any

import pytest

from audiences.rules import Catalogue, check_rule, dump_rule, parse_rule, rule_schema
from audiences.rules.catalogue import Known, KnownEvent
from audiences.rules.nesting import event_names
from itinera.kit.errors import Refusal

EVERYTHING: list[dict[str, Any]] = [
    {"all": []},
    {"any": [{"not": {"all": []}}]},
    {"attribute": "city", "op": "eq", "value": "上海"},
    {"attribute": "city", "op": "in", "value": ["a", "b"]},
    {"attribute": "city", "op": "is_set"},
    {"event": "visit"},
    {"event": "visit", "where": [{"property": "n", "op": "gt", "value": {"of": "entry", "name": "n"}}]},
    {"event": "visit", "op": "eq", "value": 0, "window": {"last": "P7D"}},
    {"event": "visit", "window": {"from": "2026-01-01", "to": "2026-02-01T00:00:00Z"}},
    {"event": "visit", "window": {"since": "entry"}},
    {"event": "visit", "window": {"calendar": "month", "back": 2}},
    {"event": "paid", "measure": "sum", "property": "amount", "op": "between", "value": [1, 2.5]},
    {"event": "paid", "measure": "last", "op": "in_last", "value": "P7D"},
    {"tag": "vip", "op": "has"},
    {"tag": "score", "op": "gt", "value": 5},
    {"sequence": [{"event": "a"}, {"event": "b", "within": "P1D"}, {"absent": "c", "within": "PT1H"}]},
    {"audience": "buyers"},
    {"identity": "phone", "op": "is_set"},
    {"consent": "sms", "category": "marketing", "is": "given"},
    {"message": "m1", "is": "opened"},
    {"clock": "time", "op": "between", "value": ["09:00", "21:00"]},
    {"may_send": "sms", "category": "marketing"},
    {"variant": "b", "experiment": "price"},
]


@pytest.mark.parametrize("rule", EVERYTHING, ids=str)
def test_a_rule_is_given_back_as_it_was_written(rule: dict[str, Any]) -> None:
    parsed = parse_rule(rule)
    assert dump_rule(parsed) == rule
    assert parse_rule(dump_rule(parsed)) == parsed
    assert hash(parsed) == hash(parse_rule(rule))


def test_the_schema_names_every_key() -> None:
    text = str(rule_schema())
    for rule in EVERYTHING:
        assert f"'{next(iter(rule))}'" in text


@pytest.mark.parametrize(
    ("rule", "code", "path"),
    [
        (None, "not_a_rule", None),
        (5, "not_a_rule", None),
        ({}, "not_a_rule", None),
        ({"attr": "a"}, "not_a_rule", None),
        ({"all": {}}, "wrong_value", "all"),
        ({"all": [{"any": [5]}]}, "not_a_rule", "all[0].any[0]"),
        ({"attribute": "a"}, "missing_key", "op"),
        ({"attribute": "", "op": "is_set"}, "empty", "attribute"),
        ({"attribute": "a", "op": "like", "value": "x"}, "wrong_value", "op"),
        ({"attribute": "a", "op": "eq", "valu": "x"}, "unknown_key", "valu"),
        ({"attribute": "a", "op": "eq", "value": {"of": "entry", "name": "x"}}, "wrong_value", "value"),
        ({"attribute": "a", "op": "in", "value": [["x"]]}, "wrong_value", "value"),
        ({"not": {"all": [{"event": "e", "where": [{"property": "p", "op": "?"}]}]}}, "wrong_value",
         "not.all[0].where[0].op"),
        ({"event": "e", "where": [{"property": "p", "op": "eq", "value": {"of": "x", "name": "y"}}]}, "wrong_value",
         "where[0].value.of"),
        ({"event": "e", "measure": "sum"}, "missing_key", None),
        ({"event": "e", "property": "p"}, "unknown_key", None),
        ({"event": "e", "window": {}}, "not_a_window", "window"),
        ({"event": "e", "window": {"last": "7 days"}}, "bad_duration", "window.last"),
        ({"event": "e", "window": {"last": "-P7D"}}, "wrong_value", "window.last"),
        ({"event": "e", "window": {"from": "2026-02-30"}}, "wrong_value", "window.from"),
        ({"event": "e", "window": {"from": None}}, "missing_key", "window"),
        ({"event": "e", "window": {"calendar": "hour"}}, "wrong_value", "window.calendar"),
        ({"event": "e", "window": {"calendar": "day", "back": -1}}, "wrong_value", "window.back"),
        ({"event": "e", "window": {"last": "P1D", "since": "entry"}}, "unknown_key", "window.since"),
        ({"sequence": []}, "empty", "sequence"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_place(rule: object, code: str, path: str | None) -> None:
    with pytest.raises(Refusal) as caught:
        parse_rule(rule)
    assert (code, path) in [(each.code, each.path) for each in caught.value.problems]
    with pytest.raises(Refusal) as caught:
        parse_rule(rule, "config.rule")
    inner = [each.path for each in caught.value.problems]
    assert (f"config.rule.{path}" if path else "config.rule") in inner


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(Refusal) as caught:
        parse_rule({"all": [{"attribute": "a"}, {"nothing": 1}, {"event": "e", "window": 5}]})
    assert len(caught.value.problems) == 3


def test_depth_and_size_are_bounded() -> None:
    deep: dict[str, Any] = {"all": []}
    for _ in range(500):
        deep = {"not": deep}
    wide = {"any": [{"attribute": "a", "op": "is_set"}] * 5_000}
    for rule in (deep, wide):
        with pytest.raises(Refusal) as caught:
            parse_rule(rule)
        assert caught.value.problems[0].code == "too_large"
    fine: dict[str, Any] = {"all": []}
    for _ in range(30):
        fine = {"not": fine}
    parse_rule(fine)


KNOWN = Catalogue(
    {
        "city": Known("text", True),
        "age": Known("number", True),
        "born": Known("date", True),
        "seen": Known("number", False),
    },
    {
        "paid": KnownEvent(
            1, True, {"amount": Known("money", True), "sku": Known("text", True), "n": Known("text", False)}
        )
    },
)


@pytest.mark.parametrize(
    ("rule", "code", "path"),
    [
        ({"attribute": "city", "op": "gt", "value": 5}, "unknown_operator", "op"),
        ({"attribute": "city", "op": "eq", "value": 5}, "wrong_type", "value"),
        ({"attribute": "city", "op": "in", "value": ["a", 5]}, "wrong_type", "value"),
        ({"attribute": "city", "op": "in", "value": "a"}, "wrong_type", "value"),
        ({"attribute": "age", "op": "eq", "value": "5"}, "wrong_type", "value"),
        ({"attribute": "age", "op": "between", "value": [5]}, "wrong_type", "value"),
        ({"attribute": "age", "op": "between", "value": [5, 1]}, "wrong_type", "value"),
        ({"attribute": "age", "op": "gt"}, "wrong_type", "value"),
        ({"attribute": "age", "op": "is_set", "value": 1}, "wrong_type", "value"),
        ({"attribute": "born", "op": "before", "value": "soon"}, "wrong_type", "value"),
        ({"attribute": "born", "op": "in_last", "value": "2026-01-01"}, "wrong_type", "value"),
        ({"attribute": "born", "op": "in_last", "value": "-P1D"}, "wrong_type", "value"),
        ({"attribute": "unknown", "op": "gt", "value": "x"}, "wrong_value", "value"),
        ({"attribute": "unknown", "op": "contains", "value": 5}, "wrong_value", "value"),
        ({"any": [{"not": {"attribute": "age", "op": "has", "value": "x"}}]}, "unknown_operator", "any[0].not.op"),
        ({"event": "paid", "where": [{"property": "amount", "op": "contains", "value": "x"}]}, "unknown_operator",
         "where[0].op"),
        ({"event": "paid", "op": "contains", "value": "x"}, "unknown_operator", "op"),
        ({"event": "paid", "op": "gte", "value": "x"}, "wrong_value", "value"),
        ({"event": "paid", "op": "eq"}, "wrong_value", "value"),
        ({"event": "paid", "measure": "first", "op": "gte", "value": 5}, "unknown_operator", "op"),
        ({"event": "paid", "measure": "first"}, "unknown_operator", "op"),
        ({"event": "paid", "measure": "sum", "property": "sku", "op": "gt", "value": 1}, "wrong_type", "property"),
        ({"event": "paid", "where": [{"property": "x", "op": "in_last", "value": {"of": "entry", "name": "y"}}]},
         "wrong_value", "where[0].value"),
        *(
            (rule, "not_supported", next(iter(rule)))
            for rule in EVERYTHING if next(iter(rule)) == "variant"
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_saved(rule: dict[str, Any], code: str, path: str) -> None:
    found = check_rule(parse_rule(rule), KNOWN)
    assert (code, path, "error") in [(each.code, each.path, each.severity) for each in found]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"attribute": "nobody_has", "op": "eq", "value": "x"}, "unknown_attribute"),
        ({"event": "nobody_did"}, "unknown_event"),
        ({"attribute": "seen", "op": "eq", "value": "text"}, "type_differs"),
        ({"event": "paid", "measure": "sum", "property": "n", "op": "gt", "value": 1}, "wrong_type"),
    ],
)
def test_what_is_only_odd_is_a_warning(rule: dict[str, Any], code: str) -> None:
    found = check_rule(parse_rule(rule), KNOWN, "rule")
    assert [(each.code, each.severity) for each in found] == [(code, "warning")]


def test_what_is_fine_has_no_problems() -> None:
    for rule in (
        {"attribute": "age", "op": "between", "value": [5, 7]},
        {"event": "paid", "measure": "sum", "property": "amount", "op": "gte", "value": 1},
        {"event": "paid", "where": [{"property": "amount", "op": "gt", "value": {"of": "profile", "name": "limit"}}]},
    ):
        assert check_rule(parse_rule(rule), KNOWN) == []


def test_the_events_that_a_rule_asks_for() -> None:
    rule = {"all": [{"event": "a"}, {"not": {"any": [{"event": "b"}, {"attribute": "c", "op": "is_set"}]}}]}
    assert event_names(parse_rule(rule), KNOWN) == {"a", "b"}
