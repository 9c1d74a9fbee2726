"""Contract §2: attribute leaves and all / any / not; §3: the nodes that ask rules."""

from __future__ import annotations

import pytest

from tests.acceptance.contract.asking import AT, CATALOGUE, asks, of
from tests.acceptance.drawing import draw, event, node, person, start
from tests.acceptance.reading import ways
from tests.acceptance.run import Replay

ATTRIBUTES = {
    "text: compares exactly": [(of("city", "eq", "Shanghai"), 1), (of("city", "eq", "shanghai"), 0)],
    "text: in and not_in": [(of("city", "in", ["A", "Shanghai"]), 1), (of("city", "not_in", ["A"]), 1)],
    "text: contains and friends ignore case": [
        (of("city", "contains", "HANG"), 1),
        (of("city", "not_contains", "hang"), 0),
        (of("city", "starts_with", "shang"), 1),
        (of("city", "ends_with", "HAI"), 1),
    ],
    "number: order": [
        (of("age", "gt", 30), 0),
        (of("age", "gte", 30), 1),
        (of("age", "lt", 31), 1),
        (of("age", "lte", 29), 0),
    ],
    "number: between includes both ends": [
        (of("age", "between", [30, 40]), 1),
        (of("age", "between", [20, 30]), 1),
        (of("age", "not_between", [30, 30]), 0),
    ],
    "money is a number": [(of("spent", "eq", 99.5), 1), (of("spent", "in", [1, 99.5]), 1)],
    "boolean": [(of("vip", "eq", True), 1), (of("vip", "eq", False), 0)],
    "is_set and not_set": [(of("city", "is_set"), 1), (of("gone", "is_set"), 0), (of("gone", "not_set"), 1)],
    "missing fails every operator": [
        (of("gone", "eq", "x"), 0),
        (of("gone", "in", ["x"]), 0),
        (of("lost", "lt", 1), 0),
        (of("past", "before", "2030-01-01"), 0),
        (of("lists", "is_empty"), 0),
    ],
    "except these, which hold": [
        (of("gone", "ne", "x"), 1),
        (of("gone", "not_in", ["x"]), 1),
        (of("gone", "not_contains", "x"), 1),
        (of("lost", "not_between", [1, 2]), 1),
        (of("lists", "has_none", ["x"]), 1),
    ],
    "not is plain negation": [({"not": of("gone", "eq", "x")}, 1), ({"not": of("gone", "ne", "x")}, 0)],
    "empty all is true, empty any is false": [({"all": []}, 1), ({"any": []}, 0)],
    "all and any": [
        ({"all": [of("age", "gt", 1), of("vip", "eq", False)]}, 0),
        ({"any": [of("age", "gt", 1), of("vip", "eq", False)]}, 1),
    ],
    "list": [
        (of("likes", "has", "tea"), 1),
        (of("likes", "has_any", ["x", "toys"]), 1),
        (of("likes", "has_all", ["tea", "x"]), 0),
        (of("likes", "has_none", ["x"]), 1),
        (of("none", "is_empty"), 1),
        (of("likes", "is_empty"), 0),
    ],
    "date: before, after, on": [
        (of("born", "before", "1990-03-16"), 1),
        (of("born", "before", "1990-03-15"), 0),
        (of("born", "after", "1990-03-14"), 1),
        (of("born", "on", "1990-03-15"), 1),
        (of("born", "between", ["1990-03-15", "1990-03-15"]), 1),
    ],
    "datetime against a plain date: plain dates are local days": [
        (of("seen", "on", "2026-03-04"), 1),
        (of("seen", "before", "2026-03-04"), 0),
        (of("seen", "after", "2026-03-04"), 0),
        (of("seen", "after", "2026-03-03"), 1),
    ],
    "a plain date against an instant: it is before none of its own day, and after none": [
        (of("born", "before", "1990-03-15T12:00:00+08:00"), 0),
        (of("born", "after", "1990-03-15T12:00:00+08:00"), 0),
        (of("born", "on", "1990-03-15T12:00:00+08:00"), 1),
        (of("born", "before", "1990-03-15T16:00:00Z"), 1),
        (of("born", "after", "1990-03-14T15:59:59Z"), 1),
        (of("born", "between", ["1990-03-15T12:00:00+08:00", "1990-03-15"]), 1),
    ],
    "datetime: in_last has both ends in, older_than neither": [
        (of("seen", "in_last", "P7D"), 1),
        (of("seen", "older_than", "P7D"), 0),
        (of("seen", "in_last", "P6DT23H"), 0),
        (of("seen", "older_than", "P6DT23H"), 1),
        (of("seen", "in_next", "P7D"), 0),
    ],
    "anniversary: month and day fall into [today, today + value]": [
        (of("born", "anniversary", "P4D"), 1),
        (of("born", "anniversary", "P3D"), 0),
    ],
}


@pytest.mark.parametrize("sentence", list(ATTRIBUTES))
def test_attribute_leaves(replay: Replay, sentence: str) -> None:
    """§2: the table of operators and the sentences under it."""
    cases = ATTRIBUTES[sentence]
    assert asks(replay, [rule for rule, _ in cases]) == [bool(expected) for _, expected in cases]


def test_a_branch_takes_the_first_way_that_is_true(replay: Replay) -> None:
    """§3: `branch` `paths [{id, name, rule}]` first true wins; ports each id, `else`."""
    paths = [
        {"id": "a", "name": "", "rule": of("age", "gt", 30)},
        {"id": "b", "name": "", "rule": of("age", "gt", 20)},
        {"id": "c", "name": "", "rule": of("age", "gt", 10)},
    ]
    canvas = draw(start(), node("ask", "branch", {"paths": paths}))
    people = [person("M1", attributes={"age": 30}), person("M2", attributes={"age": 5})]
    lines = [event(AT), event(AT, member="M2")]
    results = replay([canvas], profiles=people, events=lines, workspace={"catalogue": CATALOGUE})
    assert (ways(results), ways(results, "M2")) == ("start:next ask:b", "start:next ask:else")


def test_a_rule_sees_what_set_has_set(replay: Replay) -> None:
    """§3: `set` `attributes {name: value}`; port `next`."""
    mark = node("mark", "set", {"attributes": {"city": "Beijing"}})
    canvas = draw(start(), mark, node("ask", "condition", {"rule": of("city", "eq", "Beijing")}))
    results = replay([canvas], profiles=[person()], events=[event(AT)], workspace={"catalogue": CATALOGUE})
    assert ways(results) == "start:next mark:next ask:yes"


def test_a_profile_line_comes_before_events_of_its_instant(replay: Replay) -> None:
    """§3 fine print: Profile lines come before events of their instant; attributes and consent merge."""
    canvas = draw(start(), node("ask", "condition", {"rule": {"all": [of("city", "eq", "X"), of("age", "eq", 5)]}}))
    later = {"member_id": "M1", "attributes": {"city": "X"}, "updated": AT}
    people = [person(attributes={"city": "Y", "age": 5}), later]
    results = replay([canvas], profiles=people, events=[event(AT)], workspace={"catalogue": CATALOGUE})
    assert ways(results) == "start:next ask:yes"
