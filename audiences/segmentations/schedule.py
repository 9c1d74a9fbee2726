"""When segmentations run: rows of django-celery-beat, which an admin sees and can stop."""

from __future__ import annotations

import json

from django_celery_beat.models import CrontabSchedule, PeriodicTask

from audiences.models import Segmentation, Workspace

TASK = "audiences.tasks.run_segmentation"


def keep_schedule(segmentation: Segmentation) -> None:
    """Make the row follow `every`. One that an admin has stopped stays so."""
    name = f"segmentation {segmentation.slug}"
    if segmentation.every is None:
        PeriodicTask.objects.filter(name=name).delete()
        return
    minute, hour, day, month, weekday = segmentation.every.split()
    zone = Workspace.objects.values_list("zone", flat=True).get()
    crontab, _ = CrontabSchedule.objects.get_or_create(
        minute=minute, hour=hour, day_of_month=day, month_of_year=month, day_of_week=weekday, timezone=zone
    )
    kwargs = json.dumps({"slug": segmentation.slug})
    PeriodicTask.objects.update_or_create(name=name, defaults={"task": TASK, "kwargs": kwargs, "crontab": crontab})


def drop_schedule(slug: str) -> None:
    """The segmentation is gone."""
    PeriodicTask.objects.filter(name=f"segmentation {slug}").delete()
