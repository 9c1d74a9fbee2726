"""The raw limit: the same rows into the same tables, with nothing around it.

What the entry wave wrote is copied out, and then written again by as many connections as there were workers:
walks, paths, messages and chunks by COPY, cap reservations by upsert. Tables have the same columns, keys and indexes.
"""

from __future__ import annotations

import threading
import time
from typing import Any

import psycopg
from django.db import connection

_COPIED = ("enrolment", "path", "message", "chunk")
_UPSERT = """INSERT INTO floor_cap_use (shard, cap_id, profile_id, times)
SELECT shard, cap_id, profile_id, times FROM cap_use WHERE profile_id %% {parts} = {part}
ORDER BY shard, cap_id, profile_id
ON CONFLICT (shard, cap_id, profile_id) DO UPDATE SET times = excluded.times"""
_BATCHES = 20
"""Each connection commits so often, as waves do."""


def measure(workers: int) -> float:
    """Seconds that `workers` connections take to write it all."""
    _make_tables()
    rows = {(table, part): _read(table, part, workers) for table in _COPIED for part in range(workers * _BATCHES)}
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
    threads = [threading.Thread(target=_write, args=(rows, part, workers)) for part in range(workers)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.monotonic() - started


def _make_tables() -> None:
    with connection.cursor() as cursor:
        for table in (*_COPIED, "cap_use"):
            cursor.execute(f"DROP TABLE IF EXISTS floor_{table}")
            cursor.execute(f"CREATE TABLE floor_{table} (LIKE {table} INCLUDING ALL)")


def _key(table: str) -> str:
    return "id" if table == "chunk" else "profile_id"


def _read(table: str, part: int, workers: int) -> bytes:
    parts = workers * _BATCHES
    which = f"{_key(table)} % {parts} = {part}"
    query = f"COPY (SELECT * FROM {table} WHERE {which}) TO STDOUT (FORMAT binary)"  # noqa: S608  # our own names
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        return b"".join(bytes(block) for block in copy)


def _write(rows: dict[tuple[str, int], bytes], worker: int, workers: int) -> None:
    parts = workers * _BATCHES
    parameters: dict[str, Any] = connection.get_connection_params()
    parameters = {k: v for k, v in parameters.items() if k in ("dbname", "user", "password", "host", "port")}
    with psycopg.connect(**parameters) as own:
        for part in range(worker, parts, workers):
            with own.transaction(), own.cursor() as cursor:
                for table in _COPIED:
                    with cursor.copy(f"COPY floor_{table} FROM STDIN (FORMAT binary)") as copy:
                        copy.write(rows[table, part])
                cursor.execute(_UPSERT.format(parts=parts, part=part).replace("%%", "%"))
