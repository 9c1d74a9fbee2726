"""Sets of people per shard, as they are stored: read, changed for a few of them, and told what to write. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

from pyroaring import BitMap

from audiences.models.profile import SHARDS

K = TypeVar("K", bound=tuple[object, ...])


class Rolls(Generic[K]):
    """By key the bitmaps of some shards, serialized (`audiences.bitmaps`)."""

    def __init__(self, rows: Iterable[tuple[K, int, bytes]]) -> None:
        self._stored = {(key, shard): bytes(text) for key, shard, text in rows}
        self._read: dict[tuple[K, int], BitMap] = {}
        self._changed: dict[tuple[K, int], BitMap] = {}

    def of(self, person: int) -> list[K]:
        """The keys under which she is."""
        shard, bit = person % SHARDS, person // SHARDS
        here = (key for key, where in {**self._stored, **self._read} if where == shard)
        return [key for key in here if bit in self._bits(key, shard)]

    def add(self, key: K, person: int) -> bool:
        """Whether she was not there yet."""
        shard, bit = person % SHARDS, person // SHARDS
        bits = self._bits(key, shard)
        if bit in bits:
            return False
        bits.add(bit)
        self._changed[key, shard] = bits
        return True

    def drop(self, key: K, person: int) -> None:
        shard, bit = person % SHARDS, person // SHARDS
        bits = self._bits(key, shard)
        bits.discard(bit)
        self._changed[key, shard] = bits

    def changed(self) -> tuple[list[tuple[K, int, bytes]], list[tuple[K, int]]]:
        """What is to be written, and where nobody is left."""
        full = [(key, shard, bits.serialize()) for (key, shard), bits in self._changed.items() if bits]
        return full, [where for where, bits in self._changed.items() if not bits]

    def _bits(self, key: K, shard: int) -> BitMap:
        where = (key, shard)
        if where not in self._read:
            stored = self._stored.get(where)
            self._read[where] = BitMap() if stored is None else BitMap.deserialize(stored)
        return self._read[where]
