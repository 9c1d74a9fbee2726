"""Who goes into whom: pairs become groups, and in each group one stays. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from audiences.oneid.conflicts import Person, contradiction

APART = "apart"
"""Why a pair is not merged: somebody has said so, of these two or of two others who would thereby be one."""


@dataclass(frozen=True)
class Wanted:
    """A pair that is to be one. `number` is its request's; None where a person asks without one.

    `kind` is that of the identity that gave it away, `anyway` says that somebody has looked.
    """

    number: int | None
    one: int
    other: int
    kind: str
    source: str
    anyway: bool = False


@dataclass(frozen=True)
class Group:
    """One person in truth: who stays, and who goes into her, the strongest first, each with what asked for it."""

    survivor: Person
    merged: tuple[tuple[Person, Wanted], ...]


@dataclass(frozen=True)
class Formed:
    """The groups, and the pairs that must not be, with the reason."""

    groups: tuple[Group, ...]
    refused: tuple[tuple[Wanted, str], ...]


def form(wanted: Sequence[Wanted], people: Mapping[int, Person], apart: Set[frozenset[int]]) -> Formed:
    """Take the pairs one after the other. Chains (a = b, b = c) end in one group.

    `apart` are pairs of profiles that somebody keeps apart. Pairs with somebody who is not there are passed over.
    """
    group_of = {number: [person] for number, person in people.items()}
    asked: dict[int, Wanted] = {}
    refused = []
    for pair in wanted:
        one, other = group_of.get(pair.one), group_of.get(pair.other)
        if one is None or other is None or one is other:
            continue
        reason = _kept_apart(one, other, apart, pair.anyway) or contradiction(one, other, pair.anyway)
        if reason is not None:
            refused.append((pair, reason))
            continue
        for person in [*one, *other]:
            asked.setdefault(person.id, pair)
        one += other
        group_of.update((person.id, one) for person in other)
    formed = [_group(members, asked) for members in _distinct(group_of.values()) if len(members) > 1]
    return Formed(tuple(formed), tuple(refused))


def _kept_apart(one: Sequence[Person], other: Sequence[Person], apart: Set[frozenset[int]], anyway: bool) -> str | None:
    if anyway or not apart:
        return None
    pairs = (frozenset((mine.id, theirs.id)) for mine in one for theirs in other)
    return APART if any(pair in apart for pair in pairs) else None


def _distinct(groups: Iterable[list[Person]]) -> list[list[Person]]:
    return list({id(group): group for group in groups}.values())


def _group(members: Sequence[Person], asked: Mapping[int, Wanted]) -> Group:
    survivor, *merged = sorted(members, key=lambda person: person.standing)
    return Group(survivor, tuple((person, asked[person.id]) for person in merged))
