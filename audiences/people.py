"""Columns of many profiles at once, in the order in which they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import orjson

from audiences.kinds import KINDS
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor, Ids

_SQL = queries(__file__, "people.sql")


def load_columns(cursor: Cursor, profiles: Ids, attributes: Sequence[str]) -> dict[str, list[Any]]:
    """For each attribute its value per profile; None where she has none, or is not there."""
    if not len(profiles) or not attributes:
        return {name: [None] * len(profiles) for name in attributes}
    asked = np.ascontiguousarray(profiles, dtype=np.int64)
    found = {}
    for name in dict.fromkeys(attributes):
        cursor.execute(_SQL["attribute"], {"profiles": asked, "name": name})
        row = cursor.fetchone()
        # One JSON text for the column is read ten times faster than a value at a time.
        found[name] = orjson.loads(row[0])
    return found


def load_zones(cursor: Cursor, profiles: Ids) -> list[str | None]:
    """Each profile's own time zone."""
    return _texts(cursor, "zones", profiles)


def load_units(cursor: Cursor, profiles: Ids) -> list[str | None]:
    """What experiments and the holdout draw each profile by; it never changes."""
    return _texts(cursor, "units", profiles)


def load_names(cursor: Cursor, profiles: Ids) -> list[str | None]:
    """What each profile is called in what we give out: `member_id:M1` if it has one, else its first identity."""
    return _texts(cursor, "names", profiles)


def _texts(cursor: Cursor, query: str, profiles: Ids) -> list[str | None]:
    if not len(profiles):
        return []
    params = {"profiles": np.ascontiguousarray(profiles, dtype=np.int64), "kinds": list(KINDS)}
    cursor.execute(_SQL[query], params)
    found: list[str | None] = list(cursor.fetchone()[0])
    return found
