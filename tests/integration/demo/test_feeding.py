"""Feeding orders: nothing twice, nothing lost when nobody answers, a clean end when asked."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Event as Flag

import pytest
from django.db import connection

from audiences.ingest import ingest_events
from itinera.demo.feeder import DirectDoor, Feeder, Unavailable
from itinera.demo.orders import Line
from itinera.local.home import PROJECT

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def _feeder(door: DirectDoor, speed: int = 60) -> Feeder:
    return Feeder(door, lambda: NOON, lambda line: None, speed, 1, Flag())


@pytest.mark.django_db
def test_a_minute_fed_twice_is_sold_once() -> None:
    first, second = _feeder(DirectDoor()), _feeder(DirectDoor())
    assert first.until(NOON - MINUTE, NOON) == NOON
    second.until(NOON - MINUTE, NOON)
    assert (first.tally.orders, first.tally.refused) == (60, 0)
    assert (second.tally.orders, second.tally.known) == (0, 60)
    assert _count("event") == 60


@pytest.mark.django_db
def test_new_people_come_with_their_addresses() -> None:
    feeder = _feeder(DirectDoor())
    feeder.until(NOON - MINUTE, NOON)
    assert feeder.tally.new_people > 5
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM identity WHERE kind = 'member_id' AND value LIKE 'L%'")
        assert cursor.fetchone()[0] == feeder.tally.new_people
        cursor.execute("SELECT count(*) FROM profile WHERE attributes ? 'name'")
        assert cursor.fetchone()[0] == feeder.tally.new_people


class _Shaky(DirectDoor):
    """Takes the orders, then breaks off before it has said so: what a lost answer looks like."""

    broken = 1

    def events(self, lines: list[Line], now: datetime) -> tuple[int, int, int]:
        answer = super().events(lines, now)
        if self.broken:
            self.broken -= 1
            raise Unavailable("no answer")
        return answer


@pytest.mark.django_db
def test_after_no_answer_the_same_orders_are_handed_in_again_and_sold_once() -> None:
    lines: list[str] = []
    seconds = count(20, 20)
    feeder = Feeder(_Shaky(), lambda: NOON + timedelta(seconds=next(seconds)), lines.append, 60, 1, Flag())
    feeder.run(minutes=1)
    assert any(line.startswith("waiting: no answer") for line in lines)
    assert _count("event") == 60


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_after_the_orders_in_hand(number: int, site_environment: dict[str, str]) -> None:
    command = [sys.executable, "manage.py", "feed_orders", "--direct", "--speed", "1200"]
    program = subprocess.Popen(command, cwd=PROJECT, env=site_environment, stdout=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not _count("event") and time.monotonic() < deadline:
        time.sleep(0.2)
    program.send_signal(number)
    output, _ = program.communicate(timeout=30)
    assert program.returncode == 0
    found = re.search(r"(\d+) orders, \d+ new customers, 0 known, 0 refused", output)
    assert found is not None
    assert int(found[1]) == _count("event") > 0


@pytest.mark.django_db
def test_ingestion_takes_what_the_shop_sells() -> None:
    from itinera.demo.live import sales

    lines = [sale.order for sale in sales(NOON - MINUTE, NOON, 60, 1)]
    assert ingest_events(lines, now=NOON, source="test").rejected == []
