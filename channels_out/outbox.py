"""Writes the wave's messages: one COPY for the lot.

Text, not binary: the wide columns (address, content) have no fixed width, and a line put together
by `join` costs less than a tuple put together field by field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np
import orjson
from numpy.typing import NDArray

from itinera.kit.wire import NEVER, Cursor, Ids, Instants

_COPY = """COPY message (
    version_id, node, journey, node_id, channel, category, account_id, zone,
    transactional, drop_in_quiet, wants_outcome,
    shard, profile_id, seq, status, at, reserved_at, updated_at, stale_at, reason, variant, address, content
) FROM STDIN"""
_NULL = "\\N"
_SPECIAL = re.compile(r"[\\\t\n\r\0]")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": ""})


@dataclass(frozen=True)
class OutboxRows:
    """The messages of one node of one version: what they share, then one entry per message.

    `status` holds `MessageStatus` values. `asked` is policy's wall clock, None = the same as `at`:
    the reservation under caps is found by it. `stale_at` NEVER = does not grow stale. `reason`,
    `variant`, `address`, `content`: None for all, or a list with None where there is none.
    `transactional`, `drop_in_quiet` (on_quiet drop) and `zone` (the journey's, for people without their
    own) tell the door what the node says.
    """

    version_id: int
    node: int
    journey: str
    node_id: str
    channel: str
    category: str
    account_id: int | None
    wants_outcome: bool
    shard: NDArray[np.int16]
    profile: Ids
    seq: NDArray[np.int32]
    status: NDArray[np.int8]
    at: Instants
    stale_at: Instants
    reason: Sequence[str | None] | None = None
    variant: Sequence[str | None] | None = None
    address: Sequence[str | None] | None = None
    content: Sequence[Mapping[str, object] | None] | None = None
    asked: Instants | None = None
    transactional: bool = False
    drop_in_quiet: bool = False
    zone: str | None = None


def write(cursor: Cursor, rows: Iterable[OutboxRows]) -> int:
    """COPY all rows into `message`; answers how many. The caller's transaction commits them."""
    written = 0
    with cursor.copy(_COPY) as copy:
        for block in rows:
            if len(block.profile):
                copy.write("\n".join(_lines(block)) + "\n")
                written += len(block.profile)
    return written


def _lines(block: OutboxRows) -> Iterator[str]:
    shared = "\t".join(
        (
            str(block.version_id),
            str(block.node),
            *map(_text, (block.journey, block.node_id, block.channel, block.category)),
            _NULL if block.account_id is None else str(block.account_id),
            _text(block.zone),
            *("t" if each else "f" for each in (block.transactional, block.drop_in_quiet, block.wants_outcome)),
        )
    )
    at = _instants(block.at)
    reserved = at if block.asked is None else _instants(block.asked)
    columns: tuple[Iterable[str], ...] = (
        repeat(shared),
        _numbers(block.shard),
        _numbers(block.profile),
        _numbers(block.seq),
        _numbers(block.status),
        at,
        reserved,
        reserved,
        _instants(block.stale_at),
        _texts(block.reason),
        _texts(block.variant),
        _texts(block.address),
        repeat(_NULL) if block.content is None else map(_json, block.content),
    )
    return map("\t".join, zip(*columns, strict=False))  # the repeated columns have no end


def _numbers(values: NDArray[np.integer]) -> Iterable[str]:
    return map(str, values.tolist())


def _instants(values: Instants) -> list[str]:
    """A wave asks policy at few instants, so each distinct one is written out once."""
    distinct, rows = np.unique(values, return_inverse=True)
    written = np.datetime_as_string(distinct.astype("datetime64[us]"), timezone="UTC").astype(object)
    written[distinct == NEVER] = _NULL
    found: list[str] = written[rows].tolist()
    return found


def _texts(values: Sequence[str | None] | None) -> Iterable[str]:
    if values is None:
        return repeat(_NULL)
    if _SPECIAL.search("".join(filter(None, values))):
        return map(_text, values)
    return (_NULL if value is None else value for value in values)


def _text(value: str | None) -> str:
    return _NULL if value is None else value.translate(_ESCAPES)


def _json(value: Mapping[str, object] | None) -> str:
    return _NULL if value is None else orjson.dumps(value).decode().replace("\\", "\\\\")
