"""Parks people anew: out of the chunks of the shard that they leave, into fresh ones where they are now."""

from __future__ import annotations

from typing import Any

import numpy as np

from audiences.followers import Pairs
from audiences.models import SHARDS
from itinera.kit import sqlfile, wire
from itinera.kit.wire import Cursor, Ids
from journeys.engine import park
from journeys.engine.items import Items, Kind, join, make, members

SQL = sqlfile.queries(__file__, "walks.sql")


def move(cursor: Cursor, pairs: Pairs) -> None:
    """Everybody who waited is parked anew; the others in their chunks stay there. The walks have moved before."""
    found, numbers = _holding(cursor, pairs.merged)
    hers = np.isin(found.profile, pairs.merged)
    # Steps are parked by what the walks themselves say: those in the chunks may be stale.
    coming = _renamed(found.pick(hers & (found.kind != Kind.DUE)), pairs)
    if numbers:
        cursor.execute(SQL["consume"], {"ids": numbers})
    park.put_back(cursor, join([found.pick(~hers), _once(cursor, coming), _steps(cursor, pairs)]))


def _holding(cursor: Cursor, profiles: Ids) -> tuple[Items, list[int]]:
    """All members of the chunks in which any of these lies, and the chunks' ids."""
    shards = np.unique(profiles % SHARDS).astype(np.int16)
    cursor.execute(SQL["chunks_with"], {"shards": shards, "profiles": profiles})
    rows = cursor.fetchall()
    return join(members(row) for row in rows), [row[0] for row in rows]


def _renamed(items: Items, pairs: Pairs) -> Items:
    """Entries and ends of stay, as the survivors'."""
    order = np.argsort(pairs.merged)
    place = order[np.searchsorted(pairs.merged[order], items.profile)]
    items.profile = pairs.survivor[place]
    items.shard = (items.profile % SHARDS).astype(np.int16)
    items.seq = np.where(items.kind == Kind.STAY, items.seq + pairs.lift[place], items.seq).astype(np.int32)
    return items


def _once(cursor: Cursor, coming: Items) -> Items:
    """One run of a schedule lets one person in once, however many profiles she was when it was read."""
    entries = coming.pick(coming.kind == Kind.ENTRY)
    if not len(entries):
        return coming
    there, _ = _holding(cursor, np.unique(entries.profile))
    taken = {_entry(there, i) for i in np.flatnonzero(there.kind == Kind.ENTRY).tolist()}
    keep = np.ones(len(coming), dtype=bool)
    for i in np.flatnonzero(coming.kind == Kind.ENTRY).tolist():
        entry = _entry(coming, i)
        keep[i] = entry not in taken
        taken.add(entry)
    return coming.pick(keep)


def _entry(items: Items, i: int) -> tuple[int, ...]:
    return tuple(int(column[i]) for column in (items.profile, items.version, items.node, items.at))


def _steps(cursor: Cursor, pairs: Pairs) -> Items:
    """The waits of walks that have just moved, by the stamps that they have now."""
    params: dict[str, Any] = {"profiles": pairs.survivor, "after": pairs.lift}
    found = wire.fetch_columns(cursor, SQL["waits"], params)
    count = len(found["profile"])
    return make(count, kind=Kind.DUE, shard=(found["profile"] % SHARDS), **found) if count else make(0)
