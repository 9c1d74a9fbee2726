"""Messages of somebody who is merged, at every instant of dispatch: each arrives once, and its outcome is heard."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from channels_out import door, owed, results
from channels_out.models import Account, Attempt, AttemptOutcome, Cap, CapUse, Message, MessageStatus
from channels_out.owed import Opened, Owed
from channels_out.providers.base import Result
from channels_out.stages import settle
from itinera.kit.wire import django_cursor
from tests.acceptance.drawing import draw, node, sms, start
from tests.integration.engine import scene
from tests.integration.engine.scene import HOUR, MINUTE, NOON, SECOND, ask, publish, walk
from tests.integration.oneid.scene import LATER, PHONE, become_one, did, told, two

END = node("end", "exit")


@pytest.fixture
def people(whole: None) -> tuple[int, int]:
    """Who stays and who goes; she who goes is owed a message, and waits to hear what becomes of it."""
    scene.accounts()
    found = two()
    text = sms(wired={"next": "after", "failed": "end"})
    publish(draw(start(), text, sms("after"), END))
    Cap.objects.create(name="five", limit=5, window="P7D")
    did(PHONE)
    walk()
    return found


def claim(at: datetime = LATER) -> list[Owed]:
    with transaction.atomic(), connection.cursor() as cursor:
        return owed.claim(cursor, _account(), 100, at)


def open_calls(claimed: list[Owed]) -> list[Opened]:
    with transaction.atomic(), connection.cursor() as cursor:
        return owed.open_calls(cursor, claimed, LATER)


def close(opened: list[Opened], outcome: AttemptOutcome = AttemptOutcome.ACCEPTED) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        decided = [results.decide(each, Result(outcome), LATER, idempotent=False) for each in opened]
        results.close(cursor, decided, LATER)


def ask_the_door(claimed: list[Owed]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        results.stop(cursor, claimed, door.ask(django_cursor(), claimed, LATER), LATER)


def _account() -> int:
    return Account.objects.get(slug="sms").pk


def messages() -> list[tuple[int, str, str]]:
    rows = Message.objects.order_by("at", "id")
    return [(each.profile_id, each.node_id, MessageStatus(each.status).name) for each in rows]


def goes_on(stays: int) -> None:
    """She hears that it was sent, and comes to the message after it."""
    walk(LATER + HOUR)
    assert messages() == [(stays, "text", "SENT"), (stays, "after", "QUEUED")]
    assert Attempt.objects.count() == 1
    assert ask("SELECT count(*) FROM feed") == [(0,)]


def test_queued(people: tuple[int, int]) -> None:
    become_one()
    close(open_calls(claim()))
    goes_on(people[0])


def test_claimed_and_not_opened_is_owed_again(people: tuple[int, int]) -> None:
    held = claim()
    become_one()
    assert open_calls(held) == []
    close(open_calls(claim()))
    goes_on(people[0])


def test_claimed_and_asked_about_somebody_who_is_gone(people: tuple[int, int]) -> None:
    held = claim()
    become_one()
    ask_the_door(held)
    assert messages() == [(people[0], "text", "QUEUED")]
    owed.release(held, LATER)
    close(open_calls(claim()))
    goes_on(people[0])


def test_claimed_again_by_another_who_does_not_lose_it_to_the_first(people: tuple[int, int]) -> None:
    first = claim()
    become_one()
    second = claim(LATER + SECOND)
    owed.release(first, LATER + 2 * SECOND)
    close(open_calls(second))
    goes_on(people[0])


def test_being_called(people: tuple[int, int]) -> None:
    opened = open_calls(claim())
    become_one()
    close(opened)
    goes_on(people[0])


def test_called_and_not_heard_of_yet(people: tuple[int, int]) -> None:
    close(open_calls(claim()))
    become_one()
    goes_on(people[0])


def test_refused_by_the_provider_gives_its_place_back(people: tuple[int, int]) -> None:
    opened = open_calls(claim())
    become_one()
    close(opened, AttemptOutcome.REJECTED)
    walk(LATER + HOUR)
    assert messages() == [(people[0], "text", "FAILED")]
    settle.run(LATER, 64)
    assert CapUse.objects.get().times == []


def test_given_up_by_a_dead_dispatcher(people: tuple[int, int]) -> None:
    open_calls(claim())
    become_one()
    with transaction.atomic(), connection.cursor() as cursor:
        ((_, opened),) = owed.expired_calls(cursor, 10, LATER + HOUR)
    assert opened.owed.profile == people[0]


def test_withdrawn_consent_of_the_survivor_stops_what_is_owed(people: tuple[int, int]) -> None:
    withdrawn = {"member_id": "M0", "consent": {"sms": {"marketing": False}}}
    held = claim()
    told(withdrawn, at=NOON + MINUTE)
    become_one()
    assert open_calls(held) == []
    ask_the_door(claim())
    assert messages() == [(people[0], "text", "SKIPPED")]


@contextmanager
def uncommitted(work: Callable[[], object]) -> Iterator[Callable[[], None]]:
    """Do it in a transaction of another connection, which ends when the answer is called."""
    done, end = threading.Event(), threading.Event()

    def run() -> None:
        try:
            with transaction.atomic():
                work()
                done.set()
                assert end.wait(20)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(run)
        assert done.wait(20)
        yield end.set
        end.set()
        future.result(20)


def _somebody_waits() -> bool:
    return bool(
        ask("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")[0][
            0
        ]
    )


def merged_meanwhile(commit: Callable[[], None]) -> None:
    """Merge in a third connection; let the other one commit when the merge waits for it."""

    def run() -> None:
        try:
            become_one()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(run)
        while not future.done() and not _somebody_waits():
            threading.Event().wait(0.01)
        assert not future.done(), "the merge did not wait"
        commit()
        future.result(30)


@pytest.mark.parametrize("outcome", [AttemptOutcome.ACCEPTED, AttemptOutcome.REJECTED])
def test_dispatch_that_is_writing_an_outcome_ends_first(people: tuple[int, int], outcome: AttemptOutcome) -> None:
    opened = open_calls(claim())
    with uncommitted(lambda: close(opened, outcome)) as commit:
        merged_meanwhile(commit)
    if outcome == AttemptOutcome.ACCEPTED:
        goes_on(people[0])
        return
    walk(LATER + HOUR)
    assert messages() == [(people[0], "text", "FAILED")]
    settle.run(LATER, 64)
    assert CapUse.objects.get().times == []


def test_dispatch_that_is_opening_a_call_ends_first(people: tuple[int, int]) -> None:
    held, opened = claim(), list[Opened]()
    with uncommitted(lambda: opened.extend(open_calls(held))) as commit:
        merged_meanwhile(commit)
    close(opened)
    goes_on(people[0])


def test_put_off_until_quiet_hours_are_over(people: tuple[int, int]) -> None:
    """The place under the cap moves with the message, whoever's it is by then."""
    held = claim()
    stop = {held[0].id: door.Stop("quiet_hours", LATER + HOUR)}

    def put_off() -> None:
        with connection.cursor() as cursor:
            results.stop(cursor, held, stop, LATER)

    with uncommitted(put_off) as commit:
        merged_meanwhile(commit)
    settle.run(LATER, 64)
    assert [time - LATER for time in CapUse.objects.get().times] == [timedelta(hours=1)]
    assert CapUse.objects.get().profile_id == people[0]
