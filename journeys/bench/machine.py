"""What was measured on: cores, load, and the database's settings that matter."""

from __future__ import annotations

import os
from typing import Any

from django.db import connection

_SETTINGS = (
    "server_version", "fsync", "synchronous_commit", "full_page_writes", "wal_level", "shared_buffers", "work_mem",
    "max_wal_size", "checkpoint_timeout", "jit", "data_checksums",
)  # fmt: skip


def machine() -> dict[str, Any]:
    return {"cores": os.cpu_count(), "load": [round(value, 2) for value in os.getloadavg()]}


def database() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, current_setting(name) FROM unnest(%s::text[]) AS name", [list(_SETTINGS)])
        return dict(cursor.fetchall())
