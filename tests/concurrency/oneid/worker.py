"""The programs that work on the same people, forked from one that has loaded Django: they begin at once.

`ingest` writes down after each batch which one is durable; the others keep silent. All go on until they are killed.
"""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Callable
from itertools import count
from pathlib import Path

import django
from django.apps import apps

if not apps.ready:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itinera.settings")
    django.setup()


def work(part: str, feeder: int, said: Path, complained: Path) -> None:
    """Begin, and never end but by being killed; what else ends it is written down."""
    try:
        if part == "ingest":
            _ingest(feeder, said)
        else:
            _go_on(PARTS[part])
    except BaseException:
        complained.write_text(traceback.format_exc())
        raise


def done(said: Path) -> int:
    """How many batches of a feeder are durable."""
    lines = said.read_text().split() if said.exists() else []
    return int(lines[-1]) + 1 if lines else 0


def _ingest(feeder: int, said: Path) -> None:
    from tests.concurrency.oneid.lines import take

    with said.open("a") as out:
        for number in count(done(said)):
            take(feeder, number)
            out.write(f"{number}\n")
            out.flush()


def _merge() -> int:
    from audiences.stages import merge
    from itinera.kit import clock

    return merge.run(clock.now()).done


def _walk() -> int:
    from itinera.kit import clock
    from journeys.stages import advance

    return advance.run(clock.now(), clock=clock.now).done


def _send() -> int:
    from tests.concurrency.oneid.sending import send_some

    return send_some()


PARTS = {"merge": _merge, "walk": _walk, "send": _send}


def _go_on(turn: Callable[[], int]) -> None:
    while True:
        if not turn():
            time.sleep(0.02)
