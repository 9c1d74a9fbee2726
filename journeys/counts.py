"""The figures on the canvas: people from the counters per shard, messages from theirs (`itinera.kit.counters`)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db import connection

from itinera.kit import sqlfile
from journeys.canvas.plan import Plan
from journeys.engine.plans import PLANS
from journeys.models import ExitReason, Journey
from journeys.models.tally import NODE_EXITS, NODE_GOALS, PORT_GONE, PORT_IN

SQL = sqlfile.queries(__file__, "counts.sql")


def journey_counts(journey: Journey) -> dict[str, Any]:
    """Of the version that people enter now: per node in, at and out by port; exits, goals; messages by status.

    `at` is who stands there: who came in, less who left by a port or from the node itself.
    """
    if journey.live_version_id is None:
        return {"nodes": {}, "exits": {}, "goals": 0, "messages": {}, "node_messages": {}}
    version = journey.live_version_id
    with connection.cursor() as cursor:
        plan = PLANS.of(cursor, [version])[version]
    by_node = _messages(version, plan)
    messages = sum((Counter(found) for found in by_node.values()), Counter[int]())
    return {**version_counts(version, plan), "messages": dict(messages), "node_messages": by_node}


def version_counts(version_id: int, plan: Plan) -> dict[str, Any]:
    """Of one version, in a replay too: there messages are rows, and no counter."""
    nodes: dict[str, dict[str, Any]] = {
        node.id: {"in": 0, "at": 0, "out": dict.fromkeys(node.ports, 0)} for node in plan.by_index
    }
    exits: dict[str, int] = {}
    goals = 0
    for index, port, n in _rows("tallies", version_id):
        if index == NODE_EXITS:
            exits[ExitReason(port).label] = n
        elif index == NODE_GOALS:
            goals = n
        else:
            _add(nodes[plan.by_index[index].id], plan.by_index[index].ports, port, n)
    return {"nodes": nodes, "exits": exits, "goals": goals}


def _messages(version_id: int, plan: Plan) -> dict[str, dict[int, int]]:
    found: dict[str, dict[int, int]] = {}
    for index, status, n in _rows("messages", version_id):
        found.setdefault(plan.by_index[index].id, {})[status] = n
    return found


def _add(node: dict[str, Any], ports: tuple[str, ...], port: int, n: int) -> None:
    if port == PORT_IN:
        node["in"] += n
        node["at"] += n
        return
    node["at"] -= n
    if port != PORT_GONE:
        node["out"][ports[port]] += n


def _rows(query: str, version_id: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(SQL[query], {"version": version_id})
        return list(cursor.fetchall())
