"""Lists of people by identity, in the short form `"member_id:M1"`: who they are, and what could not be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from django.utils.translation import gettext as _

from audiences.bitmaps import Members
from audiences.lines import ID, NAME, Identity
from itinera.kit.errors import Problem
from itinera.kit.sqlfile import queries
from itinera.kit.validation import place
from itinera.kit.wire import Cursor, fetch_columns

TOLD, MOST_AT_ONCE = 100, 20_000
"""So many entries that cannot be used are named one by one; so many are looked up at once."""

_SQL = queries(__file__, "listed.sql")


@dataclass
class Listed:
    """Who was found, how many were `given`, and how many not found; problems are warnings, the first hundred."""

    members: Members = field(default_factory=Members)
    given: int = 0
    lost: int = 0
    problems: list[Problem] = field(default_factory=list)

    def lose(self, index: int, path: str, code: str, words: str) -> None:
        """One entry cannot be used. Identities are personal data: the place is told, not the value."""
        self.lost += 1
        if len(self.problems) < TOLD:
            self.problems.append(Problem(code, words, place((index,), path), severity="warning"))


def find_listed(cursor: Cursor, entries: Sequence[object], kind: str, path: str) -> Listed:
    """The profiles of this kind of people behind some identities; unknown and unreadable ones are told."""
    found = Listed(given=len(entries))
    readable: list[tuple[int, Identity]] = []
    for index, entry in enumerate(entries):
        identity = _read(entry)
        if identity is None:
            found.lose(index, path, "bad_identity", _('This is no identity such as "member_id:M1".'))
        else:
            readable.append((index, identity))
    for start in range(0, len(readable), MOST_AT_ONCE):
        _look_up(cursor, readable[start : start + MOST_AT_ONCE], kind, path, found)
    return found


def _look_up(
    cursor: Cursor, asked: Sequence[tuple[int, Identity]], kind: str, path: str, found: Listed
) -> None:  # fmt: skip
    params = {"kinds": [each[0] for _index, each in asked], "values": [each[1] for _index, each in asked]}
    columns = fetch_columns(cursor, _SQL["people"], {**params, "kind": kind})
    profiles, fits = np.asarray(columns["profiles"], dtype=np.int64), np.asarray(columns["fits"], dtype=bool)
    positions = np.asarray(columns["positions"], dtype=np.int64) - 1
    found.members = found.members | Members.of(profiles[fits])
    for position in positions[~fits].tolist():
        found.lose(asked[position][0], path, "other_kind", _("This is somebody of another kind of people."))
    unknown = np.setdiff1d(np.arange(len(asked)), positions)
    for position in unknown.tolist():
        found.lose(asked[position][0], path, "unknown_member", _("Nobody is known by this identity."))


def _read(entry: object) -> Identity | None:
    if not isinstance(entry, str):
        return None
    kind, separator, value = entry.partition(":")
    value = value.strip()
    fits = bool(separator and kind and value) and len(kind) <= NAME and len(value) <= ID
    return (kind, value) if fits and entry.isprintable() else None
