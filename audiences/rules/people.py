"""Who is asked about: a set of people, each at an instant of her own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from itinera.kit.wire import NEVER, Cursor, Ids, Instants

Data = Sequence[str | bytes | Mapping[str, Any] | None]
"""Per row `{"entry": {…}, "answer": {…}}`, as JSON or as an object; None where there is nothing."""

Truth = NDArray[np.bool_]


class Walks(Protocol):
    """The walks that people are on, for leaves of upper packages; those know more of it than is told here."""

    @property
    def journey(self) -> str:
        """The slug of the journey."""

    @property
    def clock(self) -> Instants:
        """What policy takes for now, per person."""

    @property
    def holds_shards(self) -> bool:
        """Whether the caller holds these people's shards, and so may write what only their holder may."""

    def one(self, row: int) -> Walks:
        """That of one person."""


@dataclass(frozen=True)
class Entering:
    """People who may be about to enter a journey: not on a walk yet, and nobody holds their shards."""

    journey: str
    clock: Instants
    holds_shards: bool = False

    def one(self, row: int) -> Entering:
        return Entering(self.journey, self.clock[row : row + 1])


@dataclass(frozen=True)
class People:
    """Arrays of equal length.

    `since` is when her walk began. `entry_event` is the number of the event that let her in, 0 if none
    did: it is not seen by `since entry`. Where it is not given, `since entry` sees only what came after
    that instant. `zone` is for those who have none of their own.
    """

    profile: Ids
    at: Instants
    since: Instants | None
    zone: str
    entry_event: Ids | None = None
    data: Data | None = None
    walks: Walks | None = None

    def __len__(self) -> int:
        return len(self.profile)

    @classmethod
    def alone(cls, profile: int, at: int, zone: str) -> People:
        """One person outside of any walk."""
        return cls(np.array([profile]), np.array([at]), None, zone)

    def one(self, row: int) -> People:
        """One of these people by herself."""
        here = slice(row, row + 1)
        return People(
            self.profile[here], self.at[here], None if self.since is None else self.since[here], self.zone,
            None if self.entry_event is None else self.entry_event[here],
            None if self.data is None else self.data[here], None if self.walks is None else self.walks.one(row),
        )  # fmt: skip

    def began(self) -> Instants:
        """When each walk began; NEVER where there is none. Without an entry event, just after that instant."""
        if self.since is None:
            return np.full(len(self), NEVER)
        if self.entry_event is not None:
            return self.since
        return np.where(self.since == NEVER, NEVER, self.since + 1)


@dataclass(frozen=True)
class Question:
    """What SQL cannot tell of people and Python can: asked once for the lot, before the query that uses it.

    `told` is the answer for one person in words, where there is more to say than yes or no. `is_volatile` says that
    what others do in the same transaction may change the answer.
    """

    truth: Callable[[Cursor, People], Truth]
    told: Callable[[Cursor, People], str] | None = None
    is_volatile: bool = False
