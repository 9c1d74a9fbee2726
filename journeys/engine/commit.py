"""Writes what a wave decided: new walks and paths by COPY, the rest one statement each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from channels_out import outbox
from itinera.kit import copy, sqlfile, wire
from itinera.kit.wire import NEVER, Cursor
from journeys import entries
from journeys.engine.faults import WalkFailed
from journeys.engine.items import Items
from journeys.engine.ledger import Ledger, PathBlock
from journeys.engine.roster import Roster, Rows, filled

SQL = sqlfile.queries(__file__, "commit.sql")
_ENROLMENT = (
    "COPY enrolment (shard, journey_id, profile_id, seq, version_id, node, stamp, entered_at, node_at{more})"
    " FROM STDIN (FORMAT binary)"
)
_PATH = "COPY path (shard, version_id, profile_id, seq, stamp, at, codes) FROM STDIN (FORMAT binary)"
_REST = ("due_at", "left_at", "reason", "key", "entry_event", "goal_at", "goal_value", "hold", "held_since", "data")


def write(cursor: Cursor, roster: Roster, ledger: Ledger) -> None:
    """Everything but the parked people and the consumed work."""
    fresh = np.flatnonzero(roster.fresh)
    moved = np.flatnonzero(roster.dirty & ~roster.fresh)
    _insert(cursor, roster, fresh)
    entries.count(cursor, roster.journey[fresh], roster.entered[fresh])
    _move(cursor, roster, moved)
    _paths(cursor, ledger.paths)
    outbox.write(cursor, ledger.messages)
    _count(cursor, ledger)
    for version, items in ledger.held:
        _hold(cursor, version, items)


def consume(cursor: Cursor, shards: NDArray[np.int16], feed_ids: wire.Ids, chunk_ids: list[int]) -> None:
    if len(feed_ids):
        cursor.execute(SQL["consume_feed"], {"shards": shards, "ids": feed_ids})
    if chunk_ids:
        cursor.execute(SQL["consume_chunks"], {"ids": chunk_ids})


def _insert(cursor: Cursor, roster: Roster, rows: Rows) -> None:
    """New walks. Those that only wait (the many) go in binary; the others carry nulls and JSON."""
    plain = rows[_is_plain(roster, rows)]
    if len(plain):
        columns: list[copy.Column] = _fixed(roster, plain)
        shapes = copy.groups(roster.due[plain] == NEVER)
        for group in shapes:
            due = roster.due[plain[group]]
            some = [(kind, values[group]) for kind, values in columns]
            if due[0] == NEVER:
                copy.write(cursor, _ENROLMENT.format(more=""), [copy.rows(some)])
            else:
                copy.write(cursor, _ENROLMENT.format(more=", due_at"), [copy.rows([*some, ("t8", due)])])
    odd = rows[~_is_plain(roster, rows)]
    if len(odd):
        _insert_odd(cursor, roster, odd)


def _is_plain(roster: Roster, rows: Rows) -> NDArray[np.bool_]:
    bare = ~(filled(roster.key[rows]) | filled(roster.data[rows]))
    found: NDArray[np.bool_] = bare & (roster.entry_event[rows] == 0) & (roster.left[rows] == NEVER)
    found &= (roster.goal_at[rows] == NEVER) & (roster.hold[rows] == 0)
    return found


def _fixed(roster: Roster, rows: Rows) -> list[copy.Column]:
    return [
        ("i2", roster.shard[rows]),
        ("i4", roster.journey[rows]),
        ("i8", roster.profile[rows]),
        ("i4", roster.seq[rows]),
        ("i4", roster.version[rows]),
        ("i2", roster.node[rows]),
        ("i4", roster.stamp[rows]),
        ("t8", roster.entered[rows]),
        ("t8", roster.node_at[rows]),
    ]


def _insert_odd(cursor: Cursor, roster: Roster, rows: Rows) -> None:
    statement = _ENROLMENT.format(more="".join(f", {name}" for name in _REST)).replace(" (FORMAT binary)", "")
    fixed = [values for _, values in _fixed(roster, rows)]
    with cursor.copy(statement) as out:
        for i, row in enumerate(rows):
            head = [int(column[i]) for column in fixed[:7]]
            times = [wire.moment(fixed[7][i]), wire.moment(fixed[8][i])]
            out.write_row([*head, *times, *_rest(roster, int(row))])


def _rest(roster: Roster, row: int) -> list[object]:
    value, data = roster.goal_value[row], roster.data[row]
    return [
        _moment(roster.due[row]),
        _moment(roster.left[row]),
        int(roster.reason[row]) or None,
        roster.key[row],
        int(roster.entry_event[row]) or None,
        _moment(roster.goal_at[row]),
        None if np.isnan(value) else float(value),
        int(roster.hold[row]) or None,
        _moment(roster.held_since[row]),
        None if data is None else _json(roster, row),
    ]


def _moment(value: Any) -> object:
    return None if value == NEVER else wire.moment(value)


def _move(cursor: Cursor, roster: Roster, rows: Rows) -> None:
    if not len(rows):
        return
    params: dict[str, object] = {"place": list(roster.place[rows])}
    for name in ("node", "stamp", "reason", "hold", "goal_value"):
        params[name] = getattr(roster, name)[rows]
    for name in ("node_at", "due", "left", "goal_at", "held_since"):
        params[name] = wire.infinite(getattr(roster, name)[rows])
    params["data"] = _carried(roster, rows)
    cursor.execute(SQL["move_enrolments"], params)
    if cursor.rowcount != len(rows):
        # Somebody changed a walk without holding its shard: nothing of this wave may stand.
        raise RuntimeError(f"{cursor.rowcount} of {len(rows)} walks were where they had been read")


def _carried(roster: Roster, rows: Rows) -> list[str | None]:
    """What the walks carry, as JSON; an empty list (nulls for all) where none carries anything."""
    data = roster.data[rows]
    if not filled(data).any():
        return []
    return [None if value is None else _json(roster, row) for value, row in zip(data, rows.tolist(), strict=True)]


def _json(roster: Roster, row: int) -> str:
    """What one walk carries; what cannot be written (an event nested too deep) is laid at its version's door."""
    try:
        return orjson.dumps(roster.data[row]).decode()
    except TypeError as error:
        raise WalkFailed(int(roster.version[row]), "", error) from error


def _paths(cursor: Cursor, blocks: Iterable[PathBlock]) -> None:
    """One COPY; within it the paths of equal length are one array."""
    parts: list[bytes] = []
    for block in blocks:
        starts = np.cumsum(block.lengths) - block.lengths
        for group in copy.groups(block.lengths):
            length = int(block.lengths[group[0]])
            codes = block.codes[starts[group][:, None] + np.arange(length)]
            parts.append(
                copy.rows(
                    [
                        ("i2", block.shard[group]),
                        ("i4", np.full(len(group), block.version)),
                        ("i8", block.profile[group]),
                        ("i4", block.seq[group]),
                        ("i4", block.stamp[group]),
                        ("t8", block.at[group]),
                    ],
                    codes,
                )
            )
    if parts:
        copy.write(cursor, _PATH, parts)


def _count(cursor: Cursor, ledger: Ledger) -> None:
    shard, version, node, port, n = ledger.tallies()
    if len(n):
        params = {
            "shard": shard.astype(np.int16),
            "version": version.astype(np.int32),
            "node": node.astype(np.int16),
            "port": port.astype(np.int16),
            "n": n.astype(np.int64),
        }
        cursor.execute(SQL["count"], params)


def _hold(cursor: Cursor, version: int, items: Items) -> None:
    names = ("shard", "profile", "type_id", "event_id", "seq", "node", "port")
    params: dict[str, object] = {name: getattr(items, name) for name in names}
    params["kind"] = items.kind.astype(np.int16)
    params |= {"version": version, "at": wire.instants(items.at), "body": list(items.body)}
    cursor.execute(SQL["hold_feed"], params)
