"""Tasks of this package: hints, each a stage of its own."""

from __future__ import annotations

from celery import shared_task

from audiences.stages import merge as merging
from audiences.stages import months
from itinera.kit import clock


@shared_task(name="audiences.tasks.partitions")
def partitions() -> None:
    """Once a day."""
    months.run(clock.now())


@shared_task(name="audiences.tasks.merge")
def merge() -> None:
    """Profiles found to be one; come again at once if there are more."""
    if merging.run(clock.now()).more:
        merge.delay()
