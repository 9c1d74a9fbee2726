"""Changes of tables that are in use: a lock that has to wait makes everybody else wait behind it."""

from __future__ import annotations

import time
from typing import Any

from django.db import OperationalError

WAITS_FOR = "2s"
TRIES, PAUSE = 60, 0.5


def patiently(connection: Any, statement: Any) -> None:
    """Run a statement that needs a strong lock for a moment; give way and try again where it does not get it at once.

    Outside of a transaction only. OperationalError after two minutes: somebody holds the table for good.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        (before,) = cursor.fetchone()
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [WAITS_FOR])
        try:
            for left in reversed(range(TRIES)):
                if _done(cursor, statement, last=left == 0):
                    return
                time.sleep(PAUSE)
        finally:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [before])


def _done(cursor: Any, statement: Any, *, last: bool) -> bool:
    try:
        cursor.execute(statement)
    except OperationalError as error:
        if last or getattr(error.__cause__, "sqlstate", None) != "55P03":  # lock_not_available
            raise
        return False
    return True
