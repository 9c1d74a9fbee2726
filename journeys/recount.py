"""Whether the counters say what the rows say. May be asked at any time, while everything is moving.

Each kind of counter is compared in one statement, that is in one snapshot: rows and their counter are written in one
transaction, so a snapshot sees both or neither, and whatever differs in it is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from channels_out.models import MessageStatus
from itinera.kit import sqlfile
from itinera.kit.wire import Cursor, django_cursor
from journeys.canvas.plan import PlanNode
from journeys.engine.plans import PLANS
from journeys.models import ExitReason, Version
from journeys.models.tally import NODE_EXITS, NODE_GOALS, PORT_GONE, PORT_IN

SQL = sqlfile.queries(__file__, "recount.sql")
_REASONS = dict(ExitReason.choices)
_STATUSES = {status.value: status.name.lower() for status in MessageStatus}


@dataclass(frozen=True, slots=True)
class Difference:
    """A counter that is wrong: of people, messages or entries, where, what it says, and what the rows say."""

    kind: str
    place: str
    counted: int
    found: int


def differences() -> list[Difference]:
    """All of them, by version and node; none, if all is well."""
    cursor = django_cursor()
    return [*_people(cursor), *_messages(cursor), *_entries(cursor)]


def _people(cursor: Cursor) -> Iterator[Difference]:
    cursor.execute(SQL["people"], {"filtered": int(ExitReason.FILTERED)})
    rows = cursor.fetchall()
    names = _Names({version for version, *_ in rows})
    for version, node, port, shard, counted, found in rows:
        yield Difference("people", f"{names.of_tally(version, node, port)}, shard {shard}", counted, found)


def _messages(cursor: Cursor) -> Iterator[Difference]:
    cursor.execute(SQL["messages"])
    rows = cursor.fetchall()
    names = _Names({version for version, *_ in rows})
    for version, node, status, counted, found in rows:
        place = f"{names.of_node(version, node)} {_STATUSES.get(status, status)}"
        yield Difference("messages", place, counted, found)


def _entries(cursor: Cursor) -> Iterator[Difference]:
    cursor.execute(SQL["entries"])
    for slug, quarter, counted, found in cursor.fetchall():
        yield Difference("entries", f"{slug} {quarter:%Y-%m-%d %H:%M}Z", counted, found)


class _Names:
    """What versions, nodes and ports are called; a number where a row speaks of what does not exist."""

    def __init__(self, versions: set[int]) -> None:
        known = Version.objects.filter(pk__in=versions).select_related("journey")
        self._versions = {version.pk: str(version) for version in known}
        with connection.cursor() as cursor:
            self._plans = PLANS.of(cursor, sorted(self._versions))

    def of_tally(self, version: int, node: int, port: int) -> str:
        if node == NODE_EXITS:
            return f"{self._version(version)} exits {_REASONS.get(port, port)}"
        if node == NODE_GOALS:
            return f"{self._version(version)} goals"
        return f"{self.of_node(version, node)} {self._port(version, node, port)}"

    def of_node(self, version: int, node: int) -> str:
        found = self._node(version, node)
        return f"{self._version(version)} {f'node {node}' if found is None else found.id}"

    def _port(self, version: int, node: int, port: int) -> str:
        if port in (PORT_IN, PORT_GONE):
            return "in" if port == PORT_IN else "left"
        found = self._node(version, node)
        ports = () if found is None else found.ports
        return ports[port] if port < len(ports) else f"port {port}"

    def _node(self, version: int, node: int) -> PlanNode | None:
        plan = self._plans.get(version)
        return plan.by_index[node] if plan is not None and node < len(plan.by_index) else None

    def _version(self, version: int) -> str:
        return self._versions.get(version, f"version {version}")
