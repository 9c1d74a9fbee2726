"""What a wave's people have to do, read from the feed and the chunks, in the order it must happen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from itinera.kit import sqlfile, wire
from itinera.kit.wire import Cursor, Ids, Instants
from journeys.models import ChunkKind

SQL = sqlfile.queries(__file__, "claim.sql")
_MOST_CHUNKS = 4000
_SHARDS = 64


class Kind(IntEnum):
    """In the order in which things of one instant happen to one person."""

    EVENT = 0  # a line of the feed
    OUTCOME = 1  # what became of a message for which she waits
    STAY = 2  # she has been inside for as long as she may
    ENTRY = 3  # a schedule lets her in
    DUE = 4  # the time she waited for has come


_OF_CHUNK = {ChunkKind.STEP: Kind.DUE, ChunkKind.ENTRY: Kind.ENTRY, ChunkKind.STAY: Kind.STAY}


@dataclass
class Items:
    """Arrays that run in step. `order` breaks ties within an instant: the feed's id, the file's order.

    `version` 0 means every version that listens; `body` is the event's properties as JSON text.
    """

    profile: Ids
    shard: NDArray[np.int16]
    at: Instants
    kind: NDArray[np.int8]
    order: NDArray[np.int64]
    type_id: NDArray[np.int32]
    version: NDArray[np.int32]
    node: NDArray[np.int16]
    port: NDArray[np.int16]
    seq: NDArray[np.int32]
    stamp: NDArray[np.int32]
    event_id: Ids
    body: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.profile)

    def pick(self, which: NDArray[Any]) -> Items:
        """The items at these positions (or under this mask)."""
        return Items(*[getattr(self, name)[which] for name in _NAMES])

    def sort(self) -> Items:
        """By person, then instant, then kind, then order."""
        return self.pick(np.lexsort((self.order, self.kind, self.at, self.profile)))


_NAMES = tuple(f.name for f in fields(Items))
_TYPES = {
    "profile": "i8", "shard": "i2", "at": "i8", "kind": "i1", "order": "i8", "type_id": "i4", "version": "i4",
    "node": "i2", "port": "i2", "seq": "i4", "stamp": "i4", "event_id": "i8", "body": "O",
}  # fmt: skip


def make(count: int, **columns: Any) -> Items:
    """Items from the columns that matter; the others are zero (`body`: None)."""
    made: dict[str, NDArray[Any]] = {}
    for name, kind in _TYPES.items():
        made[name] = np.full(count, None if kind == "O" else 0, dtype=kind)
        if name in columns:
            made[name][:] = columns[name]
    return Items(**made)


def join(parts: Iterable[Items]) -> Items:
    found = [part for part in parts if len(part)]
    if len(found) == 1:
        return found[0]
    if not found:
        return make(0)
    return Items(*[np.concatenate([getattr(part, name) for part in found]) for name in _NAMES])


@dataclass(frozen=True)
class Intake:
    """What was read, and the ids of the rows that the commit must consume.

    `horizons` says of each of the 64 shards up to which instant everything was read: nothing later may happen
    there in this wave, or it would overtake what is still unread.
    """

    items: Items
    feed_shards: NDArray[np.int16]
    feed_ids: Ids
    chunk_ids: list[int]
    horizons: Instants
    more: bool


def read(cursor: Cursor, shards: NDArray[np.int16], horizon: int, people: int, paused: list[int]) -> Intake:
    """The work of the held shards up to the horizon, about `people` people of it."""
    horizons = np.full(_SHARDS, horizon)
    per_shard = max(people // max(len(shards), 1), 1)
    feed = _feed(cursor, shards, horizon, per_shard)
    held, counts = np.unique(feed.shard, return_counts=True)
    cut = held[counts >= per_shard]
    for shard in cut:
        horizons[shard] = feed.at[feed.shard == shard].max()
    chunks, chunk_ids, upto = _chunks(cursor, shards, horizons, people, paused)
    if upto is not None:
        horizons = np.minimum(horizons, upto)
    feed = feed.pick(feed.at <= horizons[feed.shard])
    more = bool(len(cut)) or upto is not None
    return Intake(join([feed, chunks]), feed.shard, feed.order, chunk_ids, horizons, more)


def _feed(cursor: Cursor, shards: NDArray[np.int16], horizon: int, per_shard: int) -> Items:
    params = {"shards": shards, "horizon": wire.moment(horizon), "per_shard": per_shard}
    found = wire.fetch_columns(cursor, SQL["feed"], params)
    ids = found.pop("id")
    body = np.empty(len(ids), dtype=object)
    body[:] = found.pop("body")
    return make(len(ids), order=ids, body=body, **found)


def _chunks(
    cursor: Cursor, shards: NDArray[np.int16], horizons: Instants, people: int, paused: list[int]
) -> tuple[Items, list[int], int | None]:
    """Chunks, their ids, and up to when they may happen, because some did not fit (None: all did)."""
    params: dict[str, object] = {"shards": shards, "people": people, "paused": paused, "chunks": _MOST_CHUNKS}
    cursor.execute(SQL["chunks"], {**params, "horizons": wire.instants(horizons[shards])})
    rows = cursor.fetchall()
    found, taken = join(members(row) for row in rows), [row[0] for row in rows]
    if len(found) < people and len(rows) < _MOST_CHUNKS:
        return found, taken, None
    params = {"shards": shards, "horizon": wire.moment(int(horizons.max())), "paused": paused, "taken": taken}
    cursor.execute(SQL["next_due"], params)
    (unread,) = cursor.fetchone()
    if unread is None:
        return found, taken, None
    # Chunks of one instant may be of different people: what begins as late as the last that was taken may happen.
    return found, taken, max(wire.micros(unread) - 1, wire.micros(rows[-1][5]))


def members(row: tuple[Any, ...]) -> Items:
    """The people of one chunk, as `claim.sql` gives it."""
    _, shard, version, node, kind, due_at, profiles, seqs, stamps, dues = row
    return make(
        len(profiles),
        profile=profiles,
        shard=shard,
        at=wire.micros(due_at) if dues is None else dues,
        kind=_OF_CHUNK[ChunkKind(kind)],
        version=version,
        node=node,
        seq=0 if seqs is None else seqs,
        stamp=0 if stamps is None else stamps,
    )
