"""Celery's part: hints that expire. State is in the database, never in a task."""

from __future__ import annotations

from celery import shared_task

from itinera.kit import clock
from journeys.stages import advance, fold, reap, schedule


@shared_task(name="journeys.tasks.wave")
def wave() -> None:
    """Walk everybody who is due; come again at once if work is left."""
    if advance.run(clock.now(), clock=clock.now).more:
        wave.delay()


@shared_task(name="journeys.tasks.run_schedules")
def run_schedules(version_id: int | None = None) -> None:
    """Make the runs of schedules that have become due."""
    schedule.run(clock.now(), version_id=version_id)


@shared_task(name="journeys.tasks.reap")
def end_versions() -> None:
    """End the versions that nobody is inside of any more."""
    reap.run(clock.now())


@shared_task(name="journeys.tasks.fold_counters")
def fold_counters() -> None:
    """Fold what counters have been told; come again at once if work is left."""
    if fold.run(clock.now()).more:
        fold_counters.delay()
