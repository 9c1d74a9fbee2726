"""What a wave will write: paths, counters, messages and errors, gathered while it walks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from channels_out.outbox import OutboxRows
from itinera.kit.wire import Ids, Instants
from journeys.engine.items import Items
from journeys.models.tally import NODE_EXITS, NODE_GOALS, PORT_GONE, PORT_IN

PORT_BITS = 6
LEFT, WAITS = 62, 63
"""Path codes' ports for "left from here" and "waits here"."""


@dataclass
class PathBlock:
    """The paths of one walk: `codes` flat, `lengths[i]` of them belonging to person i."""

    shard: NDArray[np.int16]
    version: int
    profile: Ids
    seq: NDArray[np.int32]
    stamp: NDArray[np.int32]
    at: Instants
    lengths: NDArray[np.int64]
    codes: NDArray[np.int16]


@dataclass
class Ledger:
    paths: list[PathBlock] = field(default_factory=list)
    messages: list[OutboxRows] = field(default_factory=list)
    held: list[tuple[int, Items]] = field(default_factory=list)
    stays: list[tuple[NDArray[np.int64], Instants]] = field(default_factory=list)
    _keys: list[NDArray[np.int64]] = field(default_factory=list)
    transitions: int = 0
    entered: int = 0

    def count(self, shard: NDArray[np.int16], version: int, node: Any, port: Any) -> None:
        """One for each person, in the counter of her shard, the version, node and port."""
        wide = shard.astype(np.int64)
        node64, port64 = np.asarray(node, np.int64), np.asarray(port, np.int64)
        self._keys.append((wide << 44) | (version << 20) | ((node64 + 2) << 8) | (port64 + 2))

    def arrive(self, shard: NDArray[np.int16], version: int, node: Any) -> None:
        self.count(shard, version, node, PORT_IN)

    def gone(self, shard: NDArray[np.int16], version: int, node: Any) -> None:
        self.count(shard, version, node, PORT_GONE)

    def exit(self, shard: NDArray[np.int16], version: int, reason: int) -> None:
        self.count(shard, version, NODE_EXITS, reason)

    def goal(self, shard: NDArray[np.int16], version: int) -> None:
        self.count(shard, version, NODE_GOALS, 0)

    def tallies(self) -> tuple[NDArray[np.int64], ...]:
        """Shard, version, node, port and number of every counter that moved, in key order."""
        if not self._keys:
            empty = np.empty(0, np.int64)
            return empty, empty, empty, empty, empty
        keys, n = np.unique(np.concatenate(self._keys), return_counts=True)
        return keys >> 44, (keys >> 20) & 0xFFFFFF, ((keys >> 8) & 0xFFF) - 2, (keys & 0xFF) - 2, n

    def touched_versions(self) -> Sequence[int]:
        """Versions whose counters moved: their canvases are told."""
        return [int(v) for v in np.unique(self.tallies()[1])]


def encode(node: Any, port: Any) -> NDArray[np.int16]:
    """The path code of leaving (or waiting at) a node."""
    return ((np.asarray(node, np.int64) << PORT_BITS) | np.asarray(port, np.int64)).astype(np.int16)
