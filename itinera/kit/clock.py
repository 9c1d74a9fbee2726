"""The wall clock: one for all machines, the database's, which tests can move."""

from __future__ import annotations

from datetime import datetime

from django.db import connection


def now() -> datetime:
    """The instant by `wall_clock()`; tests move it by the setting `itinera.now`.

    Only commands, views and task bodies ask for it. Everything below takes `now` as an argument.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall_clock()")
        row = cursor.fetchone()
    assert row is not None
    instant: datetime = row[0]
    return instant
