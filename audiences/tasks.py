"""Tasks of this package: hints, each a stage of its own."""

from __future__ import annotations

from celery import shared_task

from audiences.stages import imports, months
from itinera.kit import clock


@shared_task(name="audiences.tasks.partitions")
def partitions() -> None:
    """Once a day."""
    months.run(clock.now())


@shared_task(name="audiences.tasks.forget_imports")
def forget_imports() -> None:
    """Once a day."""
    imports.run(clock.now())
