"""Which shards a wave holds. One owner per person at a time comes from here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from itinera.kit import sqlfile, wire
from itinera.kit.wire import Cursor

SQL = sqlfile.queries(__file__, "claim.sql")
MOST_SHARDS = 16
"""A wave takes at most so many, and at most half of those with work, so that no worker starves."""


@dataclass(frozen=True)
class Claim:
    """The shards held, and the wave's instant: the clock, but never behind an earlier wave's."""

    shards: NDArray[np.int16]
    at: int


def with_work(cursor: Cursor, horizon: int, paused: list[int]) -> NDArray[np.int16]:
    """The shards that have something to do by the horizon (microseconds since 1970)."""
    params = {"horizon": wire.moment(horizon), "paused": paused}
    ids: NDArray[np.int16] = wire.fetch_columns(cursor, SQL["shards_with_work"], params)["id"]
    return ids.astype(np.int16)


def take(cursor: Cursor, candidates: NDArray[np.int16], now: int, offset: int) -> Claim:
    """Lock some of the candidates; must be the transaction's first statement.

    `offset` turns the list, so that workers that start together reach for different shards.
    """
    most = min(MOST_SHARDS, -(-len(candidates) // 2))
    start = offset % max(len(candidates), 1)
    wanted = np.roll(candidates, -start)[: 2 * most]
    cursor.execute(SQL["take"], {"shards": wanted, "most": most, "now": wire.moment(now)})
    rows = cursor.fetchall()
    held = np.array(sorted(row[0] for row in rows), dtype=np.int16)
    return Claim(held, max([now, *(wire.micros(row[1]) for row in rows)]))


def hold_all(cursor: Cursor) -> None:
    """Hold every shard until the end of the transaction: no wave is under way that has seen less than we have."""
    cursor.execute(SQL["hold_all"])
