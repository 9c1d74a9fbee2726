"""Rows of look-up tables, read for many keys at once, as they are at this moment.

rows(cursor, "products", ["A1", "B2"])   # {"A1": {"name": "湿巾", "price": 9.9}}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor

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


def key_of(value: object) -> str | None:
    """The key that a value names: a text as it is, a number as it is written; nothing else names a row."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return orjson.dumps(value).decode()
    return None
