"""`manage.py schedules`: keeps a row of django-celery-beat for each tick that the engine needs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from itinera.celery import BEATS, EXPIRES, LONG, Beat


class Command(BaseCommand):
    help = "Makes the schedules that beat reads. What an admin has stopped or slowed down stays so."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            changed = sum(keep(beat) for beat in BEATS)
        self.stdout.write(f"{len(BEATS)} schedules, {changed} written")


def keep(beat: Beat) -> bool:
    """Makes the row of a tick, or puts its task and queue right; says whether anything was written.

    Rows are found by task, so an admin may rename one; those with arguments are journeys' own schedules. Nothing is
    written when nothing differs: each write makes beat read all its rows again.
    """
    wanted = {"queue": beat.queue, "expire_seconds": None if beat.queue == LONG else EXPIRES}
    row = PeriodicTask.objects.filter(task=beat.task, kwargs="{}").first()
    if row is None:
        PeriodicTask.objects.create(task=beat.task, name=beat.name, interval=interval(beat.every), **wanted)
        return True
    if all(getattr(row, field) == value for field, value in wanted.items()):
        return False
    for field, value in wanted.items():
        setattr(row, field, value)
    row.save()
    return True


def interval(every: timedelta) -> IntervalSchedule:
    """The row of django-celery-beat for a span of whole seconds."""
    row, _ = IntervalSchedule.objects.get_or_create(every=int(every.total_seconds()), period=IntervalSchedule.SECONDS)
    return row
