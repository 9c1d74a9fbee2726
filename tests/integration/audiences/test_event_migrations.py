"""Columns and index of events come to a table that is in use: nothing is lost, what broke off can be begun again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from audiences.partitions import ensure_partitions
from itinera.kit.ddl import patiently
from itinera.kit.wire import django_cursor
from tests.integration.audiences.conftest import at
from tests.integration.engine.connections import Worker, another

pytestmark = pytest.mark.django_db(transaction=True)
ADD = "INSERT INTO event (shard, profile_id, type_id, time, received_at) SELECT p %% 64, p, 1, {}, now() FROM {} AS p"
JANUARY, FEBRUARY, MARCH = (at(f"2026-0{month}-15T12:00:00") for month in (1, 2, 3))


@pytest.fixture
def earlier() -> Iterator[Callable[[str], None]]:
    """A database as it was before these migrations; gives what brings it to one of them."""
    name, own = connection.settings_dict["NAME"], f"{connection.settings_dict['NAME']}_earlier"
    _anew(own)
    connection.settings_dict["NAME"] = own
    try:
        to = lambda migration: call_command("migrate", "audiences", migration, verbosity=0, interactive=False)  # noqa: E731
        call_command("migrate", "auth", verbosity=0, interactive=False)
        to("0004_audiences_tags_lookups")
        yield to
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{own}" WITH (FORCE)')


def _anew(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()


def ask(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def add(month: Any, people: int = 200) -> None:
    with connection.cursor() as cursor:
        ensure_partitions(django_cursor(), "event", month, month)
        cursor.execute(ADD.format("%s", f"generate_series(1, {people})"), [month])


def indexes() -> list[str]:
    """Of each month what its indexes hold, and of the whole whether its index is valid."""
    months = ask("SELECT tablename, indexdef FROM pg_indexes WHERE tablename LIKE 'event\\_2%' ORDER BY 1")
    whole = ask("SELECT indisvalid FROM pg_index WHERE indexrelid = 'event_type_profile_time'::regclass")
    assert whole == [(True,)]
    return [f"{table} {definition[definition.index('(') :]}" for table, definition in months]


PLAIN, COVERING = '(type_id, profile_id, "time")', '(type_id, profile_id, "time") INCLUDE (n1, t1)'


def test_the_index_is_replaced_while_events_come_in(earlier: Callable[[str], None]) -> None:
    add(JANUARY)
    add(FEBRUARY)
    over = threading.Event()

    def write() -> int:
        written = 0
        with another() as own:
            own.autocommit = True
            while not over.is_set():
                own.execute(ADD.format("%s", "generate_series(1, 5)"), [(JANUARY, FEBRUARY)[written % 2]])
                written += 5
        return written

    writer = Worker(write)
    try:
        earlier("0016_event_covering_index")
    finally:
        over.set()
    written = writer.done()
    add(MARCH)
    assert indexes() == [f"event_20260{month} {COVERING}" for month in (1, 2, 3)]
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
    assert ask("SELECT count(*) FROM event WHERE type_id = 1") == [(600 + written,)]
    earlier("0015_event_columns")
    assert indexes() == [f"event_20260{month} {PLAIN}" for month in (1, 2, 3)]
    earlier("0016_event_covering_index")
    assert indexes() == [f"event_20260{month} {COVERING}" for month in (1, 2, 3)]


def test_a_replacement_that_broke_off_is_begun_again(earlier: Callable[[str], None]) -> None:
    add(JANUARY)
    add(JANUARY)
    earlier("0015_event_columns")
    add(FEBRUARY)
    # What a build leaves that fails half way: an index that is not valid.
    with connection.cursor() as cursor, pytest.raises(Exception, match="could not create unique index"):
        cursor.execute("CREATE UNIQUE INDEX CONCURRENTLY event_202601_covering ON event_202601 (profile_id)")
    earlier("0016_event_covering_index")
    assert indexes() == [f"event_20260{month} {COVERING}" for month in (1, 2)]


def test_what_was_declared_before_gets_columns_and_jobs_that_fill_them(earlier: Callable[[str], None]) -> None:
    properties = (
        '[{"name": "seen", "type": "number", "declared": false}, {"name": "city", "type": "text"},'
        ' {"name": "amount", "type": "money"}, {"name": "tax", "type": "money"}, {"name": "net", "type": "money"}]'
    )
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO event_type (name, properties) VALUES ('order', %s), ('visit', '[]')", [properties])
    earlier("0017_first_columns")
    given = ", ".join(f"slots -> '{column}' ->> 'property'" for column in ("n1", "n2", "t1", "t2"))
    held = ask(f"SELECT name, {given} FROM event_type ORDER BY id")
    assert held == [("order", "amount", "tax", "city", None), ("visit", None, None, None, None)]
    assert ask("SELECT kind, subject, state FROM job") == [("events.fill", "event:order", "queued")]


def test_a_change_of_a_table_gives_way_to_those_who_use_it() -> None:
    with another() as own:
        own.execute("LOCK TABLE event IN ROW EXCLUSIVE MODE")
        waiting = Worker(lambda: patiently(connection, "ALTER TABLE event ALTER properties SET STATISTICS 100"))
        with another() as third:
            # Behind a lock that waits for good, this would wait as well.
            third.execute("SET lock_timeout = '20s'")
            third.execute("SELECT FROM event LIMIT 1")
        own.rollback()
        waiting.done()
