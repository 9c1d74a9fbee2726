"""What pieces of a run hold, as bytes and back: tables of numbers, sets of profiles. Pure."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from struct import Struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audiences.bitmaps import Members

Columns = Mapping[str, NDArray[Any]]
"""Arrays of equal length, a row per person; `id` is her profile's number."""

_HEAD = Struct("<BI")


def pack_table(table: Columns) -> bytes:
    file = io.BytesIO()
    np.savez(file, **table)
    return file.getvalue()


def unpack_table(body: bytes) -> Columns:
    with np.load(io.BytesIO(body), allow_pickle=False) as found:
        return {name: found[name] for name in found.files}


def pack_members(members: Members) -> bytes:
    """Shard by shard: its number, the length of its bitmap, the bitmap."""
    return b"".join(_HEAD.pack(shard, len(bits)) + bits for shard, bits in members.dumped())


def unpack_members(body: bytes) -> Members:
    return Members.loaded(_parts(body))


def _parts(body: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(body):
        shard, size = _HEAD.unpack_from(body, at)
        at += _HEAD.size + size
        yield shard, body[at - size : at]
