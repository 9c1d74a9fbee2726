"""What pages, the API and the WebSocket show of a journey in numbers: per node, and as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from audiences.models import Workspace
from channels_out.models import MessageStatus
from itinera.kit import sqlfile
from journeys.counts import journey_counts
from journeys.entries import day_begins
from journeys.models import ExitReason, Journey
from journeys.models.tally import NODE_EXITS, NODE_GOALS
from journeys.recent import Recent

SQL = sqlfile.queries(__file__, "figures.sql")
SENT = (MessageStatus.SENT, MessageStatus.DELIVERED)

_figures: Recent[dict[str, Any]] = Recent(least=0.8)
_overviews: Recent[dict[int, Overview]] = Recent(least=5.0)


@dataclass(frozen=True, slots=True)
class Overview:
    """A journey's row in the list: people inside now, entered since midnight, goals and messages so far."""

    inside: int = 0
    entered_today: int = 0
    goals: int = 0
    sent: int = 0


def journey_figures(journey: Journey, now: datetime) -> dict[str, Any]:
    """The counts message of the contract: `nodes` are those of the live version, the rest is the whole journey.

    `inside` are the people in the live version, `older` those in versions before it. `node_messages` are the live
    version's messages by node that sends any, and status.
    """
    counts = journey_counts(journey)
    version = journey.live_version
    triggers = [] if version is None else [n["id"] for n in version.canvas["nodes"] if n["type"].startswith("trigger.")]
    exits, messages = Counter(counts["exits"]), Counter(_by_name(counts["messages"]))
    earlier = _earlier(journey)
    exits.update(earlier["exits"])
    messages.update(earlier["messages"])
    return {
        "type": "counts",
        "nodes": counts["nodes"],
        "entered": earlier["entered"] + sum(counts["nodes"][node]["in"] for node in triggers),
        "inside": sum(node["at"] for node in counts["nodes"].values()),
        "older": earlier["inside"],
        "goals": earlier["goals"] + counts["goals"],
        "exits": dict(exits),
        "messages": dict(messages),
        "node_messages": {node: _by_name(found) for node, found in counts["node_messages"].items()},
        "version": None if version is None else version.number,
        "status": journey.status,
        "at": now.isoformat(),
    }


def shared_figures(journey: Journey, now: datetime) -> dict[str, Any]:
    """The same for live viewers, who share one reading; a change of status or version is never kept back."""
    key = (journey.pk, journey.status, journey.live_version_id)
    return _figures.get(key, lambda: journey_figures(journey, now))


def overviews(journeys: Sequence[Journey], now: datetime) -> Mapping[int, Overview]:
    """By journey id. A few seconds old at most, longer only where reading takes long."""
    ids = sorted(journey.pk for journey in journeys)
    return _overviews.get(tuple(ids), lambda: _read_overviews(ids, now)) if ids else {}


def forget() -> None:
    """Drop what is remembered: for tests, where the database changes under us."""
    _figures.forget()
    _overviews.forget()


def _earlier(journey: Journey) -> dict[str, Any]:
    params = {"journey": journey.pk, "live": journey.live_version_id}
    found: dict[str, Any] = {"entered": 0, "inside": 0, "goals": 0, "exits": {}}
    for node, port, n, entered in _rows("earlier", params):
        if node == NODE_EXITS:
            found["exits"][ExitReason(port).label] = n
        elif node == NODE_GOALS:
            found["goals"] = n
        else:
            found["inside"], found["entered"] = n, entered or 0
    return {**found, "messages": _by_name(dict(_rows("earlier_messages", params)))}


def _by_name(messages: Mapping[int, int]) -> dict[str, int]:
    return {MessageStatus(status).name.lower(): n for status, n in messages.items()}


def _read_overviews(ids: list[int], now: datetime) -> dict[int, Overview]:
    midnight = day_begins(now, Workspace.objects.values_list("zone", flat=True).get())
    tallies = {journey: (inside, goals) for journey, inside, goals in _rows("overview", {"journeys": ids})}
    entered = dict(_rows("overview_entered", {"journeys": ids, "since": midnight}))
    sent = dict(_rows("overview_sent", {"journeys": ids, "sent": [int(status) for status in SENT]}))
    found = {}
    for each in ids:
        inside, goals = tallies.get(each, (0, 0))
        found[each] = Overview(inside, entered.get(each, 0), goals, sent.get(each, 0))
    return found


def _rows(query: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(SQL[query], params)
        return list(cursor.fetchall())
