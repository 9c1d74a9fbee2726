"""Contract §2: event leaves, measures and windows."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.contract.asking import asks
from tests.acceptance.drawing import Json, draw, event, node, person, start
from tests.acceptance.reading import ways
from tests.acceptance.run import Replay


def paid(op: str | None = None, value: Any = None, **leaf: Any) -> Json:
    return {"event": "order_paid", **leaf, **({"op": op, "value": value} if op else {})}


EVENTS = {
    "measure defaults to count, op/value to gte 1": [(paid(), 1), ({"event": "refund"}, 0)],
    "count": [(paid("eq", 5), 1), (paid("gt", 5), 0)],
    "count eq 0, lt N, lte N includes people who never had the event": [
        ({"event": "refund", "op": "eq", "value": 0}, 1),
        ({"event": "refund", "op": "lt", "value": 3}, 1),
        ({"event": "refund", "op": "lte", "value": 0}, 1),
    ],
    "sum: decimal, a missing property is left out": [(paid("eq", 30.8, measure="sum", property="amount"), 1)],
    "sum of none is 0": [({"event": "refund", "measure": "sum", "property": "amount", "op": "eq", "value": 0}, 1)],
    "avg, min, max": [
        (paid("eq", 7.7, measure="avg", property="amount"), 1),
        (paid("eq", 0.1, measure="min", property="amount"), 1),
        (paid("eq", 20.5, measure="max", property="amount"), 1),
    ],
    "avg, min, max of none are missing": [
        ({"event": "refund", "measure": "max", "property": "amount", "op": "gte", "value": 0}, 0),
        ({"event": "refund", "measure": "avg", "property": "amount", "op": "ne", "value": 0}, 1),
    ],
    "distinct": [(paid("eq", 3, measure="distinct", property="sku"), 1)],
    "where": [
        (paid("eq", 2, where=[{"property": "sku", "op": "eq", "value": "A"}]), 1),
        (paid("eq", 1, where=[{"property": "amount", "op": "not_set"}]), 1),
    ],
    "first and last": [
        (paid("before", "2026-01-06", measure="first"), 1),
        (paid("in_last", "PT1H", measure="last"), 1),
        (paid("in_last", "PT59M", measure="last"), 0),
        ({"event": "refund", "measure": "last", "op": "in_last", "value": "P9D"}, 0),
        ({"event": "refund", "measure": "last", "op": "not_set"}, 1),
    ],
    "last D is [now - D, now]: both ends in": [
        (paid("eq", 3, window={"last": "P7D"}), 1),
        (paid("eq", 2, window={"last": "P6DT23H59M59S"}), 1),
        (paid("eq", 1, window={"last": "P6DT23H59M58S"}), 1),
    ],
    "last P1M is a calendar month": [
        (paid("eq", 4, window={"last": "P1M"}), 1),
        (paid("eq", 5, window={"last": "P2M6D"}), 1),
    ],
    "from and to are half-open; plain dates are local days": [
        (paid("eq", 1, window={"from": "2026-03-02", "to": "2026-03-04"}), 1),
        (paid("eq", 1, window={"from": "2026-03-02T10:00:00+08:00", "to": "2026-03-04T10:00:00+08:00"}), 1),
    ],
    "calendar: the N-th whole period before the current one": [
        (paid("eq", 1, window={"calendar": "day", "back": 0}), 1),
        (paid("eq", 0, window={"calendar": "day", "back": 1}), 1),
        (paid("eq", 3, window={"calendar": "week", "back": 1}), 1),
        (paid("eq", 1, window={"calendar": "month", "back": 2}), 1),
        (paid("eq", 0, window={"calendar": "quarter", "back": 1}), 1),
        (paid("eq", 0, window={"calendar": "year", "back": 1}), 1),
    ],
}


@pytest.mark.parametrize("sentence", list(EVENTS))
def test_event_leaves(replay: Replay, sentence: str) -> None:
    """§2: the grammar of leaves and windows and the sentences under the table."""
    cases = EVENTS[sentence]
    assert asks(replay, [rule for rule, _ in cases]) == [bool(expected) for _, expected in cases]


def test_an_event_dated_later_is_not_seen(replay: Replay) -> None:
    """§2: An event dated after *now* is not seen."""
    assert asks(replay, [paid("eq", 0)], [event("2026-03-11T10:00:00.000001+08:00")]) == [True]


def test_windows_are_read_in_the_profiles_zone(replay: Replay) -> None:
    """§1: Zone order: the profile's own. It is 02:00 in London: the order at 01:00 was paid today."""
    rules = [paid("eq", 1, window={"calendar": "day", "back": 0}), paid("eq", 1, window={"from": "2026-03-11"})]
    assert asks(replay, rules, [event("2026-03-11T01:00:00Z")], zone="Europe/London") == [True, True]
    assert asks(replay, rules, [event("2026-03-10T23:30:00Z")], zone="Europe/London") == [False, False]


def test_since_entry_does_not_see_the_entry_event(replay: Replay) -> None:
    """§3 fine print: The entry event is not seen by … `since entry`."""
    rule = {"event": "order_paid", "op": "eq", "value": 1, "window": {"since": "entry"}}
    canvas = draw(start(), node("nap", "delay.for", {"duration": "P1D"}), node("ask", "condition", {"rule": rule}))
    lines = [event("2026-03-01T00:00Z"), event("2026-03-02T00:00Z"), event("2026-03-03T00:00Z")]
    assert ways(replay([canvas], profiles=[person()], events=lines)) == "start:next nap:next ask:yes"
