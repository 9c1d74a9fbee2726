"""Asks the tables who some rules hold for: by stretches of numbers, or of some people only.

No statement takes longer than a few seconds: the first one is small, and says how large the next may be.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from psycopg.errors import QueryCanceled

from audiences.bitmaps import Members
from audiences.definitions.base import Scope
from audiences.rules.ast import Rule
from audiences.rules.gather import Whom, gather
from itinera.kit.pace import LONGEST, Unfinished, at_most
from itinera.kit.wire import Ids

FIRST, SECONDS = 20_000, 1.0
"""So many people are looked at first; from then on so many as fit into about a second."""
_FEWEST, _PATIENCE = 500, 60.0
"""Fewer are not asked about at once; a statement about so few may take a minute (somebody with millions of events)."""
_GROWTH = 4

Found = Iterator[tuple[int, list[Members]]]
"""Piece by piece: the number up to which people have been looked at (itself not in), and who of them, by rule."""


@dataclass
class _Stride:
    """How many to take next."""

    size: int = FIRST

    def took(self, count: int, seconds: float, room: float) -> None:
        """So many took so long; the next ones shall take a second, or half of what room there is."""
        wanted = min(SECONDS, room / 2)
        self.size = max(_FEWEST, int(min(count * wanted / max(seconds, 1e-3), count * _GROWTH)))

    def was_too_long(self) -> None:
        """Broken off: take fewer."""
        self.size = max(_FEWEST, self.size // _GROWTH)


def among_everybody(scope: Scope, rules: Sequence[Rule], first: int) -> Found:
    """From the profile of this number on, to the last one. Unfinished when the time is up."""
    top = highest(scope) + 1
    stride = _Stride(max(FIRST, top // 32))
    while first < top:
        last = min(first + stride.size, top)
        found = _ask(scope, rules, _stretch(first, last, top), last - first, stride)
        if found is not None:
            yield last, found
            first = last


def among(members: Members, scope: Scope, rules: Sequence[Rule], first: int) -> Found:
    """The same of these people only."""
    ids = np.sort(members.ids())  # neighbours lie together in the indexes
    ids = ids[np.searchsorted(ids, first) :]
    stride = _Stride()
    while len(ids):
        part = ids[: stride.size]
        found = _ask(scope, rules, _these(part), len(part), stride)
        if found is not None:
            yield int(part[-1]) + 1, found
            ids = ids[len(part) :]


def highest(scope: Scope) -> int:
    """The highest number of a profile (primary key of profile); 0 where there is none."""
    scope.cursor.execute("SELECT max(id) FROM profile")
    (found,) = scope.cursor.fetchone()
    return int(found or 0)


def _ask(scope: Scope, rules: Sequence[Rule], whom: Whom, count: int, stride: _Stride) -> list[Members] | None:
    """One statement about so many people; None if it had to be broken off and is to be asked about fewer."""
    room = scope.pace.left
    if room <= 0:
        raise Unfinished
    started = time.monotonic()
    try:
        with at_most(scope.cursor, min(LONGEST if count > _FEWEST else _PATIENCE, room)):
            found = _gather(scope, rules, whom)
    except QueryCanceled:
        if scope.pace.left <= 0.01:
            raise Unfinished from None
        if count <= _FEWEST:
            raise
        stride.was_too_long()
        return None
    stride.took(count, time.monotonic() - started, scope.pace.left)
    return [Members.of(ids) for ids in found]


def _gather(scope: Scope, rules: Sequence[Rule], whom: Whom) -> list[Ids]:
    asked = _of_scope(whom, scope)
    return gather(scope.cursor, rules, scope.catalogue, scope.at, scope.zone, asked, scope.journey)


def _of_scope(whom: Whom, scope: Scope) -> Whom:
    profiles, params = ["kind = %(kind)s"], {**whom.params, "kind": scope.kind}
    if scope.known_by is not None:
        profiles.append("created_at <= %(known_by)s")
        params["known_by"] = scope.known_by
    return Whom(whom.numbers, tuple(profiles), params)


def _stretch(first: int, last: int, top: int) -> Whom:
    """Those with numbers in `[first, last)`."""
    if first <= 1 and last >= top:
        return Whom()
    return Whom("{id} >= %(first)s AND {id} < %(last)s", params={"first": first, "last": last})


def _these(ids: Ids) -> Whom:
    return Whom("{id} = ANY(%(profile)s::bigint[])", params={"profile": ids})
