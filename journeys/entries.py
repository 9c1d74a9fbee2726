"""Counts who enters: the wave appends what it let in, by journey and quarter of an hour."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from itinera.kit import sqlfile, wire
from itinera.kit.wire import Cursor, Instants
from itinera.kit.zones import ZoneArray, local_midnight

SQL = sqlfile.queries(__file__, "entries.sql")
_QUARTER = 15 * 60 * 1_000_000


def count(cursor: Cursor, journey: NDArray[np.int32], entered: Instants) -> None:
    """One for each of these entries, in the caller's transaction."""
    if not len(journey):
        return
    begins = entered // _QUARTER * _QUARTER
    keys, n = np.unique(np.stack([journey.astype(np.int64), begins]), axis=1, return_counts=True)
    params = {"journey": keys[0].astype(np.int32), "quarter": wire.instants(keys[1]), "n": n.astype(np.int64)}
    cursor.execute(SQL["append"], params)


def day_begins(now: datetime, zone: str) -> datetime:
    """The midnight with which the local day of `now` began: always the beginning of a quarter."""
    return wire.moment(int(local_midnight(np.array([wire.micros(now)]), ZoneArray.same(zone, 1))[0]))
