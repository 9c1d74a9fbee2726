"""Puts the database back after a test that commits: quickly, and with the rows that migrations have made."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.backends.utils import CursorWrapper

SEED = "test_seed"  # a schema that holds a copy of each table that migrations fill
KEPT = ("django_migrations",)

TABLES = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = %s AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> ALL (%s)
"""
REFERENCES = """
    SELECT DISTINCT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f'
"""
SEQUENCES = """
    SELECT a.attname FROM pg_attribute a
    WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND pg_get_serial_sequence(%s, a.attname) IS NOT NULL
"""


def remember(cursor: CursorWrapper) -> None:
    """Keeps a copy of every table that has rows after the migrations."""
    cursor.execute(f"DROP SCHEMA IF EXISTS {SEED} CASCADE")
    cursor.execute(f"CREATE SCHEMA {SEED}")
    for table in _filled(cursor, _tables(cursor, "public")):
        cursor.execute(f'CREATE TABLE {SEED}."{table}" AS TABLE public."{table}"')


def restore(connection: Any) -> None:
    """Empties the tables that differ from their state after the migrations, and refills those that had rows."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '10s'")
        seeds = set(_tables(cursor, SEED))
        plain = [table for table in _tables(cursor, "public") if table not in seeds]
        dirty = set(_filled(cursor, plain)) | {table for table in seeds if _changed(cursor, table)}
        if not dirty:
            return
        emptied = _with_referrers(cursor, dirty)
        names = ", ".join(f'public."{table}"' for table in sorted(emptied))
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table in sorted(emptied & seeds):
            _refill(cursor, table)


def _refill(cursor: CursorWrapper, table: str) -> None:
    cursor.execute(f'INSERT INTO public."{table}" OVERRIDING SYSTEM VALUE SELECT * FROM {SEED}."{table}"')
    cursor.execute(SEQUENCES, [f'public."{table}"', f'public."{table}"'])
    for (column,) in cursor.fetchall():
        cursor.execute(
            f'SELECT setval(pg_get_serial_sequence(%s, %s), (SELECT max("{column}") FROM public."{table}"))',
            [f'public."{table}"', column],
        )


def _tables(cursor: CursorWrapper, schema: str) -> list[str]:
    cursor.execute(TABLES, [schema, list(KEPT)])
    return [name for (name,) in cursor.fetchall()]


def _filled(cursor: CursorWrapper, tables: list[str]) -> list[str]:
    if not tables:
        return []
    columns = ", ".join(f'EXISTS (SELECT FROM public."{table}")' for table in tables)
    cursor.execute(f"SELECT {columns}")
    row = cursor.fetchone()
    return [table for table, filled in zip(tables, row or (), strict=True) if filled]


def _changed(cursor: CursorWrapper, table: str) -> bool:
    digest = "SELECT md5(string_agg(t::text, E'\\n' ORDER BY t::text)) FROM {}.\"{}\" t"
    cursor.execute(f"SELECT ({digest.format('public', table)}) IS DISTINCT FROM ({digest.format(SEED, table)})")
    row = cursor.fetchone()
    return bool(row and row[0])


def _with_referrers(cursor: CursorWrapper, tables: set[str]) -> set[str]:
    """A table can only be emptied together with those that refer to it."""
    cursor.execute(REFERENCES)
    pairs = [(one.strip('"'), other.strip('"')) for one, other in cursor.fetchall()]
    while more := {one for one, other in pairs if other in tables and one not in tables}:
        tables = tables | more
    return tables
