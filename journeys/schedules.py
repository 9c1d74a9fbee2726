"""Schedules of journeys as rows of django-celery-beat: an admin sees them and can stop them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from django_celery_beat.models import ClockedSchedule, CrontabSchedule, PeriodicTask

from audiences.models import Workspace
from journeys.canvas.plan import Plan
from journeys.models import Journey, JourneyStatus, ScheduleRun, Version
from journeys.triggers.schedule import ScheduleTrigger

_TASK = "journeys.tasks.run_schedules"
_PAUSED = "off while the journey is paused"
"""In `description`: what was switched off by a pause, to be switched on by the resume."""


def keep_schedules(journey: Journey, version: Version | None, plan: Plan | None) -> None:
    """Rows for the live version's schedules, enabled while the journey is published. `plan` on publication.

    What an admin has switched off stays off through a pause.
    """
    mine = PeriodicTask.objects.filter(name__startswith=f"journey {journey.slug} ")
    if plan is not None and version is not None:
        mine.delete()
        zone = plan.settings.zone or Workspace.objects.values_list("zone", flat=True).get()
        for trigger in plan.schedules:
            _add(journey, version, trigger, plan.by_index[trigger.node].id, zone)
    runs = journey.status == JourneyStatus.PUBLISHED
    for row in mine.filter(description=_PAUSED) if runs else mine.filter(enabled=True):
        row.enabled, row.description = runs, "" if runs else _PAUSED
        row.save()


def stopped(slug: str) -> frozenset[str]:
    """The trigger nodes of a journey whose row an admin has switched off.

    A single run's row is switched off by beat itself once it was sent; that is no wish of anybody, and beat has
    then noted when. Nor is a pause of the journey.
    """
    rows = PeriodicTask.objects.filter(name__startswith=f"journey {slug} ", enabled=False).exclude(description=_PAUSED)
    names = rows.exclude(one_off=True, last_run_at__isnull=False).values_list("name", flat=True)
    return frozenset(name.removeprefix(f"journey {slug} ") for name in names)


def note_runs(version: Version, trigger: ScheduleTrigger, zone: str | None, now: datetime) -> None:
    """Write down the runs that have become due since the last one, or since publication: to be read in their order.

    `zone` is the journey's, None for the workspace's. Holding the version's row keeps each instant with one version.
    """
    made = ScheduleRun.objects.filter(version=version, node=trigger.node)
    last = made.order_by("-at").values_list("at", flat=True).first()
    zone = zone or Workspace.objects.values_list("zone", flat=True).get()
    due = (at for at in trigger.instants(zone, last or version.published_at, now) if last is None or at > last)
    runs = [ScheduleRun(version=version, node=trigger.node, at=at) for at in due]
    ScheduleRun.objects.bulk_create(runs)


def _add(journey: Journey, version: Version, trigger: ScheduleTrigger, node: str, zone: str) -> None:
    row = PeriodicTask(name=f"journey {journey.slug} {node}", task=_TASK, kwargs=json.dumps({"version_id": version.pk}))
    if trigger.at is not None:
        row.clocked, _ = ClockedSchedule.objects.get_or_create(clocked_time=trigger.at.astimezone(UTC))
        row.one_off = True
    else:
        minute, hour, day, month, weekday = str(trigger.cron).split()
        row.crontab, _ = CrontabSchedule.objects.get_or_create(
            minute=minute, hour=hour, day_of_month=day, month_of_year=month, day_of_week=weekday, timezone=zone
        )
    row.save()
