"""`bench engine`: people per second through seven nodes, and back through the wake, beside the floor."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from django.db import connection

from channels_out.models import Account, Cap
from itinera.kit import sqlfile
from journeys.actions import publish, save_draft
from journeys.bench import floor, journey, naive
from journeys.bench.crew import Crew, crew
from journeys.bench.population import analyze, populate
from journeys.bench.scratch import scratch_database
from journeys.stages import schedule

SQL = sqlfile.queries(__file__, "engine.sql")
_POLL = 0.05
_TICK = 1.0
_LONGEST = 3600.0


@dataclass(frozen=True)
class Run:
    """One phase: wall seconds, and the write-ahead log it wrote in bytes."""

    seconds: float
    wal: int


def measure(people: int, workers: int, now: datetime) -> dict[str, Any]:
    """Entry wave, wake wave, floor and naive walk over one population, in one run on one machine."""
    log = Path(mkdtemp(prefix="itinera-bench-")) / "workers.log"
    with scratch_database(f"itinera_bench_{os.getpid()}") as environment:
        populate(people, now)
        _publish(now)
        with crew(workers, environment, log) as team:
            analyze()
            entered = _phase(team, workers, lambda: schedule.run(now + timedelta(seconds=1), 50_000))
            counted = _one("counted")
            low = floor.measure(workers)
            analyze()
            woken = _phase(team, workers, lambda: _execute("wake"))
            slow = naive.measure(team, people)
            memory = team.peak_rss_mb()
    return _report(people, workers, entered, woken, counted, low, slow, memory)


def _report(
    people: int, workers: int, entered: Run, woken: Run, counted: tuple[int, ...], low: float,
    slow: float, memory: float,
) -> dict[str, Any]:  # fmt: skip
    transitions, messages, waiting = counted
    return {
        "people": people,
        "workers": workers,
        "seconds": round(entered.seconds, 2),
        "people_per_second": round(people / entered.seconds),
        "transitions_per_second": round(transitions / entered.seconds),
        "messages": messages,
        "floor_seconds": round(low, 2),
        "floor_ratio": round(low / entered.seconds, 3),
        "naive_people_per_second": round(slow, 1),
        "naive_ratio": round(people / entered.seconds / slow, 1),
        "wal_bytes_per_person": round(entered.wal / people),
        "wake_people_per_second": round(waiting / woken.seconds),
        "peak_rss_mb": round(memory),
    }


def _publish(now: datetime) -> None:
    Cap.objects.create(**journey.CAP)
    # Nothing is dispatched here: the account only has to be there for the canvas to be publishable.
    account = {"slug": "bench", "name": "bench", "channel": "sms", "provider": "http_sms"}
    Account.objects.create(**account, is_default=True, enabled=False)
    publish(save_draft(journey.canvas(now), None), None, now)


def _phase(team: Crew, workers: int, begin: Any) -> Run:
    """From the moment the work is there until nothing is left, with a tick a second as beat gives."""
    begin()
    before = _one("wal")[0]
    started = last = time.monotonic()
    team.tick("journeys.tasks.wave", workers)
    while _one("left")[0]:
        time.sleep(_POLL)
        if time.monotonic() - last > _TICK:
            team.tick("journeys.tasks.wave", workers)
            last = time.monotonic()
        if last - started > _LONGEST:
            raise RuntimeError("the wave does not end")
    seconds = time.monotonic() - started
    return Run(seconds, int(_one("wal_since", before)[0]))


def _one(query: str, *values: str) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(SQL[query], values or None)
        row: tuple[Any, ...] = cursor.fetchone()
        return row


def _execute(query: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SQL[query])
