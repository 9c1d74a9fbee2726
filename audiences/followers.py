"""How what is owned follows a profile that goes into another: each table's owner registers it here when it starts.

    FOLLOWERS.register("events", Events())
    EXPLAINED.register("audience_shift", "what a refresh found stays as it was found")

A table that names profiles and does neither fails a test. A follower works inside the merge's one transaction, which
holds the shards of everybody concerned, and in which nobody else writes numbers of profiles (`audiences.oneid.lock`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from itinera.kit.registry import Registry
from itinera.kit.wire import Cursor, Ids

Walk = tuple[str, int]
"""A walk of somebody: the slug of its journey, and its number."""

Moved = Mapping[int, Any]
"""By number of the merge what was moved, as plain JSON: all that `back` needs to know. Nothing moved: left out."""


@dataclass(frozen=True)
class Pairs:
    """Who goes into whom, as columns that run in step. Nobody goes twice, and nobody goes whom others go into.

    `merge` is the number in the log. `lift` is added to the numbers of her walks, so that they differ from those of
    whoever stays, and of others who come with her.
    """

    merge: Ids
    survivor: Ids
    merged: Ids
    lift: NDArray[np.int32]
    at: datetime

    def columns(self) -> dict[str, object]:
        """As parameters of a statement."""
        return {name: getattr(self, name) for name in ("merge", "survivor", "merged", "lift", "at")}


@dataclass(frozen=True)
class Return:
    """One merge that is undone. `staying` are walks that stay with the survivor, by the numbers they have there."""

    merge: int
    survivor: int
    merged: int
    lift: int
    merged_at: datetime
    at: datetime
    staying: frozenset[Walk] = frozenset()

    def columns(self) -> dict[str, object]:
        """As parameters of a statement."""
        return {name: getattr(self, name) for name in ("merge", "survivor", "merged", "lift", "merged_at", "at")}


class Follower(ABC):
    """What some tables hold about a person, and how it comes along."""

    tables: ClassVar[tuple[str, ...]]

    def prepare(self, cursor: Cursor, now: datetime) -> None:  # noqa: B027  # most have nothing to prepare
        """What must be there before anything is locked (a month's partition); in a transaction of its own."""

    def hold(self, cursor: Cursor, pairs: Pairs) -> None:  # noqa: B027  # nor anything that others write
        """Lock what is written by people who hold neither shards nor `hold_people`. Asked before anybody moves."""

    def highest(self, cursor: Cursor, profiles: Ids) -> Ids:
        """The highest number of a walk of each; 0 where there is none."""
        return np.zeros(len(profiles), dtype=np.int64)

    @abstractmethod
    def move(self, cursor: Cursor, pairs: Pairs) -> Moved:
        """Give everything to the survivors."""

    def staying(self, cursor: Cursor, back: Return, moved: Any) -> frozenset[Walk]:
        """Walks that stay with the survivor when this merge is undone."""
        return frozenset()

    @abstractmethod
    def back(self, cursor: Cursor, back: Return, moved: Any) -> None:
        """Give back what was moved, as far as it is still there. `moved` is None where nothing was."""


FOLLOWERS: Registry[Follower] = Registry("followers")

EXPLAINED: Registry[str] = Registry("tables that name profiles and follow nobody")
"""By table the reason."""
