"""numpy arrays over the PostgreSQL wire, in binary, and back.

A wave moves tens of thousands of values per query. Sent as Python lists they cost more than the
query itself; a PostgreSQL array of fixed-width elements has the same shape as a numpy structured
array, so it is one `tobytes()` here and one `frombuffer` on the way back.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, cast

import numpy as np
import psycopg
from django.db import connection
from numpy.typing import NDArray
from psycopg.abc import AdaptContext, Buffer
from psycopg.adapt import Dumper, Loader
from psycopg.pq import Format

from itinera.kit import wire_text

Instants = NDArray[np.int64]
Ids = NDArray[np.int64]

NEVER = int(np.iinfo(np.int64).min)
"""The missing instant."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PG_EPOCH = 946_684_800_000_000
"""2000-01-01 in microseconds since 1970: PostgreSQL counts timestamps from there."""

_HEADER = struct.Struct("!iiIii")
_BOOL, _INT8, _INT2, _INT4, _FLOAT8, _TIMESTAMPTZ = 16, 20, 21, 23, 701, 1184
_ARRAY_OID = {_BOOL: 1000, _INT8: 1016, _INT2: 1005, _INT4: 1007, _FLOAT8: 1022, _TIMESTAMPTZ: 1185}
_WIDTH = {_BOOL: "?", _INT8: ">i8", _INT2: ">i2", _INT4: ">i4", _FLOAT8: ">f8", _TIMESTAMPTZ: ">i8"}
_ELEMENT = {"b1": _BOOL, "i8": _INT8, "i2": _INT2, "i4": _INT4, "f8": _FLOAT8}


class Cursor(Protocol):
    """What the set-wise code asks of a cursor: Django's and psycopg's both have it."""

    def execute(self, query: Any, params: Any = None) -> Any: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> Any: ...
    def copy(self, statement: Any) -> Any: ...
    @property
    def description(self) -> Any: ...
    @property
    def rowcount(self) -> int: ...


class InstantArray:
    """Microseconds since 1970 that go over the wire as `timestamptz[]`; `NEVER` goes as NULL or as -infinity."""

    __slots__ = ("nulls", "values")

    def __init__(self, values: Instants, nulls: bool) -> None:
        self.values = np.ascontiguousarray(values, dtype=np.int64)
        self.nulls = nulls


def instants(values: Instants) -> InstantArray:
    """With NULL for `NEVER`."""
    return InstantArray(values, nulls=True)


def infinite(values: Instants) -> InstantArray:
    """With -infinity for `NEVER`: no branch per value, where the statement says `nullif(x, '-infinity')`."""
    return InstantArray(values, nulls=False)


def micros(moment: datetime) -> int:
    """Microseconds since 1970 of an aware datetime, exactly."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment(value: int) -> datetime:
    """The aware UTC datetime of microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=int(value))


def _encode(values: NDArray[Any], oid: int, nulls: NDArray[np.bool_] | None = None) -> bytes:
    width = np.dtype(_WIDTH[oid])
    cells = np.empty(len(values), dtype=[("size", ">i4"), ("value", width)])
    cells["size"] = width.itemsize
    cells["value"] = values
    if nulls is None or not nulls.any():
        return _HEADER.pack(1, 0, oid, len(values), 1) + cells.tobytes()
    raw, size, null = cells.tobytes(), cells.itemsize, struct.pack("!i", -1)
    parts = [null if missing else raw[i * size : (i + 1) * size] for i, missing in enumerate(nulls)]
    return _HEADER.pack(1, 1, oid, len(values), 1) + b"".join(parts)


class _NumpyDumper(Dumper):
    format = Format.BINARY

    def get_key(self, obj: Any, format: Any) -> Any:  # noqa: A002  # psycopg's own name
        return (self.cls, obj.dtype.str[1:])

    def upgrade(self, obj: Any, format: Any) -> Dumper:  # noqa: A002  # psycopg's own name
        kind = _ELEMENT.get(obj.dtype.str[1:])
        if kind is None:
            raise psycopg.DataError(f"an array of {obj.dtype} has no PostgreSQL type here")
        found = _NumpyDumper(self.cls)
        found.oid = _ARRAY_OID[kind]
        return found

    def dump(self, obj: Any) -> Buffer:
        return _encode(obj, _ELEMENT[obj.dtype.str[1:]])


class _InstantDumper(Dumper):
    format = Format.BINARY
    oid = _ARRAY_OID[_TIMESTAMPTZ]

    def dump(self, obj: Any) -> Buffer:
        nulls = obj.values == NEVER
        if not obj.nulls:
            return _encode(np.where(nulls, NEVER, obj.values - _PG_EPOCH), _TIMESTAMPTZ)
        return _encode(np.where(nulls, 0, obj.values - _PG_EPOCH), _TIMESTAMPTZ, nulls)


class _NumpyLoader(Loader):
    """A one-dimensional array of a fixed-width type as a numpy array; NULL becomes zero or NEVER."""

    format = Format.BINARY

    def load(self, data: Buffer) -> NDArray[Any]:
        dims, has_nulls, oid, *_ = _HEADER.unpack_from(data) if len(data) >= 20 else (0, 0, 0)
        if dims == 0:
            return np.empty(0, dtype=np.int64)
        width = np.dtype(_WIDTH[oid])
        if has_nulls:
            values = self._with_nulls(bytes(data), oid, width)
        else:
            values = np.frombuffer(data, dtype=[("size", ">i4"), ("value", width)], offset=20)["value"]
        values = values.astype(width.newbyteorder("="))
        if oid != _TIMESTAMPTZ:
            return values
        # PostgreSQL's -infinity has the same bits as NEVER: `coalesce(x, '-infinity')` is the quick way to a null.
        return np.where(values == NEVER, NEVER, values + _PG_EPOCH)

    @staticmethod
    def _with_nulls(data: bytes, oid: int, width: np.dtype[Any]) -> NDArray[Any]:
        null = np.array(NEVER if oid == _TIMESTAMPTZ else 0, dtype=width).tobytes()
        cells, at = [], 20
        while at < len(data):
            (size,) = struct.unpack_from("!i", data, at)
            cells.append(null if size < 0 else data[at + 4 : at + 4 + size])
            at += 4 + max(size, 0)
        return np.frombuffer(b"".join(cells), dtype=width)


def register(context: AdaptContext | None) -> None:
    """Teach one connection (or cursor) to speak numpy."""
    adapters = context.adapters if context is not None else psycopg.adapters
    adapters.register_dumper(np.ndarray, _NumpyDumper)
    adapters.register_dumper(InstantArray, _InstantDumper)
    wire_text.register(adapters)
    for oid in _ARRAY_OID.values():
        adapters.register_loader(oid, _NumpyLoader)


def numpy_cursor(connection: psycopg.Connection[Any]) -> psycopg.Cursor[Any]:
    """A cursor whose arrays are numpy's; the connection's other cursors stay as they were.

    Django's connections make cursors that bind on the client's side and know no binary; hence the class by name.
    """
    cursor: psycopg.Cursor[Any] = psycopg.Cursor(connection)
    cursor.format = Format.BINARY
    register(cursor)
    return cursor


def django_cursor() -> Cursor:
    """A numpy-speaking cursor on Django's connection, inside whatever transaction that is in."""
    connection.ensure_connection()
    return cast("Cursor", numpy_cursor(connection.connection))


def fetch_columns(cursor: Cursor, sql: str, params: Mapping[str, object]) -> dict[str, Any]:
    """Run a query of one row whose columns are `array_agg(…)`; each becomes an array or a list.

    A query over nothing gives NULL in each column: that is an empty column.
    """
    cursor.execute(sql, params)
    row = cursor.fetchone()
    names = [column[0] for column in cursor.description]
    values: Sequence[Any] = row if row is not None else [None] * len(names)
    return {n: (np.empty(0, dtype=np.int64) if v is None else v) for n, v in zip(names, values, strict=True)}
