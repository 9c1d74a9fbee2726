"""Events that come in: taken once, given to their people, fed to the engine, or refused with the reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from audiences import hints
from audiences.ingest import IngestReport, ingest_events
from audiences.models import (
    AttributeType,
    Event,
    EventKey,
    EventType,
    Feed,
    FeedKind,
    Identity,
    Interest,
    MergeRequest,
    Profile,
    RejectedRow,
)
from itinera.kit.wire import django_cursor
from tests.integration.audiences.conftest import NOW

pytestmark = pytest.mark.django_db
TIME = "2026-03-15T03:00:00Z"


def line(**keys: Any) -> dict[str, Any]:
    return {"member_id": "M1", "event": "order_paid", "time": TIME, **keys}


def take(*lines: object) -> IngestReport:
    return ingest_events(lines, now=NOW, source="test")


def refused(bad: object) -> tuple[str, str | None]:
    """Code and place; good rows beside it are kept."""
    before = Event.objects.count()
    report = take(line(), bad, line())
    assert (report.accepted, [each.index for each in report.rejected]) == (2, [1])
    assert Event.objects.count() == before + 2
    assert report.rejected[0].detail
    return report.rejected[0].code, report.rejected[0].path


def test_an_event_is_written_once_with_everything_it_said() -> None:
    report = take(line(id="e-1", properties={"amount": 99.5, "sku": 'a\\b"\t\n客'}))
    assert (report.accepted, report.duplicates, report.rejected) == (1, 0, [])
    event = Event.objects.select_related("type", "profile").get()
    assert event.type.name == "order_paid"
    assert event.time.isoformat() == "2026-03-15T03:00:00+00:00"
    assert event.received_at == NOW
    assert event.properties == {"amount": 99.5, "sku": 'a\\b"\t\n客'}
    assert event.shard == event.profile_id % 64 == event.profile.shard
    assert event.profile.unit == "M1"


def test_an_event_sent_again_is_a_duplicate_in_the_same_batch_and_later() -> None:
    report = take(line(id="e-1"), line(id="e-1", event="other"), line(id="e-2"), line(), line())
    assert (report.accepted, report.duplicates) == (4, 1)
    report = take(line(id="e-2"), line(id="e-3"))
    assert (report.accepted, report.duplicates) == (1, 1)
    assert EventKey.objects.count() == 3


def test_numbers_follow_the_order_of_the_lines() -> None:
    take(*(line(properties={"n": n}) for n in range(20)))
    assert [e.properties["n"] for e in Event.objects.order_by("id")] == list(range(20))


@pytest.mark.parametrize(
    ("bad", "code", "path"),
    [
        ([1], "not_an_object", None),
        ("text", "not_an_object", None),
        (None, "not_an_object", None),
        (line(porperties={}), "unknown_key", "porperties"),
        ({"member_id": "M1", "time": TIME}, "missing_key", "event"),
        (line(event=5), "wrong_type", "event"),
        (line(event=""), "bad_text", "event"),
        (line(event="a\x00b"), "bad_text", "event"),
        (line(event="x" * 129), "too_long", "event"),
        ({"member_id": "M1", "event": "a"}, "missing_key", "time"),
        (line(time=None), "bad_time", "time"),
        (line(time=1700000000), "bad_time", "time"),
        (line(time="yesterday"), "bad_time", "time"),
        (line(time="2026-03-15T03:00:00"), "bad_time", "time"),
        (line(time="2026-02-30T03:00:00Z"), "bad_time", "time"),
        (line(time="1999-12-31T23:59:59Z"), "impossible_time", "time"),
        (line(time="2026-03-16T04:00:01Z"), "impossible_time", "time"),
        ({"event": "a", "time": TIME}, "no_identity", None),
        (line(member_id=None), "wrong_type", "member_id"),
        (line(member_id=1), "wrong_type", "member_id"),
        (line(member_id="  "), "bad_text", "member_id"),
        (line(member_id="M\x00"), "bad_text", "member_id"),
        (line(identities=[]), "wrong_type", "identities"),
        (line(identities={"phone": 1}), "wrong_type", "identities.phone"),
        (line(id=7), "wrong_type", "id"),
        (line(id="x" * 257), "too_long", "id"),
        (line(properties=[]), "wrong_type", "properties"),
        (line(properties={"a": "\x00"}), "bad_text", "properties"),
        (line(properties={"a": {"b": ["\x00"]}}), "bad_text", "properties"),
        (line(properties={"\x00": 1}), "bad_text", "properties"),
        (line(properties={"a": "x" * 70_000}), "too_large", "properties"),
        (line(properties={"a": {1, 2}}), "bad_text", "properties"),
        (line(properties={"": 1}), "bad_text", "properties."),
    ],
)
def test_a_bad_line_is_refused_with_its_reason(bad: object, code: str, path: str | None) -> None:
    assert refused(bad) == (code, path)


def test_a_backslash_before_u0000_is_no_nul() -> None:
    take(line(properties={"a": "\\u0000"}))
    assert Event.objects.get().properties == {"a": "\\u0000"}


def test_the_edges_of_possible_time() -> None:
    report = take(line(time="2000-01-01T00:00:00Z"), line(time="2026-03-16T12:00:00+08:00"))
    assert report.accepted == 2


def test_bad_rows_are_kept_as_they_came() -> None:
    take({"event": "a", "time": TIME, "phone": "", "properties": {"x": 1}}, line(), "nonsense")
    rows = list(RejectedRow.objects.order_by("index"))
    assert [(r.index, r.code, r.source, r.at) for r in rows] == [
        (0, "bad_text", "test", NOW), (2, "not_an_object", "test", NOW)
    ]  # fmt: skip
    assert rows[0].batch == rows[1].batch
    assert '"properties":{"x":1}' in rows[0].body
    assert rows[1].body == '"nonsense"'


def test_names_seen_in_data_are_added_with_the_type_they_show() -> None:
    take(
        line(properties={"n": 1, "t": "x", "b": True, "d": "2026-03-15", "i": TIME, "l": ["a"], "o": {}, "z": None}),
        line(event="visit"),
    )
    found = {each["name"]: each["type"] for each in EventType.objects.get(name="order_paid").properties}
    assert found == {"n": "number", "t": "text", "b": "boolean", "d": "date", "i": "datetime", "l": "list"}
    assert not EventType.objects.filter(declared=True).exists()
    take(line(properties={"n": "text now", "more": 1}))
    assert [p["name"] for p in EventType.objects.get(name="order_paid").properties][-1] == "more"


def test_what_is_declared_is_enforced() -> None:
    EventType.objects.create(name="order_paid", properties=[{"name": "amount", "type": "money"}])
    assert refused(line(properties={"amount": "12"})) == ("wrong_type", "properties.amount")
    assert refused(line(properties={"amount": True})) == ("wrong_type", "properties.amount")
    assert take(line(properties={"amount": None}), line(properties={"amount": 1, "other": "x"})).accepted == 2


def test_a_refused_line_leaves_no_name_behind() -> None:
    EventType.objects.create(name="known", properties=[{"name": "n", "type": "number"}])
    take(line(event="known", properties={"new": 1, "n": "x"}), line(event="unheard_of", member_id=""))
    assert EventType.objects.get(name="known").properties == [{"name": "n", "type": "number"}]
    assert not EventType.objects.filter(name="unheard_of").exists()
    assert not AttributeType.objects.exists()


def test_values_in_the_place_of_names_are_noticed() -> None:
    EventType.objects.create(name="order_paid")
    report = take(*(line(properties={f"name {n}": 1}) for n in range(310)))
    assert report.accepted == 300
    assert {each.code for each in report.rejected} == {"too_many_names"}


def test_unknown_people_are_created_once_and_known_by_all_their_identities() -> None:
    take(line(identities={"phone": " +8613800000000 "}), line(phone="+8613800000000"), {**line(), "email": "a@b.test"})
    profile = Profile.objects.get()
    assert sorted(profile.identities.values_list("kind", "value")) == [
        ("email", "a@b.test"), ("member_id", "M1"), ("phone", "+8613800000000")
    ]  # fmt: skip
    assert Event.objects.filter(profile=profile).count() == 3


def test_any_kind_of_identity_will_do() -> None:
    report = take({"event": "a", "time": TIME, "identities": {"loyalty_card": "L1"}})
    assert report.accepted == 1
    assert Profile.objects.get().unit == "loyalty_card:L1"


def test_two_identities_of_different_people_ask_for_a_merge() -> None:
    take(line(), {"event": "a", "time": TIME, "phone": "+861"})
    one, other = Profile.objects.order_by("id")
    take(line(phone="+861"), line(phone="+861"))
    assert Event.objects.filter(profile=one).count() == 3
    request = MergeRequest.objects.get()
    assert (request.profile_id, request.other_id, request.kind, request.source) == (one.id, other.id, "phone", "test")
    assert Identity.objects.count() == 2


def test_lines_of_one_batch_that_meet_later_ask_for_a_merge_too() -> None:
    take(line(), {"event": "a", "time": TIME, "phone": "+861"}, line(phone="+861"))
    assert Profile.objects.count() == 2
    assert MergeRequest.objects.count() == 1


def test_only_what_journeys_ask_for_is_fed(django_capture_on_commit_callbacks: Any) -> None:
    take(line(), line(event="visit"))
    wanted = EventType.objects.get(name="order_paid")
    Interest.objects.create(type_id=wanted.id, version_id=1)
    Interest.objects.create(type_id=wanted.id, version_id=2)
    heard: list[int] = []
    hints.on_work_arrived(listener := lambda: heard.append(1))
    try:
        with django_capture_on_commit_callbacks(execute=True):
            take(line(properties={"q": 'a\\"b'}), line(event="visit"))
        with django_capture_on_commit_callbacks(execute=True):
            take(line(event="visit"))
    finally:
        hints._listeners.remove(listener)
    row = Feed.objects.get()
    assert row.event_id is not None
    event = Event.objects.get(id=row.event_id)
    assert (row.kind, row.type_id, row.profile_id, row.shard) == (
        FeedKind.EVENT,
        wanted.id,
        event.profile_id,
        event.shard,
    )
    assert (row.at, row.body) == (event.time, {"q": 'a\\"b'})
    assert heard == [1]


def test_a_month_that_was_never_seen_is_made() -> None:
    take(line(time="2004-02-29T12:00:00Z"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM event_200402")
        assert cursor.fetchone() == (1,)


def test_nothing_at_all() -> None:
    assert take() == IngestReport()


def test_queries_do_not_grow_with_the_batch(django_assert_max_num_queries: Any) -> None:
    take(*(line(member_id=f"M{n}", id=f"a{n}") for n in range(3)))
    cursor = django_cursor()
    cursor.execute("SELECT pg_stat_clear_snapshot()")
    with django_assert_max_num_queries(20):
        report = take(*(line(member_id=f"M{n}", id=f"b{n}", properties={"n": n}) for n in range(500)))
    assert report.accepted == 500
    assert NOW - timedelta(days=1) < NOW
