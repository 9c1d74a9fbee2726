"""Counters that nobody waits for: changes are appended, and folded into one row a key by and by.

A counter `x` is two tables with the same key: `x_change (id, key…, n)`, to which the transaction that changes the
counted rows appends what it changed, and `x_count (key…, n)`. The counter says the sum of both, read in one statement;
so it is exact at every instant, however late the fold comes. Appending locks nothing that another writer wants.
"""

from __future__ import annotations

from dataclasses import dataclass

from itinera.kit import sqlfile
from itinera.kit.wire import Cursor

SQL = sqlfile.queries(__file__, "counters.sql")


@dataclass(frozen=True)
class Counter:
    """`name` as the tables' names begin, `key` as their key columns are called."""

    name: str
    key: tuple[str, ...]

    def fold(self, cursor: Cursor, most: int) -> int:
        """Fold the oldest changes, at most `most` of them, in one statement; answers how many there were."""
        cursor.execute(SQL["fold"].format(name=self.name, key=", ".join(self.key)), {"most": most})
        return int(cursor.fetchone()[0])
