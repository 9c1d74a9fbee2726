"""Batches at the same time, on real connections: nobody twice, nothing lost, no deadlock."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from django.db import connection, transaction

from audiences.actions import declare_event
from audiences.ingest import ingest_events, ingest_profiles
from audiences.models import INTEREST_LOCK, Event, EventKey, EventType, Feed, Identity, Interest, MergeRequest, Profile
from audiences.slots import READY, columns
from itinera.kit import jobs
from tests.integration.audiences.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)
TIME = NOW - timedelta(hours=1)
T = TypeVar("T")


@pytest.fixture
def side_by_side() -> Iterator[Callable[..., list[Any]]]:
    """Runs functions at the same time, each on a connection of its own, all let go at once."""
    pools: list[ThreadPoolExecutor] = []

    def run(*works: Callable[[], T]) -> list[T]:
        start = threading.Barrier(len(works))

        def one(work: Callable[[], T]) -> T:
            try:
                start.wait(timeout=10)
                return work()
            finally:
                connection.close()

        pools.append(pool := ThreadPoolExecutor(len(works)))
        return list(pool.map(one, works))

    yield run
    for pool in pools:
        pool.shutdown()


def order(n: int, **keys: Any) -> dict[str, Any]:
    return {"id": f"e{n}", "member_id": f"M{n}", "event": "order_paid", "time": TIME.isoformat(), **keys}


def test_the_same_lines_in_opposite_order(side_by_side: Callable[..., list[Any]]) -> None:
    lines = [order(n, identities={"phone": f"+86{n}"}, properties={f"p{n % 40}": n}) for n in range(600)]

    def take(mine: list[Any]) -> Callable[[], tuple[int, int, int]]:
        def work() -> tuple[int, int, int]:
            total = [0, 0, 0]
            for start in range(0, len(mine), 150):
                report = ingest_events(mine[start : start + 150], now=NOW, source="test")
                total = [
                    a + b
                    for a, b in zip(total, (report.accepted, report.duplicates, len(report.rejected)), strict=True)
                ]
            return total[0], total[1], total[2]

        return work

    backwards = lines[::-1]
    reports = side_by_side(take(lines), take(backwards), take(lines[300:] + lines[:300]), take(backwards))
    assert sum(accepted for accepted, _, _ in reports) == 600
    assert sum(duplicates for _, duplicates, _ in reports) == 1800
    assert Event.objects.count() == EventKey.objects.count() == Profile.objects.count() == 600
    assert Identity.objects.count() == 1200
    assert not MergeRequest.objects.exists()
    assert len(EventType.objects.get(name="order_paid").properties) == 40


def test_profiles_and_events_of_the_same_new_people(side_by_side: Callable[..., list[Any]]) -> None:
    people = [
        {"member_id": f"M{n}", "attributes": {"n": n}, "consent": {"sms": {"marketing": True}}} for n in range(500)
    ]
    side_by_side(
        lambda: ingest_profiles(people, now=NOW, source="one"),
        lambda: ingest_profiles(people[::-1], now=NOW, source="other"),
        lambda: ingest_events([order(n) for n in range(499, -1, -1)], now=NOW, source="events"),
    )
    assert Profile.objects.count() == Identity.objects.count() == 500
    assert Event.objects.count() == 500
    assert {row.attributes["n"] for row in Profile.objects.all()} == set(range(500))
    assert Profile.objects.filter(identities=None).count() == 0


def test_who_loses_every_identity_gives_way(side_by_side: Callable[..., list[Any]]) -> None:
    """Two batches find the same people by different pairs of identities."""
    one = [order(n, identities={"phone": f"+86{n}"}) for n in range(200)]
    other = [
        {**order(n + 1000), "member_id": None, "identities": {"email": f"{n}@b.test", "phone": f"+86{n}"}}
        for n in range(200)
    ]
    for line in other:
        del line["member_id"]
    side_by_side(
        lambda: ingest_events(one, now=NOW, source="one"),
        lambda: ingest_events(other[::-1], now=NOW, source="other"),
    )
    assert Identity.objects.count() == 600
    assert Profile.objects.filter(identities=None).count() == 0
    assert set(Event.objects.values_list("profile_id", flat=True)) <= set(Profile.objects.values_list("id", flat=True))
    # Whoever won an identity stands; where both stand, somebody is asked.
    assert Profile.objects.count() == 200 + MergeRequest.objects.count()


def test_new_months_are_made_once(side_by_side: Callable[..., list[Any]]) -> None:
    def take(first: int) -> Callable[[], int]:
        months = [(2005 + m // 12, m % 12 + 1) for m in range(24)]
        months = months[first:] + months[:first]
        lines = [
            {"member_id": f"M{first}", "event": "visit", "time": f"{year}-{month:02d}-05T00:00:00Z"}
            for year, month in months
        ]
        return lambda: ingest_events(lines, now=NOW, source="test").accepted

    assert side_by_side(take(0), take(8), take(16)) == [24, 24, 24]
    assert Event.objects.count() == 72


def test_no_event_slips_between_reading_and_changing_the_interest(side_by_side: Callable[..., list[Any]]) -> None:
    ingest_events([order(-1)], now=NOW, source="test")
    wanted = EventType.objects.get().id
    seen: list[int] = []

    def publish() -> int:
        time.sleep(0.05)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [INTEREST_LOCK])
            Interest.objects.create(type_id=wanted, version_id=1)
        seen.append(Event.objects.count())
        return 0

    def take() -> int:
        return sum(ingest_events([order(n)], now=NOW, source="test").accepted for n in range(120))

    assert side_by_side(take, publish) == [120, 0]
    # Whatever was not there when publishing had come through is in the feed.
    assert Feed.objects.count() >= Event.objects.count() - seen[0]
    fed = set(Feed.objects.values_list("event_id", flat=True))
    late = set(Event.objects.order_by("id").values_list("id", flat=True)[seen[0] :])
    assert late <= fed


def test_a_property_gets_a_column_while_its_events_come_in(side_by_side: Callable[..., list[Any]]) -> None:
    declare_event(None, "order_paid", now=NOW)

    def take(first: int) -> Callable[[], None]:
        def work() -> None:
            for start in range(first, first + 200, 10):
                lines = [order(n, properties={"amount": n, "city": f"c{n}"}) for n in range(start, start + 10)]
                ingest_events(lines, now=NOW, source="test")

        return work

    def declare() -> None:
        while not Event.objects.exists():
            time.sleep(0.001)
        declare_event(None, "order_paid", properties=[{"name": "amount", "type": "money"}], now=NOW)
        declare_event(None, "order_paid", properties=[{"name": "city", "type": "text"}], now=NOW)
        jobs.run(NOW)

    side_by_side(take(0), take(200), declare)
    assert columns(EventType.objects.get().slots, READY) == {"n1": "amount", "t1": "city"}
    found = {(each.properties["amount"], each.properties["city"]): (each.n1, each.t1) for each in Event.objects.all()}
    assert len(found) == 400
    assert [said for said, kept in found.items() if said != kept] == []
