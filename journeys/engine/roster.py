"""The enrolments of a wave's people, in memory, as arrays that run in step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from itinera.kit import sqlfile, wire
from itinera.kit.wire import NEVER, Cursor, Ids

SQL = sqlfile.queries(__file__, "roster.sql")
Rows = NDArray[np.int64]
"""Positions in the roster."""

_TYPES: Mapping[str, tuple[str, object]] = {
    "profile": ("i8", 0),
    "shard": ("i2", 0),
    "journey": ("i4", 0),
    "version": ("i4", 0),
    "seq": ("i4", 0),
    "node": ("i2", 0),
    "stamp": ("i4", 0),
    "entered": ("i8", NEVER),
    "node_at": ("i8", NEVER),
    "due": ("i8", NEVER),
    "left": ("i8", NEVER),
    "reason": ("i2", 0),
    "goal_at": ("i8", NEVER),
    "goal_value": ("f8", np.nan),
    "hold": ("i2", 0),
    "held_since": ("i8", NEVER),
    "entry_event": ("i8", 0),
    "place": ("O", None),
    "key": ("O", None),
    "data": ("O", None),
    "fresh": ("?", False),
    "dirty": ("?", False),
    "moved": ("?", False),
}


class Roster:
    """Rows are appended and changed, never removed.

    `fresh` and `dirty` tell commit what to insert and what to update, `moved` whom to park anew.
    Instants are microseconds since 1970, `NEVER` where there is none. A row is active while `left`
    is `NEVER`.
    """

    profile: Ids
    shard: NDArray[np.int16]
    journey: NDArray[np.int32]
    version: NDArray[np.int32]
    seq: NDArray[np.int32]
    node: NDArray[np.int16]
    stamp: NDArray[np.int32]
    entered: wire.Instants
    node_at: wire.Instants
    due: wire.Instants
    left: wire.Instants
    reason: NDArray[np.int16]
    goal_at: wire.Instants
    goal_value: NDArray[np.float64]
    hold: NDArray[np.int16]
    held_since: wire.Instants
    entry_event: Ids
    place: NDArray[np.object_]
    key: NDArray[np.object_]
    data: NDArray[np.object_]
    fresh: NDArray[np.bool_]
    dirty: NDArray[np.bool_]
    moved: NDArray[np.bool_]

    def __init__(self) -> None:
        self.count = 0
        self._room = 0
        self._order: Rows | None = None
        for name, (kind, _) in _TYPES.items():
            setattr(self, "_" + name, np.empty(0, dtype=kind))
        self._show()

    def _show(self) -> None:
        """Make the public arrays views of the used part of the store."""
        for name in _TYPES:
            setattr(self, name, getattr(self, "_" + name)[: self.count])

    def append(self, count: int, **columns: Any) -> Rows:
        """Add rows; columns that are not given take their empty value."""
        start, self.count = self.count, self.count + count
        if self.count > self._room:
            self._room = max(self.count, 2 * self._room, 256)
            for name, (kind, empty) in _TYPES.items():
                wider = np.full(self._room, empty, dtype=kind)
                wider[:start] = getattr(self, "_" + name)[:start]
                setattr(self, "_" + name, wider)
        self._show()
        for name, values in columns.items():
            getattr(self, name)[start:] = values
        self._order = None
        return np.arange(start, self.count)

    def active(self) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = self.left == NEVER
        return found

    def of(self, profiles: Ids, journey: int) -> tuple[Rows, NDArray[np.int64]]:
        """Rows of these people in one journey, and for each row the position of its person."""
        if self._order is None:
            self._order = np.lexsort((self.profile, self.journey))
        order = self._order
        left = np.searchsorted(self.journey[order], journey, "left")
        right = np.searchsorted(self.journey[order], journey, "right")
        within = order[left:right]
        mine = self.profile[within]
        first = np.searchsorted(mine, profiles, "left")
        counts = np.searchsorted(mine, profiles, "right") - first
        person = np.repeat(np.arange(len(profiles)), counts)
        offset = np.arange(len(person)) - np.repeat(np.cumsum(counts) - counts, counts)
        return within[np.repeat(first, counts) + offset], person

    def end(self, rows: Rows, at: wire.Instants, reason: int) -> None:
        """These walks are over. The instant never lies before the last step."""
        self.left[rows] = np.maximum(at, np.maximum(self.node_at[rows], self.entered[rows]))
        self.reason[rows] = reason
        self.due[rows] = NEVER
        self.hold[rows] = 0
        self.touch(rows)

    def touch(self, rows: Rows) -> None:
        """Every park, wake, move and leave bumps the stamp: chunks written before are stale."""
        self.stamp[rows] += 1
        self.dirty[rows] = True
        self.moved[rows] = True


def filled(cells: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Which cells of a column of objects hold something."""
    return np.fromiter((value is not None for value in cells), dtype=bool, count=len(cells))


def load(cursor: Cursor, roster: Roster, sql: str, params: Mapping[str, object]) -> None:
    """Append the rows that one of the statements of `roster.sql` finds."""
    found = wire.fetch_columns(cursor, SQL[sql], params)
    count = len(found["profile"])
    if not count:
        return
    # Read by the reader that wrote it: psycopg's makes numbers of any length, which could not be written again.
    carried = [None if text is None else orjson.loads(text) for text in found.pop("data")]
    objects = {name: _objects(found.pop(name)) for name in ("place", "key")}
    roster.append(count, **objects, data=_objects(carried), **found)


def _objects(values: list[Any]) -> NDArray[np.object_]:
    cells = np.empty(len(values), dtype=object)
    cells[:] = values
    return cells
