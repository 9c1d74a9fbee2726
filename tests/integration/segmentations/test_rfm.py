"""RFM over a few people: what counts as a purchase, days on her own clock, leads, and why somebody is where she is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from audiences.models import PeopleKind, Profile
from audiences.panels import panels_of
from audiences.refreshing import scope_at
from audiences.segmentations import standing
from audiences.segmentations.base import TYPES
from audiences.stretches import Stretch
from itinera.kit.errors import Refusal
from itinera.kit.wire import django_cursor
from tests.integration.audiences.conftest import NOW, World, at
from tests.integration.segmentations.conftest import cells, run, segmentation, tags

THRESHOLDS = {"recency": [7, 30], "frequency": [2, 4], "monetary": [100, 1000]}


def scores(config: dict[str, Any], person: int) -> dict[str, Any]:
    """What is looked at, of one person."""
    kind = TYPES["rfm"]
    table = kind.measure(kind.read(config), scope_at(django_cursor(), NOW, "consumer"), Stretch.alone(person))  # type: ignore[attr-defined]
    return {name: values[0].item() for name, values in table.items()}


def known(person: int, days: float) -> None:
    Profile.objects.filter(pk=person).update(created_at=NOW - timedelta(days=days))


@pytest.mark.parametrize(
    ("zone", "when", "days"),
    [
        (None, "2026-03-15T11:59:00", 0),
        (None, "2026-03-15T00:00:00", 0),
        (None, "2026-03-14T23:59:59", 1),
        (None, "2026-03-15T12:00:00", 0),
        (None, "2026-03-15T12:00:01", -1),
        # NOW is the 15th, 00:00 in New York (summer time began on the 8th), 15:00 in Sydney.
        ("America/New_York", "2026-03-15T11:59:59", 1),
        ("America/New_York", "2026-03-15T12:00:00", 0),
        ("America/New_York", "2026-03-08T12:30:00", 8),
        ("Australia/Sydney", "2026-03-14T21:00:00", 0),
        ("Australia/Sydney", "2026-03-14T20:59:59", 1),
    ],
)
def test_recency_counts_days_on_her_own_clock(world: World, zone: str | None, when: str, days: int) -> None:
    person = world.person(zone=zone)
    world.did(person, "order_paid", when, amount=10)
    assert scores({}, person)["recency"] == days


def test_money_given_back_is_subtracted_and_is_no_purchase(world: World) -> None:
    person = world.person()
    world.did(person, "order_paid", "2026-03-01T10:00:00", amount=100.1)
    world.did(person, "order_paid", "2026-03-02T10:00:00", amount=50)
    world.did(person, "order_paid", "2026-03-10T10:00:00", amount=-30)
    found = scores({}, person)
    assert (found["recency"], found["frequency"], found["money"]) == (13, 2, 120.1)


def test_refunds_may_be_events_of_their_own(world: World) -> None:
    person = world.person()
    world.did(person, "order_paid", "2026-03-01T10:00:00", amount=100)
    world.did(person, "order_refunded", "2026-03-02T10:00:00", amount=30)
    world.did(person, "order_refunded", "2026-03-03T10:00:00", amount=-5)
    world.did(person, "order_refunded", "2026-03-04T10:00:00", amount=7, reason="test")
    refund = {"event": "order_refunded", "where": [{"property": "reason", "op": "not_set"}]}
    found = scores({"refund": refund}, person)
    assert (found["recency"], found["frequency"], found["money"]) == (14, 1, 65)


def test_an_order_in_several_events_is_one_purchase(world: World) -> None:
    person = world.person()
    for order in ("A", "A", "B", None, None):
        world.did(person, "order_paid", "2026-03-01T10:00:00", amount=10, order=order)
    assert scores({}, person)["frequency"] == 5
    found = scores({"purchase": {"order": "order"}}, person)
    assert (found["frequency"], found["money"]) == (4, 50)


def test_only_what_passes_the_filters_counts(world: World) -> None:
    person = world.person({"limit": 20})
    world.did(person, "order_paid", "2026-03-01T10:00:00", amount=30, shop="web")
    world.did(person, "order_paid", "2026-03-02T10:00:00", amount=10, shop="web")
    world.did(person, "order_paid", "2026-03-03T10:00:00", amount=40, shop="store")
    web = [{"property": "shop", "op": "eq", "value": "web"}]
    large = [{"property": "amount", "op": "gt", "value": {"of": "profile", "name": "limit"}}]
    assert scores({"purchase": {"where": web}}, person)["money"] == 40
    assert scores({"purchase": {"where": [*web, *large]}}, person)["money"] == 30


def test_an_amount_that_is_none_counts_as_a_purchase_of_nothing(world: World) -> None:
    person = world.person()
    for amount in (None, "50", True, [1]):
        world.did(person, "order_paid", "2026-03-01T10:00:00", amount=amount)
    found = scores({}, person)
    assert (found["frequency"], found["money"]) == (4, 0)


def test_absurd_amounts_spoil_nobody_elses_day(world: World) -> None:
    people = [world.person() for _ in range(3)]
    for person, amount in zip(people, (1e308, 5e-324, 7.5), strict=True):
        for _ in range(3):
            world.did(person, "order_paid", "2026-03-01T10:00:00", amount=amount)
    assert [scores({}, person)["money"] for person in people] == [1e200, 0.0, 22.5]


def test_the_window_bounds_frequency_and_money_but_not_recency(world: World) -> None:
    once, both = world.person(), world.person()
    world.did(once, "order_paid", "2025-01-10T10:00:00", amount=900)
    world.did(both, "order_paid", "2025-01-10T10:00:00", amount=900)
    world.did(both, "order_paid", "2026-03-15T10:00:00", amount=90)
    config = {"window": "P365D", "bands": THRESHOLDS}
    assert [scores(config, once)[name] for name in ("recency", "frequency", "money")] == [429, 0, 0]
    assert [scores(config, both)[name] for name in ("recency", "frequency", "money")] == [0, 1, 90]
    found = cells(run(segmentation("rfm", config)))
    assert found == {once: "lost", both: "promising"}


@pytest.fixture
def leads(world: World) -> dict[str, int]:
    """People who never bought, by the segment they should be in; the last one did and may not count as a lead."""
    found = {}
    for name, days in {
        "cold": 200,
        "warm": 200,
        "fresh": 200,
        "new": 3,
        "abandoned": 3,
        "buyer": 3,
        "late": 200,
    }.items():
        found[name] = world.person()
        known(found[name], days)
    for day in ("2026-01-10", "2026-02-10", "2026-02-11"):
        world.did(found["warm"], "page_view", f"{day}T10:00:00")
        world.did(found["buyer"], "page_view", f"{day}T10:00:00")
    for day in ("2025-11-10", "2026-02-10", "2026-02-11"):
        world.did(found["cold"], "page_view", f"{day}T10:00:00")
    world.did(found["fresh"], "page_view", "2026-03-10T10:00:00")
    world.did(found["abandoned"], "add_to_cart", "2026-03-01T10:00:00")
    world.did(found["buyer"], "add_to_cart", "2026-03-01T10:00:00")
    world.did(found["buyer"], "order_paid", "2026-03-14T10:00:00", amount=50)
    world.did(found["late"], "add_to_cart", "2026-02-10T10:00:00")
    return found


SEGMENTS = {
    "cold": "cold_leads", "warm": "warm_leads", "fresh": "fresh_leads", "new": "fresh_leads",
    "abandoned": "abandoned_checkouts", "buyer": "promising", "late": "cold_leads",
}  # fmt: skip


def test_leads_are_told_apart_by_how_lately_and_how_much_they_looked(leads: dict[str, int]) -> None:
    found = cells(run(segmentation("rfm", {"bands": THRESHOLDS})))
    assert {name: found[person] for name, person in leads.items()} == SEGMENTS
    assert tags("rfm") == found


def test_what_makes_a_lead_can_be_told(world: World, leads: dict[str, int]) -> None:
    Profile.objects.filter(pk=leads["new"]).update(attributes={"joined": "2025-01-01"})
    Profile.objects.filter(pk=leads["cold"]).update(attributes={"joined": "2026-03-14T10:00:00+08:00"})
    rules = {"known": "joined", "checkout": [], "interest": ["page_view"], "fresh": "P3D", "warm_from": 2}
    found = cells(run(segmentation("rfm", {"bands": THRESHOLDS, "leads": rules})))
    assert {name: found[leads[name]] for name in ("cold", "warm", "fresh", "new", "late")} == {
        "cold": "fresh_leads", "warm": "warm_leads", "fresh": "cold_leads", "new": "cold_leads", "late": "cold_leads",
    }  # fmt: skip


def test_only_the_kind_of_people_asked_for_is_divided(world: World) -> None:
    consumer, staff = world.person(), world.person()
    Profile.objects.filter(pk=staff).update(kind=PeopleKind.STAFF)
    assert set(cells(run(segmentation("rfm")))) == {consumer}
    assert set(cells(run(segmentation("rfm", slug="staff-rfm", kind="staff")))) == {staff}


def test_a_buyers_place_is_explained_by_her_scores(world: World, leads: dict[str, int]) -> None:
    found = segmentation("rfm", {"bands": THRESHOLDS})
    run(found)
    placed = standing.place(found, Profile.objects.get(pk=leads["buyer"]))
    assert placed.cell == placed.standing.cell == "promising"
    assert [(fact.name, fact.value, fact.band, fact.bands) for fact in placed.standing.facts] == [
        ("recency", 1, 3, 3), ("frequency", 1, 1, 3), ("money", 50.0, 1, 3),
    ]  # fmt: skip
    assert [fact.text for fact in placed.standing.facts] == [
        "R 1 天 → 3 分（满分 3，不超过 7 天）", "F 1 次购买 → 1 分（满分 3，不到 2 次购买）",
        "M 50 CNY → 1 分（满分 3，不到 100 CNY）",
    ]  # fmt: skip
    with translation.override("en"):
        again = standing.place(found, Profile.objects.get(pk=leads["late"]))
    assert (again.label, again.standing.why) == ("Cold leads", "never bought; little or no interest of late")
    assert [fact.text for fact in again.standing.facts][2:] == [
        "last sign of interest: 10 February 2026 10:00 (fresh within 14 days)",
        "known since 27 August 2025 12:00 (fresh within 14 days)",
    ]


def test_one_profile_is_shown_with_where_she_stands_and_why(world: World, leads: dict[str, int]) -> None:
    run(segmentation("rfm", {"bands": THRESHOLDS}))
    segmentation("grid", {axis: {"measure": {"attribute": "a"}, "bands": {"quantiles": 2}} for axis in "xy"})
    shown = panels_of(leads["warm"], clear=False, may=lambda permission: "segmentation" in permission, say=str)
    (row,) = shown[0]["rows"]
    assert (row["segmentation"], row["cell"], row["label"]) == ("rfm", "warm_leads", "意向潜客")
    assert (row["why"], len(row["facts"])) == ("从未购买，近期多次有兴趣行为", 4)


def test_everybodys_explanation_agrees_with_her_snapshot(leads: dict[str, int]) -> None:
    found = segmentation("rfm")
    run(found)
    for profile in Profile.objects.all():
        placed = standing.place(found, profile)
        assert placed.standing is not None
        assert placed.standing.cell == placed.cell
        assert placed.label
        assert all(fact.text for fact in placed.standing.facts)


@pytest.mark.parametrize(
    ("config", "path"),
    [
        ({"bands": {"quantiles": 2}}, "config.bands.quantiles"),
        ({"bands": {"recency": [30, 7], "frequency": [1, 2], "monetary": [1, 2]}}, "config.bands.recency"),
        ({"bands": {"recency": [7], "frequency": [1, 2], "monetary": [1, 2]}}, "config.bands.recency"),
        ({"bands": {}}, "config.bands"),
        ({"purchase": {"event": "order_paid", "colour": 1}}, "config.purchase.colour"),
        ({"window": "soon"}, "config.window"),
        ({"purchase": {"where": [{"property": "a", "op": "eq", "value": {"of": "entry", "name": "b"}}]}},
         "config.purchase.where[0].value.of"),
    ],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused_with_their_place(
    world: World, config: dict[str, Any], path: str
) -> None:
    with pytest.raises(Refusal) as caught:
        segmentation("rfm", config)
    assert [problem.path for problem in caught.value.problems] == [path]


def test_the_instant_of_a_purchase_is_read_to_the_microsecond(world: World) -> None:
    person = world.person()
    world.did(person, "order_paid", at("2026-03-15T12:00:00.000001"), amount=10)
    assert scores({}, person)["recency"] == -1
