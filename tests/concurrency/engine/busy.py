"""One part of a busy engine: python -m tests.concurrency.engine.busy walk|answer|fold.

Works until its standard input ends, and then until there has been nothing to do for a while.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable

import django

IDLE = 1.5  # seconds
Work = Callable[[], int]


def walking() -> Work:
    """Waves."""
    from itinera.kit import clock
    from journeys.stages import advance

    return lambda: advance.run(clock.now(), clock=clock.now).done


def answering() -> Work:
    """What dispatch does to messages, the provider taking all of them; some claims are given back first."""
    from django.db import connection, transaction

    from channels_out import owed, results
    from channels_out.models import Account, AttemptOutcome
    from channels_out.providers.base import Result
    from itinera.kit import clock

    account, taken = Account.objects.get(channel="sms").pk, Result(AttemptOutcome.ACCEPTED)

    def answer() -> int:
        now = clock.now()
        with transaction.atomic(), connection.cursor() as cursor:
            claimed = owed.claim(cursor, account, 100, now)
        owed.release(claimed[: len(claimed) // 10], now)
        with transaction.atomic(), connection.cursor() as cursor:
            opened = owed.open_calls(cursor, claimed, now)
        with transaction.atomic(), connection.cursor() as cursor:
            results.close(cursor, [results.decide(each, taken, now, idempotent=False) for each in opened], now)
        return len(claimed)

    return answer


def folding() -> Work:
    """Counters, so few changes at a time that folds meet."""
    from itinera.kit import clock
    from journeys.stages import fold

    return lambda: fold.run(clock.now(), 5).done


ROLES = {"walk": walking, "answer": answering, "fold": folding}


def main() -> None:
    """Do one role's work."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itinera.settings")
    django.setup()
    work, told = ROLES[sys.argv[1]](), threading.Event()
    threading.Thread(target=_listen, args=(told,), daemon=True).start()
    last = time.monotonic()
    while not told.is_set() or time.monotonic() - last < IDLE:
        if work():
            last = time.monotonic()
        else:
            time.sleep(0.05)


def _listen(told: threading.Event) -> None:
    sys.stdin.read()
    told.set()


if __name__ == "__main__":
    main()
