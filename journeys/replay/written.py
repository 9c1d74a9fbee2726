"""Writes what happened in a replay: messages, steps and figures, in the contract's formats and in a fixed order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from django.db import connection

from channels_out import policy
from itinera.kit import sqlfile
from journeys.counts import version_counts
from journeys.engine.ledger import LEFT, PORT_BITS, WAITS
from journeys.engine.world import LiveVersion, World

SQL = sqlfile.queries(__file__, "replay.sql")
_LAST = (1 << PORT_BITS) - 1


def write(world: World, out: Path) -> dict[str, int]:
    """The three files; answers how many lines each has."""
    out.mkdir(parents=True, exist_ok=True)
    messages = sorted(_messages(world), key=_by_time)
    steps = list(_steps(world))
    nodes = {version.slug: _figures(version) for version in world.versions}
    _lines(out / "messages.jsonl", messages)
    _lines(out / "steps.jsonl", steps)
    (out / "nodes.json").write_bytes(orjson.dumps(nodes, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n")
    return {"messages": len(messages), "steps": len(steps)}


def _figures(version: LiveVersion) -> dict[str, Any]:
    found = version_counts(version.id, version.plan)
    return {key: found[key] for key in ("nodes", "exits", "goals")}


def _lines(path: Path, values: list[dict[str, Any]]) -> None:
    with path.open("wb") as file:
        file.writelines(orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE) for value in values)


def _by_time(line: dict[str, Any]) -> tuple[Any, ...]:
    # The number of the walk orders one person's messages of one instant at one node; it is not part of the line.
    return (datetime.fromisoformat(line["at"]), line["profile"], line["node"], line["journey"])


def _rows(query: str) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(SQL[query])
        yield from cursor.fetchall()


def _messages(world: World) -> Iterator[dict[str, Any]]:
    for profile, journey, node, channel, at, status, reason, variant, content in _rows("messages"):
        yield {
            "profile": profile, "journey": journey, "node": node, "channel": channel, "at": _text(at),
            "status": status, "reason": reason, "variant": variant,
            "content": orjson.loads(content) if isinstance(content, str) else content,
        }  # fmt: skip
    slugs = {version.id: version for version in world.versions}
    for profile, version_id, node, at, reason in _rows("held"):
        version = slugs[version_id]
        step = version.plan.by_index[node]
        assert step.needs.message is not None
        yield {
            "profile": profile, "journey": version.slug, "node": step.id, "channel": step.needs.message.channel,
            "at": _text(at), "status": "held", "reason": policy.REASONS[reason], "variant": None, "content": None,
        }  # fmt: skip


def _steps(world: World) -> Iterator[dict[str, Any]]:
    """Each walk's nodes in its order; a wait is opened by one path row and closed by a later one."""
    versions = {version.id: version for version in world.versions}
    walk: tuple[Any, ...] | None = None
    waiting: dict[str, Any] | None = None
    for profile, version_id, seq, at, codes in _rows("paths"):
        version = versions[version_id]
        if walk != (profile, version_id, seq):
            if waiting is not None:
                yield waiting
            walk, waiting = (profile, version_id, seq), None
        for code in codes:
            index, port = code >> PORT_BITS, code & _LAST
            node = version.plan.by_index[index]
            step = waiting or {
                "profile": profile, "journey": version.slug, "enrolment": seq, "node": node.id,
                "port": None, "at": _text(at), "left": None,
            }  # fmt: skip
            waiting = None
            if port == WAITS:
                waiting = step
                continue
            step["port"] = None if port == LEFT else node.ports[port]
            step["left"] = _text(at)
            yield step
    if waiting is not None:
        yield waiting


def _text(at: datetime) -> str:
    return at.isoformat()
