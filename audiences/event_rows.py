"""Events and feed rows as tuples of binary COPY, written by hand: several fields cost hardly more than one.

A tuple is the number of fields, then each as its length and its value; a length of -1 is NULL. A jsonb is a byte for
its version, and the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from struct import Struct
from typing import Any, NamedTuple

from audiences.models import SHARDS, FeedKind
from audiences.slots import COLUMNS, FILLING, LONGEST, NUMBERS, READY, Slots, columns, kept
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


class Row(NamedTuple):
    """An event to be written: its number, whose it is, the number of its type, when it was (microseconds since 1970),
    its properties as they came and as JSON.
    """

    number: int
    profile: int
    type: int
    time: int
    properties: Mapping[str, Any]
    text: bytes


def event_rows(rows: Iterable[Row], received: int, columns: Mapping[int, Fields]) -> bytes:
    """`EVENT_FIELDS` of each; `columns` are those of `load_slot_fields`."""
    came, pack, parts = received - PG_EPOCH, _EVENT.pack, []
    for number, profile, type_, time, properties, text in rows:
        fields = columns.get(type_)
        head = (11, 8, number, 2, profile % SHARDS, 8, profile, 4, type_, 8, time - PG_EPOCH, 8, came, len(text) + 1, 1)
        parts += (pack(*head), text, _NO_COLUMNS if fields is None else fields(properties))
    return b"".join(parts)


def feed_rows(rows: Iterable[Row]) -> bytes:
    """shard, kind, type_id, event_id, profile_id, at, body of each."""
    pack, kind, parts = _FEED.pack, int(FeedKind.EVENT), []
    for number, profile, type_, time, _properties, text in rows:
        at, size = time - PG_EPOCH, len(text) + 1
        parts += (pack(7, 2, profile % SHARDS, 2, kind, 4, type_, 8, number, 8, profile, 8, at, size, 1), text)
    return b"".join(parts)


def load_slot_fields(cursor: Cursor) -> dict[int, Fields]:
    """How the columns of each type of event are written, for the types that have any."""
    cursor.execute(_SQL["slots"])
    return {number: slot_fields(slots) for number, slots in cursor.fetchall()}


def slot_fields(slots: Slots) -> Fields:
    """The columns of a type of event, whether the events stored before are filled or not."""
    held = columns(slots, FILLING, READY)
    asked = [(_number if COLUMNS[column] is NUMBERS else _text, held.get(column)) for column in COLUMNS]

    def fields(properties: Mapping[str, Any]) -> bytes:
        get = properties.get
        return b"".join([_NULL if name is None else write(get(name)) for write, name in asked])

    return fields


_NO_COLUMNS = _NULL * len(COLUMNS)


def _number(value: Any) -> bytes:
    return (numeric.encoded(value) or _NULL) if type(value) is float or type(value) is int else _NULL


def _text(value: Any) -> bytes:
    if not isinstance(value, str):
        return _NULL
    text = (value if len(value) <= LONGEST else kept(value)).encode()
    return _LENGTH(len(text)) + text
