"""Members page by page: shard by shard, ascending within each, so that a page reads a shard or two and no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from audiences.bitmaps import Members
from audiences.models.profile import SHARDS

Read = Callable[[int], tuple[int, Members] | None]
"""The first shard from this one on that holds somebody, and who is in it; None after the last."""


class Place(NamedTuple):
    """How far somebody has read: up to this number in this shard."""

    shard: int = 0
    after: int = 0

    @classmethod
    def behind(cls, profile: int) -> Place:
        """Just behind a profile."""
        return cls(profile % SHARDS, profile)


def page(read: Read, place: Place, most: int) -> tuple[list[int], Place | None]:
    """The next numbers, at most so many, and where to go on; None if these were the last."""
    found: list[int] = []
    shard, after = place
    while (part := read(shard)) is not None:
        ids = part[1].ids()
        if part[0] == shard:
            ids = ids[np.searchsorted(ids, after, side="right") :]
        room = most - len(found)
        found += ids[:room].tolist()
        if len(ids) > room:
            return found, Place.behind(found[-1]) if found else place
        shard, after = part[0] + 1, 0
    return found, None
