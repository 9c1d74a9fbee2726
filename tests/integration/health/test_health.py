"""A monitor learns whether it runs; somebody who may read learns how far behind it is."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django_celery_beat.models import IntervalSchedule, PeriodicTask
from pytest_django import Settings

from itinera.access.tokens import issue

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.integration.health.urls")]
HEALTH, METRICS = "/api/v1/health", "/api/v1/metrics"


@pytest.fixture
def read() -> dict[str, str]:
    return {"Authorization": f"Bearer {issue('monitor', ['read'])[1]}"}


@pytest.fixture
def beat() -> PeriodicTask:
    every = IntervalSchedule.objects.create(every=1, period="seconds")
    return PeriodicTask.objects.create(name="sample", task="t", interval=every, last_run_at=datetime.now(UTC))


@pytest.fixture
def backlog() -> None:
    """Two rows of the feed in shard 3, the older one ten minutes old; one in shard 5."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO feed (shard, profile_id, kind, at) VALUES (%s, %s, 0, wall_clock() - %s::interval)",
            [(3, 3, "10 min"), (3, 67, "1 min"), (5, 5, "0")],
        )


def test_everybody_learns_whether_it_is_well_and_nothing_else(
    client: Client, beat: PeriodicTask, backlog: None
) -> None:
    answer = client.get(HEALTH)
    assert (answer.status_code, answer.json()) == (200, {"ok": True})


def test_who_may_read_learns_the_backlog(
    client: Client, beat: PeriodicTask, backlog: None, read: dict[str, str]
) -> None:
    told = client.get(HEALTH, headers=read).json()
    assert (told["ok"], told["database"], told["broker"], told["feed"]) == (True, True, True, 3)
    assert told["shards"]["3"]["feed"] == 2
    assert told["shards"]["3"]["lag"] == pytest.approx(600, abs=5)
    assert told["lag"] == told["shards"]["3"]["lag"]
    assert 0 <= told["beat"] < 5
    assert set(told["queues"]) == {"waves", "dispatch", "long"}


def test_another_scope_learns_no_more_than_nobody(client: Client, beat: PeriodicTask) -> None:
    header = {"Authorization": f"Bearer {issue('pusher', ['ingest'])[1]}"}
    assert client.get(HEALTH, headers=header).json() == {"ok": True}
    assert client.get(METRICS, headers=header).status_code == 403


@pytest.mark.parametrize("age", [None, timedelta(minutes=2)])
def test_without_beat_it_is_not_well(client: Client, beat: PeriodicTask, age: timedelta | None) -> None:
    PeriodicTask.objects.update(last_run_at=None if age is None else datetime.now(UTC) - age)
    answer = client.get(HEALTH)
    assert (answer.status_code, answer.json()) == (503, {"ok": False})


def test_without_the_broker_it_is_not_well(
    client: Client, beat: PeriodicTask, read: dict[str, str], settings: Settings
) -> None:
    settings.BROKER_URL = "redis://127.0.0.1:1/0"
    answer = client.get(HEALTH, headers=read)
    assert answer.status_code == 503
    assert (answer.json()["broker"], answer.json()["database"]) == (False, True)


def test_without_the_database_it_says_so_and_does_not_break(
    client: Client, read: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_args: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "cursor", gone)
    for headers in ({}, read):
        answer = client.get(HEALTH, headers=headers)
        assert answer.status_code == 503
        assert answer.json()["ok"] is False


def test_prometheus_can_read_every_line(
    client: Client, beat: PeriodicTask, backlog: None, read: dict[str, str]
) -> None:
    assert client.get(METRICS).status_code == 401
    answer = client.get(METRICS, headers=read)
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    text = answer.content.decode()
    for line in text.splitlines():
        assert re.fullmatch(r'# (HELP|TYPE) itinera_\w+ .+|itinera_\w+(\{\w+="\w+"\})? [0-9.e+-]+', line), line
    assert "itinera_up 1\n" in text
    assert 'itinera_shard_feed{shard="3"} 2\n' in text
