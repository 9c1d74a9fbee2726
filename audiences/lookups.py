"""Rows of look-up tables, read for many keys at once, as they are at this moment.

rows(cursor, "products", ["A1", "B2"])   # {"A1": {"name": "湿巾", "price": 9.9}}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from audiences.rules.lookups import key_of
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor

__all__ = ["Row", "key_of", "rows"]

_SQL = queries(__file__, "lookups.sql")
Row = Mapping[str, Any]
"""Values by column."""


def rows(cursor: Cursor, table: str, keys: Iterable[str]) -> dict[str, Row]:
    """The rows of a table by key; keys (or a table) that do not exist are left out."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    cursor.execute(_SQL["rows"], {"table": table, "keys": wanted})
    found: dict[str, Row] = orjson.loads(cursor.fetchone()[0])
    return found
