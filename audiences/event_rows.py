"""Events and feed rows as tuples of binary COPY, written by hand: several fields cost hardly more than one.

A tuple is the number of fields, then each as its length and its value; a length of -1 is NULL. A jsonb is a byte for
its version, and the text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from struct import Struct
from typing import Any

from audiences.models import SHARDS, FeedKind
from audiences.slots import COLUMNS, FILLING, NUMBERS, READY, Slots, columns, kept
from itinera.kit import numeric
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor

PG_EPOCH = 946_684_800_000_000
"""2000-01-01 in microseconds since 1970: PostgreSQL counts from there."""
EVENT_FIELDS = ("id", "shard", "profile_id", "type_id", "time", "received_at", "properties", *COLUMNS)

_SQL = queries(__file__, "ingest.sql")
_EVENT = Struct("!h iq ih iq ii iq iq iB".replace(" ", ""))
_FEED = Struct("!h ih ih ii iq iq iq iB".replace(" ", ""))
_LENGTH = Struct("!i").pack
_NULL = _LENGTH(-1)

Fields = Callable[[Mapping[str, Any]], bytes]
"""Gives the last fields of an event's tuple from its properties."""


def event_row(number: int, profile: int, type_: int, time: int, received: int, text: bytes, last: bytes) -> bytes:
    """`EVENT_FIELDS`; instants are microseconds since 1970, `last` are the columns that `slot_fields` gives."""
    at, came = time - PG_EPOCH, received - PG_EPOCH
    head = (11, 8, number, 2, profile % SHARDS, 8, profile, 4, type_, 8, at, 8, came, len(text) + 1, 1)
    return _EVENT.pack(*head) + text + last


def feed_row(number: int, profile: int, type_: int, time: int, text: bytes) -> bytes:
    """shard, kind, type_id, event_id, profile_id, at, body."""
    at = time - PG_EPOCH
    head = (7, 2, profile % SHARDS, 2, FeedKind.EVENT, 4, type_, 8, number, 8, profile, 8, at, len(text) + 1, 1)
    return _FEED.pack(*head) + text


def load_slot_fields(cursor: Cursor) -> dict[int, Fields]:
    """How the columns of each type of event are written, for the types that have any."""
    cursor.execute(_SQL["slots"])
    return {number: slot_fields(slots) for number, slots in cursor.fetchall()}


def slot_fields(slots: Slots) -> Fields:
    """The columns of a type of event, whether the events stored before are filled or not."""
    held = columns(slots, FILLING, READY)
    asked = [(_number if COLUMNS[column] is NUMBERS else _text, held.get(column, "")) for column in COLUMNS]

    def fields(properties: Mapping[str, Any]) -> bytes:
        return b"".join([write(properties.get(name)) for write, name in asked])

    return fields


NO_COLUMNS = _NULL * len(COLUMNS)
"""The last fields of the others."""


def _number(value: Any) -> bytes:
    return (numeric.encoded(value) or _NULL) if type(value) in (int, float) else _NULL


def _text(value: Any) -> bytes:
    if not isinstance(value, str):
        return _NULL
    text = kept(value).encode()
    return _LENGTH(len(text)) + text
