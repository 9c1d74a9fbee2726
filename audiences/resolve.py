"""Who the lines of a batch are about: profiles by identity, new ones made, doubtful ones noted.

The lines are taken one after the other, as if each came alone: the first of its identities that is
known says whose it is, unknown ones are added to that person, and one that belongs to somebody else
asks for a merge (which a worker does that holds both shards; never ingestion). Where an unknown one
contradicts what that person has (a second member number, the eleventh telephone), the line is about
somebody else, who is new, and a merge is asked for as well: one person may have to decide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
from django.db import transaction

from audiences.hints import merges_asked
from audiences.kinds import unit_of
from audiences.lines import Identity
from audiences.models.profile import SHARDS
from audiences.oneid.conflicts import EXCLUSIVE, MOST_CONFLICTS, room_for
from audiences.oneid.lock import hold_people
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor, Ids, fetch_columns
from itinera.kit.wire_text import TextArray

_SQL = queries(__file__, "ingest.sql")
_NAMING_LOCK = 7_406
"""First half of advisory locks, a sixty-fourth of all people each, between batches that give somebody who is known a
member number. Taken before identities, so that batches wait for one another and never in a circle."""


class Resolved(NamedTuple):
    """The profile of each line, and which profiles are new."""

    profiles: Ids
    new: frozenset[int]


@dataclass
class _Draft:
    """What will be written: new people carry provisional numbers, -1, -2 and so on."""

    owner: dict[Identity, int]
    held: dict[tuple[int, str], int]
    """How many identities of a kind they have, of those to whom some may be added."""
    names: list[str] = field(default_factory=list)
    added: dict[Identity, int] = field(default_factory=dict)
    merges: dict[tuple[int, int], str] = field(default_factory=dict)

    def take(self, identities: Sequence[Identity]) -> int:
        """Whose line this is."""
        whose = next((self.owner[each] for each in identities if each in self.owner), None)
        if whose is None or not self._has_room(whose, identities):
            self.names.append(unit_of([each for each in identities if each not in self.owner]))
            whose = -len(self.names)
        for each in identities:
            other = self.owner.get(each)
            if other is None:
                self.owner[each] = self.added[each] = whose
                self.held[whose, each[0]] = self.held.get((whose, each[0]), 0) + 1
            elif other != whose:
                self.merges[whose, other] = each[0]
        return whose

    def _has_room(self, whose: int, identities: Sequence[Identity]) -> bool:
        new = Counter(kind for kind, value in identities if (kind, value) not in self.owner)
        held = {kind: self.held.get((whose, kind), 0) for kind in new}
        return all(not held[kind] or held[kind] + count <= room_for(kind) for kind, count in new.items())


def resolve(cursor: Cursor, lines: Sequence[Sequence[Identity]], *, now: datetime, source: str) -> Resolved:
    """Whose each line is. Writes new profiles and identities, and requests for merges.

    Until the transaction ends none of these profiles is merged into another.
    """
    hold_people(cursor)
    distinct = list(dict.fromkeys(each for line in lines for each in line))
    owner = _owners(cursor, distinct)
    draft = _Draft(owner, _held(cursor, lines, owner))
    # Nearly every line has one identity, and it is known.
    found = [owner.get(line[0]) if len(line) == 1 else None for line in lines]
    whose = [draft.take(line) if known is None else known for known, line in zip(found, lines, strict=True)]
    profiles = np.array(whose, dtype=np.int64)
    new: frozenset[int] = frozenset()
    if draft.added:
        profiles, new = _write(cursor, draft, profiles, now)
    _ask_merges(cursor, draft, now, source)
    return Resolved(profiles, new)


def _owners(cursor: Cursor, identities: Sequence[Identity]) -> dict[Identity, int]:
    columns = fetch_columns(cursor, _SQL["owners"], _arrays(identities))
    positions = np.asarray(columns["positions"], dtype=np.int64).tolist()
    profiles = np.asarray(columns["profiles"], dtype=np.int64).tolist()
    return {identities[position - 1]: profile for position, profile in zip(positions, profiles, strict=True)}


def _held(
    cursor: Cursor, lines: Sequence[Sequence[Identity]], owner: Mapping[Identity, int]
) -> dict[tuple[int, str], int]:
    """Of whom some line knows one identity and not another: she may be given it.

    Where that may be one of which she can have only one, nobody else gives her any until this is committed.
    """
    mixed = [line for line in lines if len(line) > 1 and any(each not in owner for each in line)]
    some = {owner[each] for line in mixed for each in line if each in owner}
    if not some:
        return {}
    if any(each[0] in EXCLUSIVE and each not in owner for line in mixed for each in line):
        buckets = np.array(sorted({number % SHARDS for number in some}), dtype=np.int32)
        cursor.execute(_SQL["naming_lock"], {"space": _NAMING_LOCK, "buckets": buckets})
    cursor.execute(_SQL["held"], {"profiles": np.array(sorted(some), dtype=np.int64)})
    return {(profile, kind): count for profile, kind, count in cursor.fetchall()}


def _arrays(identities: Sequence[Identity]) -> dict[str, Any]:
    return {
        "kinds": TextArray([kind for kind, _ in identities]), "values": TextArray([value for _, value in identities]),
    }  # fmt: skip


def _write(cursor: Cursor, draft: _Draft, profiles: Ids, now: datetime) -> Resolved:
    """Insert what is new; the lines' profiles with final numbers."""
    ids = _add_profiles(cursor, draft.names, now)

    def final(numbers: Sequence[int] | Ids) -> Ids:
        given = np.asarray(numbers, dtype=np.int64)
        return np.where(given < 0, ids[np.clip(-given - 1, 0, len(ids) - 1)], given) if len(ids) else given

    added, owners = list(draft.added), final(list(draft.added.values()))
    params = {**_arrays(added), "profiles": owners, "now": now}
    columns = fetch_columns(cursor, _SQL["add_identities"], params)
    draft.merges = {tuple(final(pair).tolist()): kind for pair, kind in draft.merges.items()}
    lost = np.ones(len(added), dtype=bool)
    lost[np.asarray(columns["positions"], dtype=np.int64) - 1] = False
    if not lost.any():
        return Resolved(final(profiles), frozenset(ids.tolist()))
    void = set(ids.tolist()) - set(owners[~lost].tolist())
    beaten = dict(zip([added[position] for position in np.flatnonzero(lost)], owners[lost].tolist(), strict=True))
    instead = _yield_to_others(cursor, draft, beaten, void)
    whose = [instead.get(profile, profile) for profile in final(profiles).tolist()]
    return Resolved(np.array(whose, dtype=np.int64), frozenset(ids.tolist()) - instead.keys())


def _add_profiles(cursor: Cursor, names: Sequence[str], now: datetime) -> Ids:
    if not names:
        return np.empty(0, dtype=np.int64)
    ids: Ids = fetch_columns(cursor, _SQL["profile_ids"], {"count": len(names)})["ids"]
    cursor.execute(_SQL["add_profiles"], {"ids": ids, "units": list(names), "now": now})
    return ids


def _yield_to_others(cursor: Cursor, draft: _Draft, beaten: Mapping[Identity, int], void: set[int]) -> dict[int, int]:
    """Another batch was quicker with some identities (`beaten`, with whom we had them for).

    Of our new profiles those that won none (`void`) are that batch's people: gives who stands for each.
    """
    theirs = _owners(cursor, list(beaten))
    instead: dict[int, int] = {}
    for identity, ours in beaten.items():
        standing = instead.setdefault(ours, theirs[identity]) if ours in void else ours
        draft.merges.setdefault((standing, theirs[identity]), identity[0])
    cursor.execute(_SQL["drop_profiles"], {"ids": np.array(sorted(instead), dtype=np.int64)})
    draft.merges = {
        (instead.get(one, one), instead.get(other, other)): kind for (one, other), kind in draft.merges.items()
    }
    return instead


def _ask_merges(cursor: Cursor, draft: _Draft, now: datetime, source: str) -> None:
    pairs = {(min(pair), max(pair)): kind for pair, kind in draft.merges.items() if pair[0] != pair[1]}
    if not pairs:
        return
    cursor.execute(
        _SQL["ask_merges"],
        {
            "profiles": np.array([one for one, _ in pairs], dtype=np.int64),
            "others": np.array([other for _, other in pairs], dtype=np.int64),
            "kinds": list(pairs.values()),
            "source": source,
            "now": now,
            "most": MOST_CONFLICTS,
        },
    )
    if cursor.rowcount:
        transaction.on_commit(merges_asked)
