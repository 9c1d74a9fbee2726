"""Counters are kept per shard and equal that shard's rows: what walks have counted moves with them."""

from __future__ import annotations

from typing import Any

import numpy as np

from audiences.models import SHARDS
from itinera.kit import sqlfile
from itinera.kit.wire import Cursor, Ids

SQL = sqlfile.queries(__file__, "walks.sql")


def move(cursor: Cursor, walks: dict[str, Any], now: Ids, then: Ids) -> None:
    """Take these walks (columns `version`, `seq`, `reason`, `goal`) out of the counts of those whose they are now, and
    count them for those whose they will be. Their paths must not have moved yet.
    """
    if not len(now):
        return
    params = {
        "origin": (now % SHARDS).astype(np.int16),
        "target": (then % SHARDS).astype(np.int16),
        "profile": now,
        **{name: walks[name] for name in ("version", "seq", "reason", "goal")},
    }
    cursor.execute(SQL["move_counts"], params)
