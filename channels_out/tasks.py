"""What Celery runs: two lines each. A task is a hint; the work is in the tables."""

from __future__ import annotations

from celery import shared_task

from channels_out.stages import dispatch as dispatching
from channels_out.stages import settle as settling
from itinera.kit import clock

MOST_MESSAGES = 100_000
"""In one run; a run is bounded by time as well."""


@shared_task(ignore_result=True)
def dispatch() -> None:
    """Send what is owed."""
    dispatching.run(clock.now(), MOST_MESSAGES)


@shared_task(ignore_result=True)
def settle() -> None:
    """Apply corrections of caps where no wave comes by."""
    settling.run(clock.now(), 64)
