"""One owner per person at a time, whoever else is at work."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import psycopg
import pytest
from django.db import connection, transaction

from itinera.kit.wire import Cursor, django_cursor, micros
from journeys.engine import claim
from journeys.stages import advance
from tests.acceptance.drawing import draw, node, sms, start
from tests.integration.engine import scene
from tests.integration.engine.connections import Worker, another, numpy
from tests.integration.engine.scene import HOUR, MINUTE, NOON, SECOND, ask, events, exits, one, people, publish, walk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("accounts")]
NAP = node("nap", "delay.for", {"duration": "PT1H"})


def candidates(count: int) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    return np.arange(count, dtype=np.int16)


def take(cursor: Cursor, count: int, offset: int = 0) -> list[int]:
    return [int(shard) for shard in claim.take(cursor, candidates(count), micros(NOON), offset).shards]


@pytest.mark.parametrize(("work", "taken"), [(1, 1), (2, 1), (3, 2), (10, 5), (31, 16), (64, 16)])
def test_at_most_half_of_the_shards_with_work_are_taken(work: int, taken: int) -> None:
    with transaction.atomic():
        assert len(take(django_cursor(), work)) == taken


def test_who_comes_second_gets_other_shards() -> None:
    with another() as own, transaction.atomic():
        first = take(django_cursor(), 8)
        second = take(numpy(own), 8)
        assert len(first) == len(second) == 4
        assert not set(first) & set(second)


def test_all_that_is_held_is_passed_over_without_waiting() -> None:
    with another() as own, transaction.atomic():
        own.execute("SELECT 1 FROM shard FOR NO KEY UPDATE")
        assert take(django_cursor(), 64) == []


def test_workers_that_start_together_reach_for_different_shards() -> None:
    reached = []
    for offset in (0, 7, 14):
        with transaction.atomic():
            reached.append(tuple(take(django_cursor(), 64, offset)))
            transaction.set_rollback(True)
    assert len(set(reached)) == 3


def test_a_snapshot_older_than_another_wave_collides_instead_of_walking_twice() -> None:
    """Why the claim must be the first statement."""
    publish(draw(start(), NAP))
    people(5)
    events(5)
    with another() as own:
        own.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        own.execute("SELECT count(*) FROM feed")
        walk()
        with pytest.raises(psycopg.errors.SerializationFailure):
            take(numpy(own), 64)


def test_the_wave_never_goes_back_behind_an_earlier_one() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE shard SET last_at = %s WHERE id = 0", [NOON + HOUR])
    with transaction.atomic():
        held = claim.take(django_cursor(), candidates(1), micros(NOON), 0)
    assert held.at == micros(NOON + HOUR)
    assert one("SELECT last_at FROM shard WHERE id = 0") == NOON + HOUR
    with transaction.atomic():
        assert claim.take(django_cursor(), candidates(2)[1:], micros(NOON), 0).at == micros(NOON)


def test_shards_with_work_are_those_with_feed_rows_or_due_chunks() -> None:
    version = publish(draw(start(), NAP))
    scene.neighbours("A", shard=3)
    scene.neighbours("B", shard=9)
    scene.neighbours("C", shard=11)
    events(["A", "B"])
    events(["C"], at=NOON + HOUR, known=NOON)
    walk()
    events(["A"], at=NOON + MINUTE)

    def found(at: datetime, paused: list[int]) -> list[int]:
        return [int(shard) for shard in claim.with_work(django_cursor(), micros(at), paused)]

    assert found(NOON + MINUTE, []) == [3]
    assert found(NOON + HOUR, []) == [3, 9, 11]
    assert found(NOON + HOUR, [version.pk]) == [3, 11]
    assert found(NOON, []) == []


@pytest.mark.usefixtures("balanced")
def test_workers_side_by_side_walk_everybody_once() -> None:
    count = 300
    publish(draw(start(), sms(), node("nap", "delay.for", {"duration": "PT1S"}), sms("again"), node("end", "exit")))
    people(count)
    events(count)

    def work() -> int:
        return sum(advance.run(NOON + MINUTE, limit=120).done for _ in range(12))

    workers = [Worker(work) for _ in range(3)]
    assert sum(each.done() for each in workers) + walk(NOON + MINUTE)["people"] == count
    assert exits() == {"completed": count}
    twice = "SELECT 1 FROM path, unnest(codes) AS c WHERE c & 63 < 62 GROUP BY profile_id, c HAVING count(*) > 1"
    assert ask(twice) == []
    assert one("SELECT count(*) FROM message") == 2 * count
    assert ask("SELECT 1 FROM feed UNION ALL SELECT 1 FROM chunk") == []


def test_ingestion_does_not_wait_for_a_wave() -> None:
    publish(draw(start(), NAP))
    people(3)
    with transaction.atomic():
        take(django_cursor(), 64)
        work = Worker(lambda: events(3, at=NOON + SECOND))
        work.done(30)
    assert walk(NOON + SECOND)["entered"] == 3
