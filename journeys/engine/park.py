"""Puts waiting people into chunks: one row for all who wait at one node until the same second."""

from __future__ import annotations

from typing import Any

import numpy as np
from psycopg.types.numeric import Int2, Int4

from itinera.kit import sqlfile, wire
from itinera.kit.wire import NEVER, Cursor, Instants
from journeys.engine.items import Items, Kind, join, make
from journeys.engine.ledger import Ledger
from journeys.engine.roster import Roster, Rows
from journeys.models import ChunkKind

SQL = sqlfile.queries(__file__, "park.sql")
MOST_MEMBERS = 10_000
_SECOND = 1_000_000
_CHUNK_KIND = {Kind.DUE: ChunkKind.STEP, Kind.ENTRY: ChunkKind.ENTRY, Kind.STAY: ChunkKind.STAY}


def park(cursor: Cursor, roster: Roster, ledger: Ledger) -> None:
    """Everybody touched in this wave who waits for a time; and the ends of stays that began in it."""
    rows = np.flatnonzero(roster.moved & (roster.left == NEVER) & (roster.due != NEVER))
    parts = [_waiting(roster, rows, roster.due[rows], Kind.DUE)]
    for entered, until in ledger.stays:
        inside = roster.left[entered] == NEVER
        parts.append(_waiting(roster, entered[inside], until[inside], Kind.STAY))
    put_back(cursor, join(parts))


def _waiting(roster: Roster, rows: Rows, due: Instants, kind: Kind) -> Items:
    step = kind == Kind.DUE
    return make(
        len(rows), profile=roster.profile[rows], shard=roster.shard[rows], at=due, kind=kind,
        version=roster.version[rows], node=roster.node[rows] if step else 0, seq=roster.seq[rows],
        stamp=roster.stamp[rows] if step else 0,
    )  # fmt: skip


def put_back(cursor: Cursor, items: Items) -> None:
    """Write things that are due later as chunks."""
    if not len(items):
        return
    second = items.at // _SECOND
    order = np.lexsort((items.profile, items.at, second, items.node, items.version, items.kind, items.shard))
    items, second = items.pick(order), second[order]
    keys = np.stack([items.shard, items.kind, items.version, items.node, second])
    changes = np.flatnonzero(np.any(np.diff(keys, axis=1) != 0, axis=0)) + 1
    cuts = np.union1d(changes, np.arange(MOST_MEMBERS, len(items), MOST_MEMBERS))
    with cursor.copy(SQL["add"]) as out:
        for members in np.split(np.arange(len(items)), cuts):
            out.write_row(_chunk(items.pick(members)))


def _chunk(members: Items) -> list[Any]:
    step = members.kind[0] == Kind.DUE
    return [
        Int2(members.shard[0]),
        Int4(members.version[0]),
        Int2(members.node[0]),
        Int2(_CHUNK_KIND[Kind(members.kind[0])]),
        wire.moment(members.at[0]),
        members.profile,
        members.seq,
        members.stamp if step else None,
        None if members.at[0] == members.at[-1] else members.at,
    ]
