"""Facts about people that come in: merged, replaced, noted, or refused with the reason."""

from __future__ import annotations

from typing import Any

import pytest

from audiences.ingest import IngestReport, ingest_profiles
from audiences.models import AttributeType, ConsentChange, MergeRequest, Profile, RejectedRow
from tests.integration.audiences.conftest import NOW, at

pytestmark = pytest.mark.django_db


def line(**keys: Any) -> dict[str, Any]:
    return {"member_id": "M1", **keys}


def take(*lines: object) -> IngestReport:
    return ingest_profiles(lines, now=NOW, source="test")


def test_everything_that_a_line_can_say() -> None:
    report = take(
        line(
            identities={"phone": "+8613800000000"}, attributes={"city": "上海", "score": 1.5}, tags=["vip"],
            zone="Europe/Berlin", consent={"sms": {"marketing": True}}, suppressed=["email"],
            updated="2026-03-01T00:00:00Z",
        )
    )  # fmt: skip
    assert report.accepted == 1
    profile = Profile.objects.get()
    assert profile.attributes == {"city": "上海", "score": 1.5}
    assert profile.tags == {"vip": True}
    assert profile.zone == "Europe/Berlin"
    assert profile.consent == {"sms": {"marketing": True}}
    assert profile.suppressed == ["email"]
    assert profile.unit == "M1"
    assert dict(profile.identities.values_list("kind", "value")) == {"member_id": "M1", "phone": "+8613800000000"}
    change = ConsentChange.objects.get()
    assert (change.channel, change.category, change.given, change.source) == ("sms", "marketing", True, "test")
    assert change.at == at("2026-03-01T08:00:00")


def test_attributes_and_consent_merge_tags_replace_suppression_stays() -> None:
    take(line(attributes={"a": 1, "b": 2}, tags=["x", "y"], consent={"sms": {"marketing": True}}, suppressed=["sms"]))
    take(
        line(
            attributes={"b": 3, "c": "z"}, tags={"y": 5}, consent={"email": {"marketing": False}}, suppressed=["push"]
        ),
        line(attributes={"a": None}, consent={"sms": {"service": True}}),
    )
    profile = Profile.objects.get()
    assert profile.attributes == {"b": 3, "c": "z"}
    assert profile.tags == {"y": 5}
    assert profile.consent == {"sms": {"marketing": True, "service": True}, "email": {"marketing": False}}
    assert profile.suppressed == ["push", "sms"]


def test_consent_changes_are_told_once_and_in_order() -> None:
    for given in (True, True, False):
        take(line(consent={"sms": {"marketing": given}}))
    take(line(consent={"sms": {"marketing": True}}), line(consent={"sms": {"marketing": False}}))
    assert list(ConsentChange.objects.order_by("id").values_list("given", flat=True)) == [True, False, True, False]


def test_the_same_again_changes_nothing() -> None:
    full = line(attributes={"a": 1}, tags=["x"], zone="UTC", consent={"sms": {"marketing": True}}, suppressed=["sms"])
    take(full)
    before = Profile.objects.get()
    ingest_profiles([full], now=at("2026-03-16T00:00:00"), source="test")
    assert Profile.objects.get().updated_at == before.updated_at
    assert ConsentChange.objects.count() == 1


def test_a_line_that_says_nothing_leaves_all_as_it_is() -> None:
    take(line(attributes={"a": 1}, tags=["x"], zone="UTC"))
    take(line())
    profile = Profile.objects.get()
    assert (profile.attributes, profile.tags, profile.zone) == ({"a": 1}, {"x": True}, "UTC")
    take(line(tags=[]))
    assert Profile.objects.get().tags == {}


@pytest.mark.parametrize(
    ("bad", "code", "path"),
    [
        (5, "not_an_object", None),
        (line(attribute={}), "unknown_key", "attribute"),
        ({"attributes": {}}, "no_identity", None),
        (line(attributes=[]), "wrong_type", "attributes"),
        (line(attributes={"a": {"b": 1}}), "wrong_type", "attributes.a"),
        (line(attributes={"a": [1]}), "wrong_type", "attributes.a"),
        (line(attributes={"a": "\x00"}), "bad_text", "attributes"),
        (line(attributes={"a" * 129: 1}), "bad_text", "attributes." + "a" * 20),
        (line(attributes={"a": "x" * 70_000}), "too_large", "attributes"),
        (line(attributes={"age": "old"}), "wrong_type", "attributes.age"),
        (line(attributes={"born": "2026-02-30"}), "wrong_type", "attributes.born"),
        (line(tags="vip"), "wrong_type", "tags"),
        (line(tags=[1]), "wrong_type", "tags"),
        (line(tags={"vip": []}), "wrong_type", "tags.vip"),
        (line(zone="Mars/Olympus"), "unknown_zone", "zone"),
        (line(zone="localtime"), "unknown_zone", "zone"),
        (line(zone=8), "unknown_zone", "zone"),
        (line(consent=True), "wrong_type", "consent"),
        (line(consent={"sms": True}), "wrong_type", "consent.sms"),
        (line(consent={"sms": {"marketing": "yes"}}), "wrong_type", "consent.sms.marketing"),
        (line(suppressed="sms"), "wrong_type", "suppressed"),
        (line(updated="2026-03-01"), "bad_time", "updated"),
        (line(updated="1980-01-01T00:00:00Z"), "impossible_time", "updated"),
    ],
)
def test_a_bad_line_is_refused_with_its_reason(bad: object, code: str, path: str | None) -> None:
    AttributeType.objects.create(name="age", type="number")
    AttributeType.objects.create(name="born", type="date")
    report = take(line(member_id="good"), bad, line(member_id="better"))
    assert report.accepted == 2
    (found,) = report.rejected
    assert (found.index, found.code, found.path) == (1, code, path)
    assert RejectedRow.objects.get().code == code
    assert Profile.objects.count() == 2


def test_attributes_seen_in_data_are_added_with_the_type_they_show() -> None:
    take(line(attributes={"n": 1, "t": "x", "b": False, "d": "2026-03-15", "i": "2026-03-15T00:00:00Z", "l": ["a"]}))
    assert dict(AttributeType.objects.values_list("name", "type")) == {
        "n": "number", "t": "text", "b": "boolean", "d": "date", "i": "datetime", "l": "list"
    }  # fmt: skip
    take(line(attributes={"n": "text now"}))
    assert AttributeType.objects.get(name="n").type == "number"


def test_two_identities_of_different_people_go_to_the_first() -> None:
    take(line(), {"phone": "+861"})
    one, other = Profile.objects.order_by("id")
    take({"phone": "+861", "member_id": "M1", "attributes": {"a": 1}})
    assert Profile.objects.get(id=one.id).attributes == {"a": 1}
    assert MergeRequest.objects.values_list("profile_id", "other_id").get() == (one.id, other.id)


def test_a_known_person_gets_the_identities_that_are_new() -> None:
    take({"phone": "+861"})
    take({"member_id": "M1", "phone": "+861"})
    profile = Profile.objects.get()
    assert profile.identities.count() == 2
    assert profile.unit == "phone:+861"


def test_a_line_may_leave_out_identities_by_null() -> None:
    assert take({"member_id": "M1", "phone": None}).accepted == 1
    assert Profile.objects.get().identities.count() == 1
