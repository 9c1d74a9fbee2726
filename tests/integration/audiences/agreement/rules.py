"""Random rules: every leaf, operator, measure and window, nested; only those that could be saved in a workspace."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from audiences.rules import JOURNEY, Catalogue, Place, check_rule, parse_rule
from itinera.kit.errors import Refusal
from tests.integration.audiences.agreement.values import (
    AUDIENCES,
    CATEGORIES,
    CHANNELS,
    COLUMNS,
    DURATIONS,
    EVENTS,
    IDENTITIES,
    NAMES,
    NUMBERS,
    TABLE,
    TAGS,
    Json,
    condition,
    instant,
    moment,
    operand,
)


def rule(catalogue: Catalogue, place: Place, depth: int = 2) -> Json:
    """A rule for a place: a leaf, or a group of rules."""
    if depth == 0 or random.random() < 0.4:
        return leaf(catalogue, place)
    kind = random.choice(["all", "any", "not"])
    if kind == "not":
        return {"not": rule(catalogue, place, depth - 1)}
    return {kind: [rule(catalogue, place, depth - 1) for _ in range(random.randrange(4))]}


def leaf(catalogue: Catalogue, place: Place) -> Json:
    """One that could be saved there."""
    return _saveable(_LEAVES, catalogue, place)


def event(catalogue: Catalogue) -> Json:
    """An event with filters."""
    return _saveable([lambda: {"event": random.choice(EVENTS), **_where()}], catalogue, JOURNEY)


def _saveable(draw: Sequence[Callable[[], Json]], catalogue: Catalogue, place: Place) -> Json:
    """One that passes the check: others are drawn again."""
    while True:
        drawn = random.choice(draw)()
        try:
            problems = check_rule(parse_rule(drawn), catalogue, place=place)
        except Refusal:
            continue
        if not any(problem.severity == "error" for problem in problems):
            return drawn


def _attribute() -> Json:
    return {"attribute": random.choice(NAMES), **_via(), **condition()}


def _via() -> Json:
    return {"via": {"table": TABLE, "column": random.choice(COLUMNS)}} if random.random() < 0.2 else {}


def _tag() -> Json:
    slug = random.choice(TAGS)
    if random.random() < 0.4:
        return {"tag": slug, "op": random.choice(["has", "has_not", "is_set", "not_set"])}
    return {"tag": slug, **condition()}


def _filter() -> Json:
    return {"property": random.choice(NAMES), **_via(), **(operand() if random.random() < 0.3 else condition())}


def _where() -> Json:
    return {"where": [_filter() for _ in range(random.choice([0, 0, 1, 1, 2]))]}


def _seldom_where() -> Json:
    """Few filters: a chain of several steps must be able to come."""
    return _where() if random.random() < 0.3 else {}


def _event_name() -> str:
    return random.choice([*EVENTS * 3, "never"])


def _event() -> Json:
    return {"event": _event_name(), **_where(), **random.choice(_MEASURES)(), **_window()}


def _count() -> Json:
    return {"op": random.choice(["eq", "gte", "gt", "lt", "lte", "ne"]), "value": random.randrange(4)}


def _measure() -> Json:
    measure, op = random.choice(["sum", "avg", "min", "max", "distinct"]), random.choice(["eq", "ne", "gt", "lte"])
    return {"measure": measure, "property": random.choice(NAMES), "op": op, "value": random.choice(NUMBERS)}


def _is_there() -> Json:
    measure = random.choice(["avg", "min", "first", "last"])
    named = {"property": random.choice(NAMES)} if measure in {"avg", "min"} else {}
    return {"measure": measure, **named, "op": random.choice(["is_set", "not_set"])}


def _when() -> Json:
    measure = random.choice(["first", "last"])
    if random.random() < 0.5:
        op = random.choice(["in_last", "older_than", "in_next", "anniversary"])
        return {"measure": measure, "op": op, "value": random.choice(DURATIONS)}
    return {"measure": measure, "op": random.choice(["before", "after", "on"]), "value": moment()}


_MEASURES: list[Callable[[], Json]] = [dict, _count, _count, _measure, _measure, _is_there, _when]


def _window() -> Json:
    kind = random.choice(["ever", "last", "last", "from", "between", "to", "entry", "calendar"])
    windows: dict[str, Callable[[], Any]] = {
        "last": lambda: {"last": random.choice(DURATIONS)},
        "from": lambda: {"from": moment()},
        "to": lambda: {"to": moment()},
        "between": lambda: dict(zip(("from", "to"), sorted([moment(), moment()]), strict=True)),
        "entry": lambda: {"since": "entry"},
        "calendar": lambda: {
            "calendar": random.choice(["day", "week", "month", "quarter", "year"]), "back": random.randrange(4),
        },
    }  # fmt: skip
    return {"window": windows[kind]()} if kind in windows else {}


def _sequence() -> Json:
    steps: list[Json] = [{"event": random.choice(EVENTS), **_seldom_where()}]
    for _ in range(random.choice([0, 1, 1, 2, 2, 3])):
        within = {"within": random.choice([*DURATIONS, "PT6H", "PT12H", "P1D", "P2D"])}
        if random.random() < 0.4:
            steps.append({"absent": _event_name(), **_seldom_where(), **within})
        else:
            soon = within if random.random() < 0.7 else {}
            steps.append({"event": random.choice(EVENTS), **_seldom_where(), **soon})
    return {"sequence": steps, **_window()}


def _clock() -> Json:
    times = ["00:00", "06:00", "08:30", "12:00:01", "18:00", "23:59"]
    return random.choice([
        {"clock": "time", "op": random.choice(["between", "not_between"]), "value": random.choices(times, k=2)},
        {"clock": "time", "op": random.choice(["before", "after"]), "value": random.choice(times)},
        {"clock": "weekday", "op": random.choice(["in", "not_in"]), "value": random.choices(range(1, 8), k=3)},
        {"clock": "weekday", "op": random.choice(["eq", "ne"]), "value": random.randrange(1, 8)},
        {"clock": "date", "op": random.choice(["before", "after", "on"]), "value": instant().date().isoformat()},
        {"clock": "workday", "op": "eq", "value": random.random() < 0.5},
    ])  # fmt: skip


def _consent() -> Json:
    said = random.choice(["given", "withdrawn", "unknown"])
    return {"consent": random.choice(CHANNELS), "category": random.choice(CATEGORIES), "is": said}


_LEAVES: list[Callable[[], Json]] = [
    _attribute, _attribute, _tag, _event, _event, _event, _sequence, _sequence, _clock, _consent,
    lambda: {"identity": random.choice(IDENTITIES), "op": random.choice(["is_set", "not_set"])},
    lambda: {"audience": random.choice(AUDIENCES)},
]  # fmt: skip
