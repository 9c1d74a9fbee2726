"""What a journey sets on people is kept in their history, each at her own instant, and fed to who asks for it."""

from __future__ import annotations

from typing import Any

import pytest

from audiences.models import EventType, Feed, Interest, Profile, ProfileChange
from itinera.kit.wire import micros
from journeys.engine.run import wave
from tests.acceptance.drawing import draw, node, start
from tests.integration.engine.scene import HOUR, NOON, Json, events, people, publish, walk

pytestmark = pytest.mark.django_db(transaction=True)


def marking(**config: Any) -> Json:
    return draw(start(), node("mark", "set", config), node("end", "exit"))


def changes() -> list[tuple[Any, ...]]:
    rows = ProfileChange.objects.order_by("profile_id", "id")
    return [(row.profile_id, row.at, row.source, row.attributes, row.tags) for row in rows]


def test_attributes_and_tags_are_kept_with_both_sides_at_the_person_s_own_instant() -> None:
    people(2, attributes={"level": 1}, tags={"cold": True, "warm": 3})
    one, two = Profile.objects.order_by("id").values_list("id", flat=True)
    publish(marking(attributes={"level": 2, "points": {"add": 5}}, tags_add=["vip", "warm"], tags_remove=["cold"]))
    events(["M0"], at=NOON)
    events(["M1"], at=NOON + HOUR)
    walk(NOON + 2 * HOUR)
    told = [
        ({"level": [1, 2]}, None), ({"points": [None, 5]}, None), (None, {"vip": [None, True]}),
        (None, {"warm": [3, True]}), (None, {"cold": [True, None]}),
    ]  # fmt: skip
    assert changes() == [
        (who, at, "journey:welcome", *sides) for who, at in ((one, NOON), (two, NOON + HOUR)) for sides in told
    ]
    assert Profile.objects.get(id=one).tags == {"vip": True, "warm": True}


def test_what_is_so_already_is_no_change() -> None:
    people(1, attributes={"level": 2}, tags=["vip"])
    publish(marking(attributes={"level": 2, "gone": None}, tags_add=["vip"], tags_remove=["cold"]))
    events(1)
    walk()
    assert changes() == []
    assert Profile.objects.get().attributes == {"level": 2}


def test_a_journey_that_asks_for_the_attribute_is_fed() -> None:
    people(1, attributes={"level": 1})
    publish(marking(attributes={"level": 2, "other": 1}))
    kind = EventType.objects.create(name="attribute.changed")
    Interest.objects.create(type_id=kind.pk, version_id=1, subject="level")
    events(1)
    wave(micros(NOON), 100, 0, lambda slug: None)
    row = Feed.objects.get(type_id=kind.pk)
    assert (row.at, row.body) == (NOON, {"attribute": "level", "before": 1, "after": 2})
