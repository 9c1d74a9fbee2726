"""The agenda of a wave: each round takes every person's next instant.

"Paid, then refunded" is two rounds over sets of people, not a loop over one person's events. A step that
comes due inside the horizon during the wave is put on the agenda like any other.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from journeys.engine.items import Items, Kind, join, make


class Agenda:
    """What is left to do, by person and time."""

    def __init__(self, items: Items) -> None:
        self._left = items.sort()
        self._new: list[Items] = []

    def add(self, items: Items) -> None:
        self._new.append(items)

    def next_round(self) -> Items | None:
        """All things of every person's earliest instant; None when nothing is left."""
        if self._new:
            self._left = join([self._left, *self._new]).sort()
            self._new = []
        items = self._left
        if not len(items):
            return None
        starts = np.flatnonzero(np.diff(items.profile, prepend=items.profile[0] - 1))
        lengths = np.diff(starts, append=len(items))
        now = items.at == np.repeat(items.at[starts], lengths)
        self._left = items.pick(~now)
        return items.pick(now)


def occurrence(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """How often the same key stands before each position: 0 for the first of each."""
    order = np.argsort(keys, kind="stable")
    ranked = keys[order]
    starts = np.flatnonzero(np.diff(ranked, prepend=ranked[0] - 1)) if len(ranked) else np.empty(0, np.int64)
    lengths = np.diff(starts, append=len(ranked))
    rank = np.empty(len(keys), dtype=np.int64)
    rank[order] = np.arange(len(keys)) - np.repeat(starts, lengths)
    return rank


def lines(events: Items) -> Iterator[Items]:
    """The lines of one instant, the first of every person, then the second, and so on."""
    if not len(events):
        return
    if not (events.profile[1:] == events.profile[:-1]).any():
        # Items come sorted by person: everybody has one line, as nearly always.
        yield events
        return
    rank = occurrence(events.profile)
    for turn in range(int(rank.max()) + 1):
        yield events.pick(rank == turn)


def of_kind(items: Items, *kinds: Kind) -> Items:
    if not len(items):
        return make(0)
    return items.pick(np.isin(items.kind, [int(kind) for kind in kinds]))
