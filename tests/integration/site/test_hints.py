"""A task is a hint: publishing it never breaks, and never holds up, whoever does it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.core.management import call_command
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from itinera.celery import BEATS, DISPATCH, EXPIRES, LONG, WAVES, app, route
from itinera.local.home import PROJECT

PUBLISH = """
import os, time
os.environ["DJANGO_SETTINGS_MODULE"] = "itinera.settings"
import django
django.setup()
from itinera.celery import app

@app.task(name="a.hint")
def task():
    pass

for _ in range(3):
    begun = time.monotonic()
    assert task.delay() is None
    print(time.monotonic() - begun)
"""


def test_with_the_broker_down_a_hint_is_dropped_at_once(site_environment: dict[str, str]) -> None:
    environment = {**site_environment, "BROKER_URL": "redis://127.0.0.1:1/0"}
    done = subprocess.run(
        [sys.executable, "-c", PUBLISH], cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert all(float(seconds) < 2 for seconds in done.stdout.split())
    assert "hint a.hint not sent" in done.stderr


def test_a_hint_expires_before_it_could_pile_up() -> None:
    assert all(beat.every.total_seconds() < EXPIRES for beat in BEATS if beat.queue != LONG)


def test_stages_of_the_engine_have_their_own_queues() -> None:
    assert route("journeys.tasks.wave") == WAVES
    assert route("channels_out.tasks.dispatch") == DISPATCH
    assert route("anything.else") == LONG


def test_every_tick_is_a_task_that_exists() -> None:
    app.loader.import_default_modules()
    assert [beat.task for beat in BEATS if beat.task not in app.tasks] == []


@pytest.mark.django_db
def test_schedules_are_rows_that_an_admin_may_stop_and_rename() -> None:
    call_command("schedules", verbosity=0)
    assert set(PeriodicTask.objects.values_list("task", flat=True)) >= {beat.task for beat in BEATS}
    PeriodicTask.objects.filter(task=BEATS[0].task).update(enabled=False, name="stopped by me", queue="elsewhere")
    call_command("schedules", verbosity=0)
    row = PeriodicTask.objects.get(task=BEATS[0].task)
    assert (row.enabled, row.name, row.queue) == (False, "stopped by me", BEATS[0].queue)


@pytest.mark.django_db
def test_a_row_of_one_journeys_schedule_is_not_taken_for_the_tick() -> None:
    """They start the same task: an installation that had published a schedule before the tick was made gets it too."""
    tick = next(beat for beat in BEATS if beat.task == "journeys.tasks.run_schedules")
    crontab = CrontabSchedule.objects.create(minute="0", hour="9")
    of_journey = {"name": "journey welcome daily", "kwargs": '{"version_id": 1}', "crontab": crontab}
    PeriodicTask.objects.create(task=tick.task, **of_journey)
    call_command("schedules", verbosity=0)
    rows = PeriodicTask.objects.filter(task=tick.task).order_by("id")
    assert [(row.name, row.queue) for row in rows] == [("journey welcome daily", None), (tick.name, tick.queue)]
