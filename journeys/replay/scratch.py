"""Shadows: temporary tables of the same names as the state tables, on a connection of their own.

`pg_temp` is first in the search path, so every statement of the engine, of ingestion and of the ORM on this
connection finds the shadow. What was found to bite, and is therefore done here: the connection is fresh (prepared
statements of an old one go on writing the real tables) and closed afterwards (a live write on it would vanish);
every table is shadowed first, from the list of models; and then every transaction is READ ONLY, which still lets
temporary tables be written and turns a forgotten one into an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection

from audiences import hints

APPS = ("audiences", "channels_out", "journeys")
_SEEDED = ("shard", "workspace")
"""Tables whose rows are part of the schema: copied into the shadow."""


def tables() -> list[str]:
    """Every table of the state's apps, from their models."""
    models = (model for label in APPS for model in apps.get_app_config(label).get_models())
    return sorted({model._meta.db_table for model in models})  # noqa: SLF001  # Django's documented way


@contextmanager
def scratch() -> Iterator[None]:
    """Django's connection with shadows for all state, until the end of the block."""
    connection.close()
    try:
        with connection.cursor() as cursor:
            for table in tables():
                cursor.execute(f'CREATE TEMPORARY TABLE "{table}" (LIKE public."{table}" INCLUDING ALL)')
            for table in _SEEDED:
                cursor.execute(f'INSERT INTO pg_temp."{table}" SELECT * FROM public."{table}"')  # noqa: S608  # our names
            cursor.execute("SET default_transaction_read_only = on")
            # A scratch that is lost is begun again: nothing here waits for a disk.
            cursor.execute("SET synchronous_commit = off")
        with hints.silenced():
            yield
    finally:
        connection.close()


def analyze() -> None:
    """Plans over tables without statistics are ruinous: after each load."""
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = off")
        cursor.execute("ANALYZE " + ", ".join(f'pg_temp."{table}"' for table in tables()))
        cursor.execute("SET default_transaction_read_only = on")
