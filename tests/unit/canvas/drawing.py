"""Makes canvas documents for tests."""

from __future__ import annotations

import copy
from typing import Any

from itinera.kit.errors import Problem
from journeys.canvas.problems import check
from journeys.canvas.world import NullWorld

TODAY = 20_000

NODES: dict[str, dict[str, Any]] = {
    "t": {"type": "trigger.event", "config": {"event": "order_paid"}},
    "c": {"type": "condition", "config": {"rule": {"attribute": "city", "op": "eq", "value": "上海"}}},
    "d": {"type": "delay.for", "config": {"duration": "P7D"}},
    "m": {"type": "message", "config": {"channel": "sms", "content": {"text": "你好 {{ profile.name }}"}}},
    "w": {"type": "wait.event", "config": {"paths": [{"id": "paid", "event": "order_paid"}], "timeout": "P3D"}},
    "x": {"type": "exit"},
}
EDGES = ["t.next c", "c.yes d", "c.no m", "d.next w", "w.paid m", "m.next x"]


def canvas(
    nodes: dict[str, dict[str, Any]] | None = None, edges: list[str] | None = None, **more: Any
) -> dict[str, Any]:
    """A document; edges are written `from.port to`."""
    drawn = NODES if nodes is None else nodes
    lines = [edge.replace(".", " ", 1).split() for edge in (EDGES if edges is None else edges)]
    return copy.deepcopy(
        {
            "format": 1,
            "name": "新客欢迎",
            "slug": "welcome",
            "nodes": [{"id": id_, **node} for id_, node in drawn.items()],
            "edges": [{"from": source, "port": port, "to": target} for source, port, target in lines],
            **more,
        }
    )


def problems(document: object) -> list[Problem]:
    """What is wrong with it, without a workspace."""
    return check(document, NullWorld(TODAY))


def codes(document: object) -> list[str]:
    return [problem.code for problem in problems(document)]


def told(document: object) -> list[tuple[str, str | None, str | None]]:
    """Code, node and path of every problem."""
    return [(problem.code, problem.node, problem.path) for problem in problems(document)]
