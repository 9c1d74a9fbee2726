"""Months made ahead, once each, and left alone where a table is no partitioned one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection

from audiences.partitions import ensure_partitions
from audiences.stages import months
from audiences.tasks import partitions
from itinera.kit.wire import django_cursor

pytestmark = pytest.mark.django_db


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_the_months_of_a_stretch_are_made_once() -> None:
    cursor = django_cursor()
    made = ensure_partitions(cursor, "event", day("2003-11-30"), day("2004-02-01"))
    assert made == ["event_200311", "event_200312", "event_200401", "event_200402"]
    assert ensure_partitions(cursor, "event", day("2003-12-01"), day("2004-03-01")) == ["event_200403"]
    assert ensure_partitions(cursor, "event", day("2003-12-01"), day("2004-03-01")) == []


def test_a_partition_has_the_index_of_the_whole_and_an_identity() -> None:
    cursor = django_cursor()
    ensure_partitions(cursor, "event", day("2003-11-30"), day("2003-11-30"))
    cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'event_200311'")
    assert ['(type_id, profile_id, "time")' in row[0] for row in cursor.fetchall()] == [True]
    columns = "profile_id, shard, time, received_at, type_id"
    cursor.execute(f"INSERT INTO event ({columns}) VALUES (1, 1, '2003-11-30', now(), 1) RETURNING id")
    assert cursor.fetchone()[0] > 0


def test_the_ends_of_a_month_are_utc() -> None:
    cursor = django_cursor()
    made = ensure_partitions(cursor, "event", datetime.fromisoformat("2003-12-01T00:00:00+08:00"), day("2003-12-01"))
    assert made == ["event_200311", "event_200312"]


def test_a_shadow_is_left_alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE event (LIKE public.event INCLUDING ALL) ON COMMIT DROP")
        assert ensure_partitions(cursor, "event", day("2003-01-01"), day("2003-12-01")) == []


def test_a_table_that_is_not_there() -> None:
    assert ensure_partitions(django_cursor(), "no_such_table", day("2003-01-01"), day("2003-12-01")) == []


def test_the_coming_months_are_made_ahead() -> None:
    report = months.run(day("2004-05-20"))
    made = report.detail["made"]
    assert isinstance(made, list)
    assert [name for name in made if name.startswith("event_")] == ["event_200405", "event_200406", "event_200407"]
    assert (report.stage, report.done, report.more) == ("partitions", len(made), False)
    assert months.run(day("2004-05-20")).done == 0


def test_the_task_of_the_day() -> None:
    partitions()
