"""Who must not be merged without somebody having looked, and who stays of those who may. Pure.

Three things speak against it. Two kinds of people are never one: audiences, journeys and caps stay inside a kind. Two
identities of a kind of which a person has one contradict each other. And an identity behind which too much comes
together is no person's: a till, a tablet in the shop, a number typed in for everybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from audiences.kinds import KINDS

EXCLUSIVE = frozenset({"member_id", "userid"})
"""Kinds of which a person has one: the number that the brand gave to the member, or to the employee. Of all others
she may have several (telephones, mailboxes, an openid per account, devices), so two values contradict nothing."""

MOST_OF_A_KIND = 10
"""So many identities of one kind may a profile come to by itself: a shared device brings hundreds of people in."""

MOST_CONFLICTS = 20
"""When so many pairs with one profile wait for a decision, no more are asked for: an identity of hers is shared."""

MOST_EVENTS = 20_000
"""So many events move with one merge by itself: nobody ingests meanwhile, and no customer does so much."""

_RANK = {kind: rank for rank, kind in enumerate(KINDS)}


class Standing(NamedTuple):
    """Whose word counts more, and who stays: the lesser of two. The stronger identity, then the older, then the lower
    number. It is the same before and after she has taken others in, so the order of merges does not matter.
    """

    rank: int
    created: int
    id: int


@dataclass(frozen=True)
class Person:
    """What decides about a merge. `identities` by kind, `created` in microseconds since 1970."""

    id: int
    kind: str
    created: int
    identities: Mapping[str, Sequence[str]]
    events: int

    @property
    def standing(self) -> Standing:
        """By her strongest identity; kinds that a brand added come after the known ones."""
        rank = min((_RANK.get(kind, len(KINDS)) for kind in self.identities), default=len(KINDS) + 1)
        return Standing(rank, self.created, self.id)


def room_for(kind: str) -> int:
    """How many identities of a kind one profile may come to by itself."""
    return 1 if kind in EXCLUSIVE else MOST_OF_A_KIND


def contradiction(one: Sequence[Person], other: Sequence[Person], anyway: bool) -> str | None:
    """Why these two groups, each one person so far, must not become one; None if they may.

    `anyway`: somebody has looked and says that they are one; kinds of people stay apart all the same.
    """
    if {each.kind for each in one} != {each.kind for each in other}:
        return "different_kinds"
    if anyway:
        return None
    mine, theirs = _counted(one), _counted(other)
    both = sorted(mine.keys() & theirs.keys())
    for kind in both:
        if kind in EXCLUSIVE:
            return f"two:{kind}"
    for kind in both:
        if mine[kind] + theirs[kind] > MOST_OF_A_KIND:
            return f"many:{kind}"
    everybody = sorted([*one, *other], key=lambda each: each.standing)
    return "too_large" if sum(each.events for each in everybody[1:]) > MOST_EVENTS else None


def _counted(people: Sequence[Person]) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in people:
        for kind, values in each.identities.items():
            found[kind] = found.get(kind, 0) + len(values)
    return found
