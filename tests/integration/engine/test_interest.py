"""Publishing and ingestion agree on what is fed: no event slips between the two."""

from __future__ import annotations

import threading

import pytest
from django.db import transaction

from audiences.models import Feed
from audiences.newcomers import register_events
from itinera.kit.wire import django_cursor
from tests.acceptance.drawing import draw, node, sms, start
from tests.integration.engine.connections import Worker, until, waiting_for_a_lock
from tests.integration.engine.scene import HOUR, MINUTE, NOON, ask, events, exits, one, people, publish, walk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("accounts")]


def test_a_name_that_nobody_has_seen_is_fed_from_its_first_event_on() -> None:
    publish(draw(start("never_seen_before"), sms()))
    people(["A"])
    events(["A"], "never_seen_before")
    walk()
    assert exits() == {"completed": 1}


def test_every_name_that_a_canvas_listens_to_is_asked_for() -> None:
    wait = node(
        "wait", "wait.event", {"paths": [{"id": "p", "event": "answered"}], "timeout": "P1D"}, p="end", timeout="end"
    )
    goal = {"when": {"event": "bought"}, "within": "P30D"}
    version = publish(draw(start("began"), wait, node("end", "exit"), exit_when=[{"event": "left"}], goal=goal))
    sql = "SELECT t.name FROM interest i JOIN event_type t ON t.id = i.type_id WHERE i.version_id = %s ORDER BY 1"
    assert [name for (name,) in ask(sql, version.pk)] == ["answered", "began", "bought", "left"]


def test_an_event_type_keeps_what_is_known_of_it() -> None:
    people(["A"])
    events(["A"], amount=1)
    before = ask("SELECT id, properties, declared FROM event_type WHERE name = 'order_paid'")
    publish(draw(start(), sms()))
    assert ask("SELECT id, properties, declared FROM event_type WHERE name = 'order_paid'") == before


def test_events_wait_for_a_publication_that_is_under_way_and_are_fed() -> None:
    people(["A"])
    events(["A"])
    with transaction.atomic():
        publish(draw(start(), sms()))
        taking = Worker(lambda: events(["A"], at=NOON + MINUTE))
        until(lambda: waiting_for_a_lock() or not taking.is_alive())
        assert taking.is_alive()
    taking.done()
    assert list(Feed.objects.values_list("at", flat=True)) == [NOON + MINUTE]


def test_a_publication_waits_for_events_that_are_being_taken_in() -> None:
    people(["A"])
    events(["A"])
    taken, enough = threading.Event(), threading.Event()

    def take() -> None:
        with transaction.atomic():
            events(["A"], at=NOON + MINUTE)
            taken.set()
            enough.wait(30)

    taking = Worker(take)
    assert taken.wait(30)
    publishing = Worker(lambda: publish(draw(start(), sms())))
    until(lambda: waiting_for_a_lock() or not publishing.is_alive())
    assert publishing.is_alive()
    enough.set()
    taking.done()
    publishing.done()
    assert Feed.objects.count() == 0
    events(["A"], at=NOON + HOUR)
    assert Feed.objects.count() == 1


def test_a_publication_and_a_batch_that_bring_the_same_new_name_do_not_deadlock() -> None:
    people(["A"])
    named, enough = threading.Event(), threading.Event()

    def take() -> None:
        with transaction.atomic():
            register_events(django_cursor(), ["never_seen_before"])
            named.set()
            enough.wait(30)
            events(["A"], "never_seen_before", at=NOON + MINUTE)

    taking = Worker(take)
    assert named.wait(30)
    publishing = Worker(lambda: publish(draw(start("never_seen_before"), sms())))
    until(lambda: waiting_for_a_lock() or not publishing.is_alive())
    enough.set()
    taking.done()
    publishing.done()
    events(["A"], "never_seen_before", at=NOON + HOUR)
    assert list(Feed.objects.values_list("at", flat=True)) == [NOON + HOUR]


def test_batches_beside_a_publication_are_fed_whole_or_not_at_all() -> None:
    batch, batches = 5, 12
    people(batch)
    events(batch)
    published = threading.Event()

    def take(first: int) -> list[int]:
        begun_after = []
        for turn in range(batches):
            number = first + turn
            if published.is_set():
                begun_after.append(number)
            events(batch, at=NOON + number * MINUTE, known=NOON + HOUR)
        return begun_after

    workers = [Worker(lambda first=first: take(first)) for first in (1, 101)]  # type: ignore[misc]
    publish(draw(start(), sms(), reentry={"policy": "always"}))
    published.set()
    after = [number for each in workers for number in each.done()]
    fed = dict(ask("SELECT (extract(epoch FROM at - %s) / 60)::int, count(*) FROM feed GROUP BY 1", NOON))
    assert set(fed.values()) <= {batch}
    assert set(after) <= set(fed)
    assert one("SELECT count(*) FROM event") == batch * (2 * batches + 1)
    walk(NOON + 4 * HOUR)
    assert exits() == {"completed": batch * len(fed)} if fed else exits() == {}
