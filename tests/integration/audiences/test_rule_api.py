"""The rule builder's side of the API: what rules are made of, what is wrong with one, which values there are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from django.utils import translation

from audiences.models import Audience, Event, EventType, Identity, LookupRow, LookupTable, Profile, Tag
from audiences.partitions import ensure_partitions
from audiences.rules import LEAVES
from audiences.rules.ast import Measure
from audiences.rules.hints import rule_hints
from audiences.rules.kinds import KINDS
from itinera.kit.wire import django_cursor
from tests.integration.audiences.conftest import World
from tests.integration.audiences.test_api import Api

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 15, 4, tzinfo=UTC)


@pytest.fixture
def read() -> Api:
    return Api("read")


@pytest.fixture
def shop(world: World) -> World:
    """A workspace with something of everything."""
    world.attribute("city", "text")
    world.attribute("sku", "text")
    EventType.objects.create(
        name="order_paid", label="支付订单",
        properties=[
            {"name": "amount", "type": "money", "label": "金额"}, {"name": "note", "type": "text", "declared": False},
        ],
    )  # fmt: skip
    Tag.objects.create(slug="vip", label="VIP")
    Tag.objects.create(slug="tier", type="text", cases=[{"value": "gold", "rule": {"all": []}}])
    Audience.objects.create(slug="buyers", name="买过的人", definition={"rule": {"event": "order_paid"}})
    Audience.objects.create(slug="old", name="旧", definition={"members": {}}, archived_at=NOW)
    table = LookupTable.objects.create(
        slug="products", label="商品", key="sku", columns=[{"name": "category", "type": "text", "label": "品类"}]
    )
    LookupRow.objects.create(table=table, key="A1", values={"category": "湿巾类"}, updated_at=NOW)
    return world


def test_the_catalogue_has_everything_that_a_builder_needs(shop: World, read: Api) -> None:
    person = shop.person()
    Identity.objects.create(kind="card", value="77", profile_id=person)
    found = read.get("rules/catalogue").json()
    assert {each["key"] for each in found["leaves"]} == set(LEAVES)
    assert found["leaves"][0]["key"] == "attribute"
    assert set(found["types"]) == set(KINDS)
    assert {"op": "contains", "label": "包含", "shape": "one"} in found["types"]["text"]["operators"]
    assert {each["measure"] for each in found["measures"]} == set(get_args(Measure))
    sku = next(each for each in found["attributes"] if each["name"] == "sku")
    assert sku == {"name": "sku", "label": "sku", "type": "text", "declared": True, "lookup": "products"}
    (order,) = (each for each in found["events"] if each["name"] == "order_paid")
    assert order["label"] == "支付订单"
    assert [(each["name"], each["label"], each["type"]) for each in order["properties"]] == [
        ("amount", "金额", "money"), ("note", "note", "text"),
    ]  # fmt: skip
    assert [(each["slug"], each["type"], each["values"]) for each in found["tags"]] == [
        ("tier", "text", ["gold"]), ("vip", None, []),
    ]  # fmt: skip
    assert [(each["slug"], each["name"]) for each in found["audiences"]] == [("buyers", "买过的人")]
    assert found["lookups"][0]["columns"][0]["label"] == "品类"
    assert {"key": "sms", "label": "短信"} in found["channels"]
    assert {"key": "marketing", "label": "营销"} in found["categories"]
    assert {each["kind"] for each in found["identities"]} >= {"phone", "member_id", "card"}


def test_no_label_is_empty_in_either_language(shop: World) -> None:
    def labels(value: Any) -> list[str]:
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        own = [value["label"]] if isinstance(value, dict) and "label" in value and "source" not in value else []
        return own + [each for part in inner for each in labels(part)]

    for language in ("zh-hans", "en"):
        with translation.override(language):
            found = labels(rule_hints(django_cursor()))
        assert len(found) > 100
        assert all(found)


def ask(api: Api, rule: Any, where: str = "audience", **extra: Any) -> Any:
    answer = api.post("rules/check", {"rule": rule, "where": where, **extra})
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_good_rule_is_said_in_words(shop: World, read: Api) -> None:
    measured = {"event": "order_paid", "measure": "sum", "property": "amount", "window": {"last": "P90D"}}
    rule = {**measured, "op": "gte", "value": 300}
    assert ask(read, rule) == {"problems": [], "words": "近 90 天支付订单的金额之和 ≥ 300"}


def test_what_is_wrong_is_named_with_its_place(shop: World, read: Api) -> None:
    found = ask(read, {"all": [{"attribute": "city", "op": "gt", "value": 3}]})
    assert [(each["code"], each["path"]) for each in found["problems"]] == [("unknown_operator", "all[0].op")]
    assert found["words"]
    broken = ask(read, {"all": [{"atribute": "city"}]})
    assert broken["words"] is None
    assert broken["problems"][0]["path"] == "all[0]"


def test_what_asks_about_a_walk_is_refused_outside_of_journeys(shop: World, read: Api) -> None:
    rule = {"event": "order_paid", "window": {"since": "entry"}}
    assert [(each["code"], each["path"]) for each in ask(read, rule)["problems"]] == [("journeys_only", "window.since")]
    assert ask(read, rule, "journey")["problems"] == []


def test_a_question_that_is_none_is_refused(read: Api) -> None:
    assert read.post("rules/check", {"rule": {"all": []}, "where": "nowhere"}).status_code == 400
    assert read.get("rules/values").status_code == 400


def test_common_values_of_an_attribute(shop: World, read: Api) -> None:
    for city in ["上海", "上海", "北京", "13812341234", "a@example.com"]:
        shop.person({"city": city, "likes": ["咖啡", "茶"]})
    shop.person({"city": 5})

    def values(query: str) -> list[tuple[str, int]]:
        return [(each["value"], each["count"]) for each in read.get(f"rules/values?{query}").json()["values"]]

    assert [value for value, _ in values("attribute=city")] == ["上海", "北京"], "no phone, no mail, no number"
    assert [value for value, _ in values("attribute=city&q=上")] == ["上海"]
    assert [value for value, _ in values("attribute=likes")] == ["咖啡", "茶"]
    assert values("attribute=nothing") == []
    assert values("table=products&column=category") == [("湿巾类", 1)]
    assert values("table=products") == [("A1", 1)]


def test_common_values_of_a_property_count_each_event_once(world: World, read: Api) -> None:
    people = [world.person() for _ in range(200)]
    kind = world.event_type("page_view", page="text")
    ensure_partitions(django_cursor(), "event", NOW, NOW)
    Event.objects.bulk_create(
        Event(
            shard=person % 64, profile_id=person, type=kind, time=NOW + timedelta(minutes=place), received_at=NOW,
            properties={"page": "home" if place % 4 else "cart"},
        )
        for place, person in enumerate(people)
    )  # fmt: skip
    found = read.get("rules/values?event=page_view&property=page").json()["values"]
    assert found == [{"value": "home", "count": 150}, {"value": "cart", "count": 50}]
    assert Profile.objects.count() == 200
