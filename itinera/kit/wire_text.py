"""Lists of texts and of UUIDs over the wire in binary: half the price of a list on both sides.

An array is: how many dimensions, whether there are NULLs, the type of its elements, how many, the first index; then
each element as its length and its bytes (PostgreSQL, src/backend/utils/adt/arrayfuncs.c, `array_recv`).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

import numpy as np
from psycopg.abc import Buffer
from psycopg.adapt import AdaptersMap, Dumper
from psycopg.pq import Format

_HEADER = struct.Struct("!iiIii")
_LENGTH = struct.Struct("!i").pack
_TEXT, _UUID = 25, 2950


class TextArray:
    """Texts that go as `text[]`; none of them is NULL."""

    __slots__ = ("binary",)

    def __init__(self, values: Iterable[str]) -> None:
        texts = [value.encode() for value in values]
        self.binary = _HEADER.pack(1, 0, _TEXT, len(texts), 1) + b"".join([_LENGTH(len(text)) + text for text in texts])


class UuidArray:
    """Pieces of 16 bytes that go as `uuid[]`."""

    __slots__ = ("binary",)

    def __init__(self, values: Sequence[bytes]) -> None:
        cells = np.empty(len(values), dtype=[("size", ">i4"), ("value", "V16")])
        cells["size"] = 16
        cells["value"] = np.frombuffer(b"".join(values), dtype="V16")
        self.binary = _HEADER.pack(1, 0, _UUID, len(values), 1) + cells.tobytes()


class _TextDumper(Dumper):
    format = Format.BINARY
    oid = 1009

    def dump(self, obj: TextArray | UuidArray) -> Buffer:
        return obj.binary


class _UuidDumper(_TextDumper):
    oid = 2951


def register(adapters: AdaptersMap) -> None:
    """Teach both to whoever has these adapters."""
    adapters.register_dumper(TextArray, _TextDumper)
    adapters.register_dumper(UuidArray, _UuidDumper)
