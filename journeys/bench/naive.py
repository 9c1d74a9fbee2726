"""The way everybody else does it: one Celery task per person and step, each its own transaction."""

from __future__ import annotations

import time
from datetime import timedelta

from celery import shared_task
from django.db import connection, transaction

from itinera.kit import sqlfile
from journeys.bench.crew import Crew

SQL = sqlfile.queries(__file__, "naive.sql")
PEOPLE = 400
STEPS = ("enter", "opted", "quiet", "split", "message", "week", "out")


@shared_task(name="journeys.bench.naive.step")
def step(profile: int, number: int) -> None:
    """One person, one node: look, decide, write the step, and hand her to the next task."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SQL["lock"], [profile])
        going = _decide(cursor, STEPS[number], profile)
        cursor.execute(SQL["write"], [profile, number, going])
        cursor.execute(SQL["move"], [number, profile])
    if number + 1 < len(STEPS) - 1:
        step.apply_async((profile, number + 1), queue="waves", expires=3600)


def _decide(cursor: object, name: str, profile: int) -> bool:
    execute, fetchone = cursor.execute, cursor.fetchone  # type: ignore[attr-defined]  # Django's cursor has no type here
    if name in ("opted", "quiet"):
        execute(SQL[name], [profile])
        return bool(fetchone()[0])
    if name == "message":
        execute(SQL["cap"], [profile])
        execute(SQL["send"], [profile])
    return True


def measure(team: Crew, people: int) -> float:
    """People per second that the same workers walk one by one, from a sample."""
    some = min(PEOPLE, people)
    with connection.cursor() as cursor:
        cursor.execute(SQL["make"])
        cursor.execute(SQL["enter"], [some])
    started = time.monotonic()
    for profile in range(1, some + 1):
        team.celery.send_task("journeys.bench.naive.step", (profile, 0), queue="waves", ignore_result=True)
    deadline = started + timedelta(minutes=5).total_seconds()
    while _left() and time.monotonic() < deadline:
        time.sleep(0.05)
    return some / (time.monotonic() - started)


def _left() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(SQL["left"], [len(STEPS) - 2])
        return bool(cursor.fetchone()[0])
