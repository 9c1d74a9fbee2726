"""How long somebody may take, and statements that are broken off in time."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction

from itinera.kit.wire import Cursor

LONGEST = 5.0
"""Seconds that a statement may take: what reads for longer keeps dead rows from being vacuumed."""


class Unfinished(Exception):
    """The time is up. What was found until then is kept: asking again goes on from there."""


@dataclass(frozen=True, slots=True)
class Pace:
    """When to stop, on the machine's own clock."""

    until: float = math.inf

    @classmethod
    def within(cls, seconds: float) -> Pace:
        """So long from now on."""
        return cls(time.monotonic() + seconds)

    @property
    def left(self) -> float:
        """Seconds that are left, below 0 when the time is up."""
        return self.until - time.monotonic()


NO_HURRY = Pace()


@contextmanager
def at_most(cursor: Cursor, seconds: float) -> Iterator[None]:
    """Whatever runs within the block is broken off (psycopg's QueryCanceled) after so long; the transaction goes on."""
    with transaction.atomic():
        cursor.execute("SELECT current_setting('statement_timeout')")
        (before,) = cursor.fetchone()
        _set(cursor, f"{max(int(seconds * 1000), 1)}ms")
        yield
        _set(cursor, before)


def _set(cursor: Cursor, value: str) -> None:
    cursor.execute("SELECT set_config('statement_timeout', %(value)s, true)", {"value": value})
