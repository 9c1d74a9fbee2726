"""Counters of messages: whatever changes messages, by whichever statement, they say what the rows say."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels_out import door, owed, results
from channels_out.models import MESSAGE_COUNTER, Account, AttemptOutcome, Message, MessageStatus
from channels_out.models.count import MessageChange, MessageCount
from channels_out.providers.base import Result
from itinera.kit.wire import django_cursor
from journeys.recount import differences
from tests.integration.channels_out.people import Person, add
from tests.integration.channels_out.queued import queue

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def account() -> Account:
    """Nothing is really sent here."""
    return Account.objects.create(
        slug="sms", channel="sms", provider="http_sms", name="sms", is_default=True, config={"url": "https://x.test"}
    )


def queued(account: Account, number: int) -> None:
    people = [Person() for _ in range(number)]
    add(people)
    queue(account, people, NOW)


def claimed(account: Account, number: int) -> list[owed.Owed]:
    with connection.cursor() as cursor:
        return owed.claim(cursor, account.pk, number, LATER)


def called(account: Account, number: int) -> list[owed.Opened]:
    with connection.cursor() as cursor:
        return owed.open_calls(cursor, claimed(account, number), LATER)


def answered(opened: list[owed.Opened], outcome: AttemptOutcome) -> None:
    with connection.cursor() as cursor:
        closings = [results.decide(each, Result(outcome), LATER, idempotent=False) for each in opened]
        results.close(cursor, closings, LATER)


def closed(account: Account, number: int, outcome: AttemptOutcome) -> None:
    answered(called(account, number), outcome)


def stopped(account: Account, number: int, stop: door.Stop) -> None:
    found = claimed(account, number)
    with connection.cursor() as cursor:
        results.stop(cursor, found, {each.id: stop for each in found}, LATER)


def taken_back(account: Account, number: int) -> None:
    opened = called(account, number)
    with connection.cursor() as cursor:
        owed.unopen(cursor, opened, LATER)


def expired(account: Account, number: int) -> None:
    claimed(account, number)
    with connection.cursor() as cursor:
        owed.expired_claims(cursor, number, LATER + timedelta(hours=1))
        owed.expired_calls(cursor, number, LATER + timedelta(hours=1))


def answered_late(account: Account, number: int) -> None:
    """Given up as unknown, and then the provider's word comes after all."""
    opened = called(account, number)
    answered(opened, AttemptOutcome.UNKNOWN)
    answered(opened, AttemptOutcome.ACCEPTED)


def undone(account: Account, number: int) -> None:
    """A transaction that is rolled back leaves no count behind."""
    with transaction.atomic():
        queued(account, number)
        closed(account, number, AttemptOutcome.ACCEPTED)
        transaction.set_rollback(True)


def erased(account: Account, number: int) -> None:
    Message.objects.filter(pk__in=Message.objects.values("pk")[:number]).delete()


def by_hand(account: Account, number: int) -> None:
    """A dead letter released by somebody, one row at a time."""
    for message in Message.objects.filter(status=MessageStatus.FAILED)[:number]:
        message.status = MessageStatus.QUEUED
        message.save()


def folded(account: Account, number: int) -> None:
    MESSAGE_COUNTER.fold(django_cursor(), number)


Move = Callable[[Account, int], Any]
MOVES: tuple[Move, ...] = (
    queued, claimed, called, taken_back, expired, answered_late, undone, erased, by_hand, folded,
    lambda account, n: owed.release(claimed(account, n), LATER),
    lambda account, n: closed(account, n, AttemptOutcome.ACCEPTED),
    lambda account, n: closed(account, n, AttemptOutcome.REJECTED),
    lambda account, n: closed(account, n, AttemptOutcome.RETRY),
    lambda account, n: stopped(account, n, door.Stop("opted_out")),
    lambda account, n: stopped(account, n, door.Stop("suppressed", status=MessageStatus.UNREACHABLE)),
    lambda account, n: stopped(account, n, door.Stop("quiet_hours", LATER + timedelta(hours=8))),
)  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.tuples(st.sampled_from(MOVES), st.integers(1, 9)), min_size=1, max_size=12))
def test_whatever_happens_to_messages_counters_and_rows_agree(account: Account, moves: list[tuple[Move, int]]) -> None:
    queued(account, 10)
    for move, number in moves:
        move(account, number)
    assert differences() == []


def counters() -> dict[MessageStatus, int]:
    return {MessageStatus(status): n for status, n in MessageCount.objects.exclude(n=0).values_list("status", "n")}


def test_a_fold_leaves_one_row_a_key_and_nothing_to_do(account: Account) -> None:
    queued(account, 30)
    closed(account, 20, AttemptOutcome.ACCEPTED)
    closed(account, 5, AttemptOutcome.REJECTED)
    assert MessageCount.objects.count() == 0
    assert MESSAGE_COUNTER.fold(django_cursor(), 3) == 3
    assert differences() == []
    assert MESSAGE_COUNTER.fold(django_cursor(), 1_000) > 0
    assert counters() == {MessageStatus.QUEUED: 5, MessageStatus.SENT: 20, MessageStatus.FAILED: 5}
    assert (MessageChange.objects.count(), MESSAGE_COUNTER.fold(django_cursor(), 1_000)) == (0, 0)


def test_a_statement_is_one_change_a_key_however_many_rows(account: Account) -> None:
    queued(account, 500)
    assert list(MessageChange.objects.values_list("version_id", "node", "status", "n")) == [(1, 3, 0, 500)]
    Message.objects.update(reserved_at=LATER)
    owed.adopt(100)
    assert MessageChange.objects.count() == 1, "what leaves the status as it was is no change"


def test_messages_from_before_the_counters_are_counted_once(account: Account) -> None:
    queued(account, 12)
    closed(account, 7, AttemptOutcome.ACCEPTED)
    MessageChange.objects.all().delete()
    queued(account, 3)
    folded(account, 100)
    migration = importlib.import_module("channels_out.migrations.0004_messages_counted")
    for _again in range(2):
        with connection.cursor() as cursor:
            cursor.execute(migration.MISSING)
        assert differences() == []


def test_a_wrong_counter_is_told_with_its_place(account: Account) -> None:
    queued(account, 2)
    MessageChange.objects.create(version_id=1, node=3, status=MessageStatus.SENT, n=1)
    (found,) = differences()
    assert (found.kind, found.place, found.counted, found.found) == ("messages", "version 1 node 3 sent", 1, 0)
