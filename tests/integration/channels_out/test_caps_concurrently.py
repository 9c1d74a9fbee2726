"""Caps under concurrency: real connections, a shard locked first, and the proof that the test can fail."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.db import connection, transaction
from psycopg.errors import SerializationFailure

from channels_out.caps import CapRule, Persons, reserve, room_from, settle
from channels_out.models import CapChange, CapUse
from channels_out.stages import settle as settling
from channels_out.windows import CapWindow
from itinera.kit.durations import Duration
from itinera.kit.wire import django_cursor, micros, moment
from itinera.kit.zones import ZoneArray

pytestmark = pytest.mark.django_db(transaction=True)

LIMIT, PEOPLE, WORKERS, ROUNDS = 2, 200, 4, 6
CAP = CapRule(1, LIMIT, CapWindow(Duration(micros=7 * 86_400_000_000)))
NOW = datetime(2026, 11, 20, tzinfo=UTC)
PROFILES = np.arange(0, PEOPLE * 64, 64, dtype=np.int64)
EVERYBODY = Persons(np.zeros(PEOPLE, np.int16), PROFILES, ZoneArray.same("UTC", PEOPLE))

Ask = Callable[[np.ndarray], np.ndarray]


def holding(at: np.ndarray) -> np.ndarray:
    """As a wave does: the shard's row first, then everything else; a snapshot that came too late starts again."""
    while True:
        try:
            with transaction.atomic():
                cursor = django_cursor()
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                cursor.execute("UPDATE shard SET wave = wave + 1 WHERE id = 0")
                return reserve_what_is_free(at)
        except SerializationFailure:
            continue


def naively(at: np.ndarray) -> np.ndarray:
    """The same without the lock."""
    with transaction.atomic():
        return reserve_what_is_free(at)


def reserve_what_is_free(at: np.ndarray) -> np.ndarray:
    cursor = django_cursor()
    free = room_from(cursor, [CAP], EVERYBODY) <= at
    time.sleep(0.02)  # what a wave does between reading and writing
    reserve(cursor, [CAP], EVERYBODY.take(free), at[free])
    return free


def grants(ask: Ask) -> np.ndarray:
    """How many places each person got, from all workers together, within one window."""
    total = np.zeros(PEOPLE, dtype=np.int64)
    guard, together = threading.Lock(), threading.Barrier(WORKERS)

    def work() -> None:
        try:
            connection.ensure_connection()
            together.wait()
            for _ in range(ROUNDS):
                granted = ask(np.full(PEOPLE, micros(NOW), dtype=np.int64))
                with guard:
                    total[granted] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return total


def test_nobody_exceeds_a_cap_while_shards_are_held() -> None:
    assert (grants(holding) == LIMIT).all()


def test_the_same_without_the_lock_exceeds_it() -> None:
    assert (grants(naively) > LIMIT).any()


class Counting:
    """A cursor that counts what is asked of it."""

    def __init__(self, cursor: Any) -> None:
        self.cursor, self.statements = cursor, 0

    def execute(self, query: Any, params: Any = None) -> Any:
        self.statements += 1
        return self.cursor.execute(query, params)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cursor, name)


def test_reading_and_reserving_is_two_statements() -> None:
    with transaction.atomic():
        cursor = Counting(django_cursor())
        room_from(cursor, [CAP, replace(CAP, id=2)], EVERYBODY)
        reserve(cursor, [CAP, replace(CAP, id=2)], EVERYBODY, np.full(PEOPLE, micros(NOW)))
    assert cursor.statements == 2
    assert CapUse.objects.count() == 2 * PEOPLE


def owe(profile: int, was: datetime, becomes: datetime | None) -> None:
    CapChange.objects.create(shard=0, cap_id=1, profile_id=profile, message_id=1, was=was, becomes=becomes)


def reserved(profile: int) -> list[datetime]:
    found: list[datetime] = CapUse.objects.get(profile_id=profile).times
    return found


def test_corrections_give_places_back_and_move_them() -> None:
    hour = timedelta(hours=1)
    with transaction.atomic():
        for turn in range(2):
            reserve(django_cursor(), [CAP], EVERYBODY, np.full(PEOPLE, micros(NOW + turn * hour)))
    owe(0, NOW, None)
    owe(64, NOW, NOW + 3 * hour)
    owe(128, NOW + 5 * hour, None)  # a place that is not there
    owe(999, NOW, None)  # nobody
    with transaction.atomic():
        assert settle(django_cursor(), np.zeros(1, np.int16)) == 4
    assert reserved(0) == [NOW + hour]
    assert reserved(64) == [NOW + hour, NOW + 3 * hour]
    assert reserved(128) == [NOW, NOW + hour]
    room = room_from(django_cursor(), [CAP], EVERYBODY)
    assert moment(room[1]) == NOW + hour + timedelta(days=7)
    assert room[0] < micros(NOW)


def test_two_reservations_of_one_instant_are_given_back_one_by_one() -> None:
    with transaction.atomic():
        for _ in range(2):
            reserve(django_cursor(), [CAP], EVERYBODY, np.full(PEOPLE, micros(NOW)))
    owe(0, NOW, None)
    with transaction.atomic():
        settle(django_cursor(), np.zeros(1, np.int16))
    assert reserved(0) == [NOW]


def test_the_settle_stage_takes_free_shards_and_tells_waves() -> None:
    with transaction.atomic():
        reserve(django_cursor(), [CAP], EVERYBODY, np.full(PEOPLE, micros(NOW)))
    owe(0, NOW, None)
    report = settling.run(NOW, 64)
    assert (report.done, report.more) == (1, False)
    assert reserved(0) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT wave FROM shard WHERE id = 0")
        assert cursor.fetchone()[0] > 0
