"""Reservations under caps, seen from dispatch: giving places back, and moving them to when the attempt is made.

Dispatch holds no shard, so it only leaves word (`cap_change`); policy applies it before the next question about
the same shard (`caps.settle`), or the settle stage does where no wave comes by. Until then a place counts as
reserved, which can only make policy stricter.

A message counts from the moment it is reserved. Where dispatch comes to it much later (a backlog, a night at the
door), it counts from the attempt instead, so that a queue that empties at once does not break a cap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db.backends.utils import CursorWrapper

from channels_out.owed import Owed
from itinera.kit.sqlfile import queries

_SQL = queries(__file__, "caps.sql")

DRIFT = timedelta(seconds=60)
"""Attempts up to this much after the reservation leave it where it is: a daily message at ten must not lose its
place tomorrow because it left three seconds after ten today."""


def give_back(cursor: CursorWrapper, messages: Iterable[int]) -> None:
    """These did not leave: stopped at the door, or refused outright by the provider."""
    _correct(cursor, dict.fromkeys(messages))


def move(cursor: CursorWrapper, becomes: Mapping[int, datetime]) -> None:
    """These count from another instant than they were reserved at."""
    if becomes:
        _correct(cursor, becomes)
        cursor.execute(_SQL["reserved"], {"ids": list(becomes), "becomes": list(becomes.values())})


def drift(cursor: CursorWrapper, opened: Iterable[Owed], now: datetime) -> None:
    """Attempts that come late count from now."""
    move(cursor, {each.id: now for each in opened if now - each.reserved_at > DRIFT})


def _correct(cursor: CursorWrapper, becomes: Mapping[int, datetime | None]) -> None:
    if becomes:
        cursor.execute(_SQL["correct"], {"ids": list(becomes), "becomes": list(becomes.values())})
