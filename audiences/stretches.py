"""All profiles in stretches of their numbers, so that no statement reads for long, however many there are."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor

FIRST = 65_536
"""So many profiles make the first stretch: neighbours on the disk, some tenths of a second for a few measures."""
_FEWEST, _MOST, _SECONDS = 1_024, 262_144, 1.0

_SQL = queries(__file__, "stretches.sql")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Profiles whose numbers are from `first` to `last`, both in. `share` of all lie below its end, about."""

    first: int
    last: int
    share: float = 1.0

    @classmethod
    def alone(cls, profile: int) -> Stretch:
        """Of one profile."""
        return cls(profile, profile)


def stretch_after(cursor: Cursor, after: int, most: int = FIRST) -> Stretch | None:
    """The next `most` profiles with numbers above this; None if there are no more."""
    cursor.execute(_SQL["after"], {"after": after, "most": most})
    last, highest = cursor.fetchone()
    return None if last is None else Stretch(after + 1, last, last / highest)


def next_size(size: int, seconds: float) -> int:
    """How many to take next, when so many took so long: so many as fit into about a second, at most twice as many."""
    return int(min(max(size * _SECONDS / max(seconds, 1e-3), _FEWEST), size * 2, _MOST))


def stretches(cursor: Cursor) -> Iterator[Stretch]:
    """All of them, one after the other, as long as whoever asks makes of them; who is made meanwhile may come in."""
    after, size = 0, FIRST
    while (found := stretch_after(cursor, after, size)) is not None:
        began = time.monotonic()
        yield found
        after, size = found.last, next_size(size, time.monotonic() - began)
