"""Real connections beside the test's own: other workers, other writers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection, connections

from itinera.kit import wire


@contextmanager
def another() -> Iterator[psycopg.Connection[Any]]:
    """A connection of its own to the test's database; what it has not committed at the end is undone."""
    settings = connection.settings_dict
    parts = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    given: dict[str, Any] = {name: settings[part] for name, part in parts.items() if settings[part]}
    own = psycopg.connect(**given, options="-c timezone=UTC")
    try:
        yield own
    finally:
        own.rollback()
        own.close()


def numpy(own: psycopg.Connection[Any]) -> wire.Cursor:
    """A cursor on it that speaks numpy, as the engine's do."""
    return wire.numpy_cursor(own)


class Worker(threading.Thread):
    """Something done beside the test, on a connection of its own; what it raised is raised by `done`."""

    def __init__(self, work: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self.work = work
        self.error: BaseException | None = None
        self.result: object = None
        self.start()

    def run(self) -> None:
        try:
            self.result = self.work()
        except BaseException as error:  # noqa: BLE001  # told to the test
            self.error = error
        finally:
            connections.close_all()

    def done(self, seconds: float = 60) -> Any:
        """Wait for its end; what it answered."""
        self.join(seconds)
        assert not self.is_alive(), "it still runs"
        if self.error is not None:
            raise self.error
        return self.result


def until(condition: Callable[[], object], most: int = 20_000) -> None:
    """Ask again until it holds; each time costs a query, none a nap."""
    for _ in range(most):
        if condition():
            return
    raise AssertionError("it never came to hold")


def waiting_for_a_lock() -> int:
    """How many backends of this database wait for somebody's lock."""
    with connection.cursor() as cursor:
        # Within a transaction the activity is else what it was when first asked for.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0
