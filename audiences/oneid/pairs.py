"""The pairs that were asked for: read, marked as contradictory, and kept about whoever they concern by now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from audiences.models.merge import MergeState
from audiences.oneid.groups import Wanted
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor

_SQL = queries(__file__, "merge.sql")
_WEIGHT = {MergeState.APART: 0, MergeState.CONFLICT: 1, MergeState.QUEUED: 2}
"""Of two requests for one pair the first of these stands: what somebody has decided, then what awaits it."""

Row = tuple[int, int, int, str]
"""Number of the request, the two profiles, state."""


def queued(cursor: Cursor, most: int) -> list[Wanted]:
    """The oldest pairs to be merged."""
    cursor.execute(_SQL["queued"], {"most": most})
    return [Wanted(*row) for row in cursor.fetchall()]


def still_queued(cursor: Cursor, wanted: Iterable[Wanted]) -> list[Wanted]:
    """Those that nobody has merged or decided meanwhile, locked, as they are now."""
    numbers = [each.number for each in wanted if each.number is not None]
    cursor.execute(_SQL["still_queued"], {"requests": np.array(numbers, dtype=np.int64)})
    return [Wanted(*row) for row in cursor.fetchall()]


def around(cursor: Cursor, profiles: Iterable[int]) -> list[Row]:
    """Every request in which one of these stands, locked."""
    cursor.execute(_SQL["pairs_of"], {"profiles": np.array(sorted(profiles), dtype=np.int64)})
    found: list[Row] = cursor.fetchall()
    return found


def apart(rows: Sequence[Row]) -> frozenset[frozenset[int]]:
    """The pairs among them that somebody keeps apart."""
    return frozenset(frozenset((one, other)) for _, one, other, state in rows if state == MergeState.APART)


def contradict(cursor: Cursor, reasons: Mapping[int, str]) -> None:
    """Leave these to somebody who decides."""
    if reasons:
        numbers = np.array(list(reasons), dtype=np.int64)
        cursor.execute(_SQL["contradict"], {"requests": numbers, "reasons": list(reasons.values())})


def follow(cursor: Cursor, into: Mapping[int, int]) -> None:
    """These profiles went into others: pairs are about the survivors now; those with themselves are settled."""
    rows = around(cursor, {*into, *into.values()})
    standing: dict[tuple[int, int], Row] = {}
    settled: list[int] = []
    for row in sorted(rows, key=lambda row: (_WEIGHT[MergeState(row[3])], row[0])):
        one, other = sorted((into.get(row[1], row[1]), into.get(row[2], row[2])))
        if one == other or (one, other) in standing:
            settled.append(row[0])
        else:
            standing[one, other] = row
    turned = [(row[0], *pair) for pair, row in standing.items() if pair != (row[1], row[2])]
    cursor.execute(_SQL["drop_pairs"], {"requests": np.array(settled, dtype=np.int64)})
    if turned:
        numbers, ones, others = np.array(turned, dtype=np.int64).T
        cursor.execute(_SQL["point_pairs"], {"requests": numbers, "profiles": ones, "others": others})
