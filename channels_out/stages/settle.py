"""Applies corrections of caps where no wave comes by."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from django.db import transaction

from channels_out.caps import settle
from itinera.kit.sqlfile import queries
from itinera.kit.stage import StageReport
from itinera.kit.wire import django_cursor

_SQL = queries(__file__.replace("stages", ""), "caps.sql")


def run(now: datetime, limit: int) -> StageReport:  # noqa: ARG001  # a stage's signature; corrections carry instants
    """Settle the shards that are free, at most `limit` of them at once."""
    with transaction.atomic():
        cursor = django_cursor()
        cursor.execute(_SQL["shards_to_settle"], {"most": limit})
        shards = np.array([row[0] for row in cursor.fetchall()], dtype=np.int16)
        done = settle(cursor, shards) if len(shards) else 0
    return StageReport("settle", done, more=len(shards) >= limit)
