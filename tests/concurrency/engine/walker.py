"""Runs waves until there has been nothing to do for a while: python -m tests.concurrency.engine.walker."""

from __future__ import annotations

import os
import time

import django

IDLE = 1.5  # seconds


def main() -> None:
    """What a Celery worker does, without Celery."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itinera.settings")
    django.setup()
    from itinera.kit import clock
    from journeys.stages import advance

    last = time.monotonic()
    while time.monotonic() - last < IDLE:
        if advance.run(clock.now(), clock=clock.now).done:
            last = time.monotonic()
        else:
            time.sleep(0.05)


if __name__ == "__main__":
    main()
