"""Values that make a step raise. None of them gets past ingestion: they stand for what nobody thought of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.integration.engine import scene
from tests.integration.engine.scene import NOON, ask, events, member

Poison = Callable[[str], object]

SECRET = "王小明"
"""A name that must never be found in an error."""
BEYOND = "9e131071"
"""The largest power of ten that the database holds; twice of it is more than it holds."""
OVERFLOWING: dict[str, Any] = {
    "event": "seen", "measure": "sum", "property": "n", "op": "gt", "value": 1, "window": {"last": "P30D"},
}  # fmt: skip
"""A rule that raises for whoever drank `overflow`."""
BIRTHDAY = {"attribute": "birthday", "op": "in_last", "value": "P1D"}
"""A rule that reads the clock of her zone."""


def number(name: str) -> None:
    """An attribute `points` that no program can read as a number."""
    _attribute(name, "%s::numeric", BEYOND)


def nines(name: str) -> None:
    """An attribute `points` to which nothing can be added."""
    _attribute(name, "repeat(%s, 131072)::numeric", "9")


def text(value: str) -> Poison:
    """An attribute `points` that is this text."""
    return lambda name: _attribute(name, "%s::text", value)


def shape(json: str) -> Poison:
    """An attribute `points` of this JSON."""
    return lambda name: _attribute(name, "%s::jsonb", json)


def _attribute(name: str, value: str, given: str) -> None:
    sql = f"UPDATE profile SET attributes = attributes || jsonb_build_object('points', {value}) WHERE id = %s"
    ask(f"{sql} RETURNING 1", given, member(name))


def overflow(name: str) -> None:
    """Two events whose sum is more than the database holds."""
    events([name, name], "seen", at=NOON - scene.HOUR)
    _properties(name, f"""'{{"n": {BEYOND}}}'""")


def unreadable(name: str) -> None:
    """An event that has a number that no program can read."""
    events([name], "seen", at=NOON)
    _properties(name, f"""'{{"n": {BEYOND}}}'""")


def _properties(name: str, json: str) -> None:
    sql = f"UPDATE event SET properties = {json} FROM event_type t WHERE t.id = type_id AND t.name = 'seen'"
    ask(f"{sql} AND profile_id = %s RETURNING 1", member(name))


def zone(name: str) -> None:
    """A time zone that the database does not know."""
    ask("UPDATE profile SET zone = %s WHERE id = %s RETURNING 1", f"Nowhere/{SECRET}", member(name))


def erase(name: str) -> None:
    """Her profile is gone in the midst of her walk."""
    number_ = member(name)
    ask("DELETE FROM identity WHERE profile_id = %s RETURNING 1", number_)
    ask("DELETE FROM profile WHERE id = %s RETURNING 1", number_)
