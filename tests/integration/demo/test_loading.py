"""`manage.py demo`: the whole shop, once; after a kill the next run finishes what the first began."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection

from audiences.models import Workspace
from channels_out.models import Cap, QuietHours
from itinera.demo import history, load
from itinera.demo.purchases import Purchase, purchases
from itinera.kit import clock
from journeys.counts import journey_counts
from journeys.models import Journey, JourneyStatus
from journeys.stages import advance, schedule

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(400)]


@pytest.fixture(autouse=True)
def sandbox_may_be_called(settings: Any) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> int:
    """Only the first three hundred customers of the data set; how many orders they made."""
    few = tuple(each for each in purchases() if each.customer <= 300)
    again: list[Purchase] = [each for each in few if each.customer % 4 == 0 and each.day < date(1997, 2, 1)]
    monkeypatch.setattr(history, "purchases", lambda: few)
    monkeypatch.setattr(history, "relived", lambda: again)
    return len(few) + len(again)


@pytest.fixture
def afternoon() -> Iterator[datetime]:
    """Two o'clock in Shanghai: at night marketing waits before its first letter, and nobody comes to the waits."""
    at = clock.now().astimezone(ZoneInfo("Asia/Shanghai")).replace(hour=14, minute=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('itinera.now', %s, false)", [at.isoformat()])
        yield at
        cursor.execute("RESET itinera.now")


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def _walk(now: datetime) -> None:
    schedule.run(now)
    while advance.run(now, clock=lambda: now).more:
        pass


def test_the_whole_shop_is_loaded_and_people_are_walking_everywhere(afternoon: datetime) -> None:
    call_command("demo", stdout=StringIO())
    assert (_count("event"), _count("profile")) == (69_659 + 2_628, 23_570 + 2_278)
    assert _count("rejected_row") == 0
    assert Workspace.objects.get().holdout_percent == 5
    assert (Cap.objects.count(), QuietHours.objects.count()) == (2, 1)
    _walk(afternoon + timedelta(minutes=5))
    found = {journey.slug: journey_counts(journey) for journey in Journey.objects.all()}
    begins = {"welcome": "first", "thanks": "big", "winback": "launch"}
    entered = {slug: found[slug]["nodes"][node]["out"]["next"] for slug, node in begins.items()}
    assert entered["winback"] > 18_000
    assert 2_000 < entered["welcome"] < 2_278
    assert entered["thanks"] > 200
    assert all(found["welcome"]["nodes"][wait]["at"] > 100 for wait in ("wait_7", "wait_28", "wait_35"))
    assert found["winback"]["nodes"]["wait_14"]["at"] + found["winback"]["nodes"]["letter"]["at"] > 500
    assert sum(each["messages"].get(0, 0) for each in found.values()) > 100
    assert _count("walk_error") == 0
    again = StringIO()
    call_command("demo", stdout=again)
    assert "there already" in again.getvalue()


def test_what_was_killed_halfway_is_finished_with_the_days_of_the_first_run(
    small: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    real = load._publish

    def die(document: dict[str, Any], now: datetime) -> None:
        if document["slug"] == "thanks":
            raise KeyboardInterrupt
        real(document, now)

    monkeypatch.setattr(load, "_publish", die)
    with pytest.raises(KeyboardInterrupt):
        load.load(now, lambda line: None)
    assert not load.is_loaded()
    monkeypatch.setattr(load, "_publish", real)
    load.load(now + timedelta(days=1), lambda line: None)
    assert load.is_loaded()
    assert _count("event") == small
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(time) FROM event")
        assert cursor.fetchone()[0].date() <= history.yesterday(now)
    assert set(Journey.objects.values_list("slug", "status")) == {
        (slug, JourneyStatus.PUBLISHED) for slug in ("welcome", "thanks", "winback")
    }
