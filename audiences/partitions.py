"""Monthly partitions of tables that grow with time: made ahead, or when a row of another month arrives.

A partition is made as a table of its own and attached, which blocks neither readers nor writers of
the whole (creating it in place would). There is no default partition: it would have to be searched
at every attach.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from psycopg import sql

from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor

PARTITION_LOCK = 7_403
"""Advisory lock: one at a time makes partitions, so that two do not make the same one."""

GROWING: list[str] = ["event", "profile_change"]
"""Tables whose months are made ahead; upper packages add theirs when they start."""

_SQL = queries(__file__, "partitions.sql")


def ensure_partitions(cursor: Cursor, table: str, first: datetime, last: datetime) -> list[str]:
    """Make the missing partitions of `table` for the months of `first` to `last`; their names.

    Call it before anything else is locked: whoever waits here for another maker must hold nothing
    that the other could want. A table that is not partitioned (a shadow in a replay) is left alone.
    """
    wanted = list(_months(first, last))
    if not _missing(cursor, table, wanted):
        return []
    cursor.execute(_SQL["lock"], {"lock": PARTITION_LOCK})
    missing = _missing(cursor, table, wanted)
    for begin in missing:
        _make(cursor, table, begin)
    return [_name(table, begin) for begin in missing]


def _missing(cursor: Cursor, table: str, wanted: list[datetime]) -> list[datetime]:
    cursor.execute(_SQL["present"], {"table": table})
    partitioned, names = cursor.fetchone() or (False, None)
    present = set(names or ())
    return [begin for begin in wanted if partitioned and _name(table, begin) not in present]


def _make(cursor: Cursor, table: str, begin: datetime) -> None:
    names = {"partition": sql.Identifier(_name(table, begin)), "table": sql.Identifier(table)}
    bounds = {"begin": sql.Literal(begin), "end": sql.Literal(_next_month(begin))}
    cursor.execute(sql.SQL(_SQL["create"]).format(**names))
    cursor.execute(sql.SQL(_SQL["attach"]).format(**names, **bounds))


def _months(first: datetime, last: datetime) -> Iterator[datetime]:
    begin = first.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while begin <= last:
        yield begin
        begin = _next_month(begin)


def _next_month(begin: datetime) -> datetime:
    return begin.replace(year=begin.year + begin.month // 12, month=begin.month % 12 + 1)


def _name(table: str, begin: datetime) -> str:
    return f"{table}_{begin:%Y%m}"
