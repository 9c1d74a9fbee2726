"""Columns of events: written by ingestion, filled by a job, read by rules only when they are whole."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from audiences import filling
from audiences.actions import choose_columns, declare_event
from audiences.ingest import ingest_events
from audiences.models import Event, EventType
from audiences.rules import compile_rule, load_catalogue, parse_rule
from audiences.slots import FILLING, READY, REST, columns
from itinera.kit import jobs
from itinera.kit.models import AuditEntry, Job, JobState
from itinera.kit.wire import django_cursor
from tests.integration.audiences.conftest import NOW

pytestmark = pytest.mark.django_db
TIME = "2026-03-15T03:00:00Z"
PROPERTIES = [{"name": "amount", "type": "money"}, {"name": "category", "type": "text"}]
PAIRS = (("n1", "amount"), ("t1", "category"))
SPENT = {"event": "order_paid", "measure": "sum", "property": "amount", "op": "gte", "value": 100}


def declare(*properties: dict[str, Any]) -> EventType:
    return declare_event(None, "order_paid", properties=properties or PROPERTIES, now=NOW)


def take(*found: dict[str, Any], time: str = TIME) -> None:
    lines = [{"member_id": "M1", "event": "order_paid", "time": time, "properties": each} for each in found]
    report = ingest_events(lines, now=NOW, source="test")
    assert report.accepted == len(found)


def stored(*names: str) -> list[tuple[Any, ...]]:
    return list(Event.objects.order_by("id").values_list(*names))


def reads_json(rule: dict[str, Any]) -> bool:
    compiled = compile_rule(parse_rule(rule), load_catalogue(django_cursor()))
    return any("e.properties" in text for each in compiled.measures for text in (each.aggregate, *each.conditions))


def test_properties_of_a_new_event_can_be_read_from_columns_at_once() -> None:
    assert columns(declare().slots, READY) == {"n1": "amount", "t1": "category"}
    take({"amount": 99.5, "category": "c3"}, {"amount": 7}, {"category": ""}, {})
    assert stored("n1", "t1", "n2", "t2") == [
        (pytest.approx(99.5), "c3", None, None), (7, None, None, None), (None, "", None, None), (None,) * 4
    ]  # fmt: skip
    assert not reads_json(SPENT)
    assert not Job.objects.exists()


def test_an_event_that_is_stored_already_is_filled_by_a_job_before_rules_read_its_columns() -> None:
    take({"amount": 99.5, "category": "c3"}, {"amount": "x", "category": 5}, {"amount": None})
    take({"amount": 1e3}, time="2026-01-31T23:59:59.999999Z")
    assert columns(declare().slots, FILLING) == {"n1": "amount", "t1": "category"}
    take({"amount": 2, "category": "new"})
    assert reads_json(SPENT)
    assert stored("n1", "t1") == [(None, None)] * 4 + [(2, "new")]
    jobs.run(NOW)
    assert stored("n1", "t1") == [(99.5, "c3"), (None, None), (None, None), (1000, None), (2, "new")]
    assert columns(EventType.objects.get().slots, READY) == {"n1": "amount", "t1": "category"}
    assert not reads_json(SPENT)
    assert (Job.objects.get().state, Job.objects.get().done) == (JobState.DONE, Job.objects.get().total)


def test_a_job_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "MOST", 2)
    for minute in range(5):
        take({"amount": minute}, time=f"2026-03-15T03:0{minute}:00Z")
    declare()
    months = jobs.run(NOW, 2).done
    assert months == 2
    while sum(amount is not None for (amount,) in stored("n1")) < 4:
        assert jobs.run(NOW, 1).done == 1
    assert stored("n1") == [(0,), (1,), (2,), (3,), (None,)]
    jobs.run(NOW)
    assert stored("n1") == [(0,), (1,), (2,), (3,), (4,)]


def test_a_column_given_away_while_others_are_filled_is_filled_from_the_beginning(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(filling, "MOST", 1)
    for minute in range(3):
        take({"amount": minute, "tax": minute * 10}, time=f"2026-03-15T03:0{minute}:00Z")
    declare()
    while stored("n1")[0] == (None,):
        jobs.run(NOW, 1)
    declare({"name": "tax", "type": "money"})
    jobs.run(NOW)
    assert stored("n1", "n2") == [(0, 0), (1, 10), (2, 20)]
    assert columns(EventType.objects.get().slots, READY) == {"n1": "amount", "n2": "tax", "t1": "category"}
    assert Job.objects.count() == 1


def test_a_column_passed_on_holds_nothing_of_the_property_before() -> None:
    declare()
    take({"amount": 5, "tax": 1}, {"amount": 6})
    declare({"name": "tax", "type": "money"})
    choose_columns(None, "order_paid", {"t1": "category"}, NOW)
    assert reads_json(SPENT)
    choose_columns(None, "order_paid", {"n1": "tax", "t1": "category"}, NOW + REST)
    take({"amount": 7, "tax": 2})
    jobs.run(NOW)
    assert stored("n1", "n2") == [(1, None), (None, None), (2, None)]


def test_a_choice_is_audited() -> None:
    declare()
    choose_columns("manage.py test", "order_paid", {"n2": "amount"}, NOW)
    entry = AuditEntry.objects.get()
    assert entry.object == "event_type:order_paid"
    assert entry.after is not None
    assert entry.after["slots"]["n2"]["property"] == "amount"


@pytest.mark.parametrize(
    ("rule", "opens"),
    [
        ({"event": "order_paid", "where": [{"property": "category", "op": "eq", "value": "c3"}]}, False),
        ({"event": "order_paid", "where": [{"property": "category", "op": "not_in", "value": ["c3"]}]}, False),
        ({"event": "order_paid", "where": [{"property": "category", "op": "is_set"}]}, False),
        ({"event": "order_paid", "where": [{"property": "amount", "op": "between", "value": [1, 2]}]}, False),
        ({"event": "order_paid", "measure": "distinct", "property": "category", "op": "gte", "value": 2}, False),
        ({"event": "order_paid", "where": [{"property": "category", "op": "contains", "value": "c"}]}, True),
        ({"event": "order_paid", "where": [{"property": "category", "op": "eq", "value": "c" * 257}]}, True),
        ({"event": "order_paid", "where": [{"property": "other", "op": "eq", "value": 1}]}, True),
        (
            {
                "event": "order_paid",
                "where": [{"property": "category", "op": "eq", "value": {"of": "profile", "name": "favourite"}}],
            },
            True,
        ),
    ],
)
def test_rules_open_the_json_only_where_a_column_does_not_say_it_all(rule: dict[str, Any], opens: bool) -> None:
    declare()
    assert reads_json(rule) is opens


numbers = st.one_of(
    st.integers(-(2**63), 2**64 - 1), st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(-10_000, 10_000, places=2).map(float), st.sampled_from([0.0, -0.0, 1e22, 1e16, 1e-7, 5e-324, 10_000]),
)  # fmt: skip
texts = st.one_of(
    st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])), st.text("ab客", min_size=250)
)
values = st.one_of(numbers, texts, st.booleans(), st.none(), st.lists(st.integers(0, 9)), st.just({"a": 1}))


@settings(
    phases=(Phase.explicit, Phase.generate),
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@example(found=["a" * 257, "客" * 256, '"', "\\u0000", 99.5, 10**18, 12345.6789, 1e300])
@given(found=st.lists(values, min_size=1, max_size=20))
def test_ingestion_writes_to_the_digit_what_a_rule_reads_from_the_json(found: list[Any]) -> None:
    Event.objects.all().delete()
    EventType.objects.all().delete()
    declare()
    EventType.objects.update(properties=[])  # values of every type come in
    take(*({"amount": each, "category": each} for each in found))
    number, text = (filling._value(column, f"(properties -> '{name}')") for column, name in PAIRS)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT n1::text, ({number})::text, t1, {text} FROM event ORDER BY id")
        rows = cursor.fetchall()
    for value, (amount, amount_of_json, category, category_of_json) in zip(found, rows, strict=True):
        assert (amount, category) == (amount_of_json, category_of_json)
        assert (category is None) == (not isinstance(value, str))
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        assert (amount is not None and Decimal(amount) == Decimal(repr(value))) if is_number else amount is None
