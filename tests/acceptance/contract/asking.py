"""One person of whom rules are asked: her attributes, her orders, and a canvas with one condition per rule."""

from __future__ import annotations

from typing import Any

from tests.acceptance.drawing import Json, draw, event, node, person, start
from tests.acceptance.reading import ways
from tests.acceptance.run import Replay

AT = "2026-03-11T10:00+08:00"  # a Wednesday
OWN = {
    "city": "Shanghai",
    "age": 30,
    "spent": 99.5,
    "vip": True,
    "born": "1990-03-15",
    "seen": "2026-03-04T02:00:00+00:00",
    "likes": ["tea", "toys"],
    "none": [],
}
TYPES = {
    **dict.fromkeys(["city", "gone"], "text"),
    **dict.fromkeys(["age", "lost"], "number"),
    **dict.fromkeys(["born", "past"], "date"),
    **dict.fromkeys(["likes", "none", "lists"], "list"),
    "spent": "money",
    "vip": "boolean",
    "seen": "datetime",
}
CATALOGUE = {
    "attributes": [{"name": name, "type": kind} for name, kind in TYPES.items()],
    "events": [
        {
            "name": "order_paid",
            "properties": [{"name": "amount", "type": "number"}, {"name": "sku", "type": "text"}],
        }
    ],
}
SPENT = [
    event("2026-01-05T10:00+08:00", amount=10, sku="A"),
    event("2026-03-02T10:00+08:00", amount=20.5, sku="B"),
    event("2026-03-04T10:00+08:00", amount=0.1, sku="A"),
    event("2026-03-04T10:00:01+08:00", sku="C"),
    event("2026-03-11T09:00+08:00", amount=0.2, sku="B"),
]


def asks(replay: Replay, rules: list[Json], lines: list[Json] | None = None, zone: str | None = None) -> list[bool]:
    """What each rule says about one person at one instant: a canvas with one condition for each."""
    nodes = [node(f"c{place}", "condition", {"rule": rule}) for place, rule in enumerate(rules)]
    for place, each in enumerate(nodes[:-1]):
        each.ways.update(yes=f"c{place + 1}", no=f"c{place + 1}")
    canvas = draw(start("login"), *nodes)
    results = replay(
        [canvas],
        profiles=[person(attributes=OWN, **({"zone": zone} if zone else {}))],
        events=[*(SPENT if lines is None else lines), event(AT, "login")],
        workspace={"catalogue": CATALOGUE},
    )
    return [step.endswith(":yes") for step in ways(results).split()[1:]]


def of(name: str, op: str, value: Any = None) -> Json:
    leaf = {"attribute": name, "op": op}
    return leaf if op in {"is_set", "not_set", "is_empty"} else {**leaf, "value": value}
