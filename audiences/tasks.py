"""Tasks of this package: hints, each a stage of its own."""

from __future__ import annotations

from celery import shared_task

from audiences import refreshing
from audiences.models import Segmentation
from audiences.segmentations import actions
from audiences.stages import imports, months, tidy
from audiences.stages import merge as merging
from itinera.kit import clock


@shared_task(name="audiences.tasks.partitions")
def partitions() -> None:
    """Once a day."""
    months.run(clock.now())


@shared_task(name="audiences.tasks.run_segmentation")
def run_segmentation(slug: str) -> None:
    """By the schedule of a segmentation."""
    for segmentation in Segmentation.objects.filter(slug=slug):
        actions.run(None, segmentation, clock.now())


@shared_task(name="audiences.tasks.refresh")
def refresh(slug: str) -> None:
    """By the row of an audience's schedule: asks for a job, which is the state."""
    refreshing.ask_refresh(slug, None, clock.now())


@shared_task(name="audiences.tasks.tidy")
def tidy_up() -> None:
    """Once an hour."""
    if tidy.run(clock.now()).more:
        tidy_up.delay()


@shared_task(name="audiences.tasks.forget_imports")
def forget_imports() -> None:
    """Once a day."""
    imports.run(clock.now())


@shared_task(name="audiences.tasks.merge")
def merge() -> None:
    """Profiles found to be one; come again at once if there are more."""
    if merging.run(clock.now()).more:
        merge.delay()
