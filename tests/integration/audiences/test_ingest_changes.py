"""What profile lines change: kept as history, fed where asked for, with tags of rules and kinds of people kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from audiences import changes, kind_changes
from audiences.ingest import IngestReport, ingest_events, ingest_profiles
from audiences.models import EventType, Feed, Identity, Interest, Profile, ProfileChange, Tag
from itinera.kit.registry import Registry
from itinera.kit.wire import django_cursor
from tests.integration.audiences.conftest import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def take(*lines: dict[str, Any], at: Any = NOW) -> IngestReport:
    return ingest_profiles([{"member_id": "M1", **line} for line in lines], now=at, source="load:crm")


def told() -> list[tuple[Any, ...]]:
    return [(row.at, row.source, row.attributes, row.tags) for row in ProfileChange.objects.order_by("id")]


def profile(member: str = "M1") -> Profile:
    return Profile.objects.get(identities__kind="member_id", identities__value=member)


def test_the_first_facts_about_a_new_profile_are_no_change() -> None:
    take({"attributes": {"city": "上海"}, "tags": ["vip"]}, {"attributes": {"city": "北京"}})
    assert told() == []
    assert profile().attributes == {"city": "北京"}


def test_each_name_that_differs_is_kept_with_both_sides() -> None:
    take({"attributes": {"city": "上海", "level": 1, "gone": "x"}, "tags": {"vip": True, "score": 5}})
    take(
        {"attributes": {"city": "北京", "level": 1.0, "gone": None, "new": ["a"]}, "tags": {"vip": True, "score": 6}},
        at=LATER,
    )
    take({"attributes": {"city": "北京"}, "tags": []}, at=LATER)
    assert told() == [
        (LATER, "load:crm", {"city": ["上海", "北京"], "gone": ["x", None], "new": [None, ["a"]]}, {"score": [5, 6]}),
        (LATER, "load:crm", None, {"score": [6, None], "vip": [True, None]}),
    ]


def test_facts_about_somebody_first_known_by_an_event_are_changes() -> None:
    event = {"member_id": "M1", "event": "visit", "time": NOW.isoformat()}
    ingest_events([event], now=NOW, source="test")
    take({"attributes": {"city": "上海"}}, at=LATER)
    assert told() == [(LATER, "load:crm", {"city": [None, "上海"]}, None)]


def test_one_batch_may_make_some_and_change_others() -> None:
    take({"attributes": {"n": 1}})
    take({"attributes": {"n": 2}}, {"member_id": "M2", "attributes": {"n": 7}}, {"attributes": {"n": 3}}, at=LATER)
    assert told() == [(LATER, "load:crm", {"n": [1, 3]}, None)]


def test_a_journey_that_asks_for_a_name_hears_of_its_changes_only() -> None:
    take({"attributes": {"churn": 0.2, "city": "上海"}})
    kinds = {name: EventType.objects.create(name=name).pk for name in ("attribute.changed", "tag.added")}
    Interest.objects.create(type_id=kinds["attribute.changed"], version_id=1, subject="churn")
    Interest.objects.create(type_id=kinds["tag.added"], version_id=1, subject="")
    take({"attributes": {"churn": 0.9, "city": "北京"}, "tags": ["vip"]}, at=LATER)
    rows = [(row.type_id, row.at, row.body) for row in Feed.objects.order_by("id")]
    assert rows == [
        (kinds["attribute.changed"], LATER, {"attribute": "churn", "before": 0.2, "after": 0.9}),
        (kinds["tag.added"], LATER, {"tag": "vip", "before": None, "after": True}),
    ]


def test_when_each_name_changed_last() -> None:
    take({"attributes": {"a": 1, "b": 1, "c": 1}})
    take({"attributes": {"a": 2, "b": 2}}, at=LATER)
    take({"attributes": {"b": 3}, "tags": ["vip"]}, at=LATER + timedelta(days=40))
    number = profile().pk
    (found,) = changes.newest(django_cursor(), np.array([number])).values()
    month = LATER + timedelta(days=40)
    assert found.attributes == {"a": (LATER, "load:crm"), "b": (month, "load:crm")}
    assert found.tags == {"vip": (month, "load:crm")}


def test_tags_of_rules_and_models_survive_an_import_and_cannot_come_with_one() -> None:
    Tag.objects.create(slug="active", source="rule")
    Tag.objects.create(slug="rfm", source="model", type="text")
    take({"tags": ["old"]})
    Profile.objects.update(tags={"old": True, "active": True, "rfm": "Loyal"})
    take({"tags": ["new"]}, at=LATER)
    assert profile().tags == {"new": True, "active": True, "rfm": "Loyal"}
    report = take({"tags": {"new": True, "rfm": "Lost"}}, {"tags": ["active"]}, at=LATER)
    assert [(bad.code, bad.path) for bad in report.rejected] == [("kept_tag", "tags.rfm"), ("kept_tag", "tags.active")]
    take({"tags": []}, at=LATER)
    assert profile().tags == {"active": True, "rfm": "Loyal"}


def test_new_tags_enter_the_catalogue_undeclared_with_the_type_they_show() -> None:
    take(
        {"tags": {"vip": True, "level": "gold", "score": 5}}, {"member_id": "S1", "kind": "staff", "tags": ["trainer"]}
    )
    found = {tag.slug: (tag.type, tag.source, tag.declared, tag.kind) for tag in Tag.objects.all()}
    assert found == {
        "vip": (None, "manual", False, "consumer"), "level": ("text", "manual", False, "consumer"),
        "score": ("number", "manual", False, "consumer"), "trainer": (None, "manual", False, "staff"),
    }  # fmt: skip
    take({"tags": {"vip": 7}})
    assert profile().tags == {"vip": 7}


def test_declared_tags_take_only_values_of_their_type() -> None:
    Tag.objects.create(slug="vip")
    Tag.objects.create(slug="level", type="number")
    report = take({"tags": {"vip": 7}}, {"tags": {"level": "x"}}, {"tags": {"vip": False, "level": 3}})
    assert [(bad.code, bad.path) for bad in report.rejected] == [
        ("wrong_type", "tags.vip"), ("wrong_type", "tags.level"),
    ]  # fmt: skip
    assert profile().tags == {"level": 3}


def test_a_tag_may_come_under_its_label() -> None:
    Tag.objects.create(slug="vip", label="高价值")
    take({"tags": ["高价值", "母婴"]}, {"member_id": "M2", "tags": ["母婴"]})
    made = Tag.objects.get(label="母婴")
    assert made.slug.startswith("t-")
    assert profile().tags == {"vip": True, made.slug: True}
    assert profile("M2").tags == {made.slug: True}


def test_kinds_of_people_come_with_their_lines() -> None:
    take({}, {"member_id": "S1", "kind": "staff"}, {"member_id": "S1", "attributes": {"store": "A"}})
    assert (profile().kind, profile("S1").kind) == ("consumer", "staff")
    (bad,) = take({"member_id": "X", "kind": "robot"}).rejected
    assert (bad.code, bad.path) == ("wrong_value", "kind")


def test_a_kind_changes_unless_somebody_holds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    take({}, {"member_id": "M2"}, {"member_id": "M3"})
    walking = profile().pk
    holders: Registry[kind_changes.Holder] = Registry("holders")
    holders.register("walks", lambda _cursor, profiles: profiles[profiles == walking])
    monkeypatch.setattr(kind_changes, "HOLDERS", holders)
    report = take(
        {"kind": "staff", "identities": {"userid": "u1"}}, {"member_id": "M2", "kind": "staff"},
        {"kind": "consumer", "attributes": {"n": 1}}, {"member_id": "M3", "kind": "merchant"},
    )  # fmt: skip
    assert (report.accepted, [(bad.index, bad.code) for bad in report.rejected]) == (3, [(0, "wrong_kind")])
    assert [profile(each).kind for each in ("M1", "M2", "M3")] == ["consumer", "staff", "merchant"]
    assert profile().attributes == {"n": 1}
    assert not Identity.objects.filter(kind="userid").exists()
