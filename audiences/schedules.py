"""Refreshes by schedule as rows of django-celery-beat: an admin sees them and can stop them.

keep_schedule("audience vip", "audiences.tasks.refresh", {"slug": "vip"}, "0 3 * * *", zone)
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from django_celery_beat.models import CrontabSchedule, PeriodicTask

from audiences.hints import is_silenced

_FIELDS = ("minute", "hour", "day_of_month", "month_of_year", "day_of_week")
"""Of a cron line, in its order."""


def keep_schedule(name: str, task: str, given: Mapping[str, object], cron: str | None, zone: str) -> None:
    """The row of this name runs the task by a cron line of the zone; without one there is no row.

    One that an admin has switched off stays off. In a replay there are no schedules.
    """
    if is_silenced():
        return
    if cron is None:
        PeriodicTask.objects.filter(name=name).delete()
        return
    timing, _made = CrontabSchedule.objects.get_or_create(
        **dict(zip(_FIELDS, cron.split(), strict=True)), timezone=zone
    )
    row = PeriodicTask.objects.filter(name=name).first() or PeriodicTask(name=name)
    row.task, row.kwargs, row.crontab = task, json.dumps(given), timing
    row.save()


def move_schedules(zone: str) -> None:
    """Whatever this package runs by cron lines is read on another zone's clock from now on."""
    if is_silenced():
        return
    mine = PeriodicTask.objects.filter(task__startswith="audiences.tasks.", crontab__isnull=False)
    for row in mine.select_related("crontab"):
        timing = {field: getattr(row.crontab, field) for field in _FIELDS}
        row.crontab, _made = CrontabSchedule.objects.get_or_create(**timing, timezone=zone)
        row.save()
