"""Tags given to sets: exactly what is asked, only what differs is written, and every change is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from audiences import tagging
from audiences.bitmaps import Members
from audiences.changes import TAG_ADDED
from audiences.models import EventType, Feed, Interest, Profile, ProfileChange, Tag
from audiences.tagging import Assigned, Part, assign, put
from itinera.kit.wire import django_cursor
from tests.integration.audiences.conftest import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def people(count: int, **fields: Any) -> list[int]:
    return [Profile.objects.create(**fields).pk for _ in range(count)]


def give(tag: Tag, cells: Mapping[Any, list[int]], at: Any = NOW, **slice_: Any) -> Assigned:
    members = {value: Members.of(ids) for value, ids in cells.items()}
    with transaction.atomic():
        return assign(django_cursor(), tag, members, at, f"tag:{tag.slug}", **slice_)


def counted(done: Assigned) -> tuple[int, int, int]:
    return done.added, done.changed, done.removed


def stored(slug: str) -> dict[int, Any]:
    return {row.pk: row.tags[slug] for row in Profile.objects.all() if slug in row.tags}


def test_a_plain_tag_is_true_for_those_in_the_set_and_for_nobody_else() -> None:
    tag = Tag.objects.create(slug="vip")
    one, two, three = people(3, tags={"other": 7})
    assert counted(give(tag, {True: [one, two]})) == (2, 0, 0)
    assert counted(give(tag, {True: [two, three]}, LATER)) == (1, 0, 1)
    assert stored("vip") == {two: True, three: True}
    assert set(stored("other")) == {one, two, three}
    tag.refresh_from_db()
    assert (tag.people, tag.refreshed_at) == (2, LATER)


def test_a_valued_tag_has_one_value_each_and_the_history_has_both_sides() -> None:
    tag = Tag.objects.create(slug="level", type="text")
    one, two, three = people(3)
    give(tag, {"gold": [one], "silver": [two, three]})
    assert counted(give(tag, {"gold": [one, two], "铜": []}, LATER)) == (0, 1, 1)
    assert stored("level") == {one: "gold", two: "gold"}
    told = ProfileChange.objects.filter(at=LATER).order_by("profile_id")
    assert [(row.profile_id, row.tags, row.attributes, row.source, row.shard) for row in told] == [
        (two, {"level": ["silver", "gold"]}, None, "tag:level", two % 64),
        (three, {"level": ["silver", None]}, None, "tag:level", three % 64),
    ]


def test_rows_that_stay_are_not_written() -> None:
    tag = Tag.objects.create(slug="level", type="number")
    one, two = people(2)
    give(tag, {1: [one], 2: [two]})
    before = dict(Profile.objects.values_list("pk", "updated_at"))
    assert counted(give(tag, {1.0: [one], 2: [two]}, LATER)) == (0, 0, 0)
    assert dict(Profile.objects.values_list("pk", "updated_at")) == before
    assert ProfileChange.objects.filter(at=LATER).count() == 0


def test_true_is_not_one() -> None:
    tag = Tag.objects.create(slug="flag", type="number")
    (one,) = people(1, tags={"flag": True})
    assert counted(give(tag, {1: [one]})) == (0, 1, 0)
    assert stored("flag") == {one: 1}
    assert ProfileChange.objects.get().tags == {"flag": [True, 1]}


def test_only_the_tag_s_kind_of_people_and_only_known_people() -> None:
    tag = Tag.objects.create(slug="trained", kind="staff")
    (guide,), (customer,) = people(1, kind="staff"), people(1, tags={"trained": True})
    done = give(tag, {True: [guide, customer + 64_000]})
    assert (done.added, done.removed) == (1, 1)
    assert stored("trained") == {guide: True}
    give(tag, {True: [guide, customer]}, LATER)
    assert stored("trained") == {guide: True}
    tag.refresh_from_db()
    assert tag.people == 1


def test_a_slice_of_shards_leaves_the_others_alone_and_counts_all() -> None:
    tag = Tag.objects.create(slug="vip")
    ids = people(64)
    low = [number for number in ids if number % 64 < 32]
    assert counted(give(tag, {True: ids}, shards=range(32))) == (len(low), 0, 0)
    assert set(stored("vip")) == set(low)
    give(tag, {True: ids}, shards=range(32, 64))
    assert set(stored("vip")) == set(ids)
    tag.refresh_from_db()
    assert tag.people == 64


def test_what_a_live_journey_asks_for_is_fed() -> None:
    tag = Tag.objects.create(slug="vip")
    one, two = people(2)
    kind = EventType.objects.create(name=TAG_ADDED)
    Interest.objects.create(type_id=kind.pk, version_id=1, subject="vip")
    give(tag, {True: [one]})
    give(Tag.objects.create(slug="other"), {True: [two]})
    give(tag, {True: []}, LATER)
    row = Feed.objects.get()
    assert (row.profile_id, row.shard, row.type_id, row.at) == (one, one % 64, kind.pk, NOW)
    assert row.body == {"tag": "vip", "before": None, "after": True}


cells = st.dictionaries(st.integers(0, 9), st.sampled_from(["a", "b", True, 3]))


@given(first=cells, second=cells)
def test_any_cells_after_any_cells(first: dict[int, Any], second: dict[int, Any]) -> None:
    with transaction.atomic():
        ids = people(10)
        tag = Tag.objects.create(slug="t")
        previous: dict[int, Any] = {}
        for wanted in (first, second):
            done = give(tag, {value: [ids[n] for n, v in wanted.items() if v is value] for value in wanted.values()})
            assert stored("t") == {ids[n]: value for n, value in wanted.items()}
            assert done.added == len(wanted.keys() - previous.keys())
            assert done.removed == len(previous.keys() - wanted.keys())
            assert done.changed == sum(previous[n] is not wanted[n] for n in previous.keys() & wanted.keys())
            assert tag.people == len(wanted)
            previous = wanted
        transaction.set_rollback(True)


def test_a_part_after_the_other_comes_to_an_end_whoever_is_passed_over() -> None:
    tag = Tag.objects.create(slug="vip")
    ids = people(5)
    strangers = people(4, kind="staff")
    part, left, slices = Part(0, 2), None, 0
    while left != 0:
        done = give(tag, {True: [*ids, *strangers]}, part=part)
        part, left, slices = Part(done.reached, 2), done.left, slices + 1
    assert (set(stored("vip")), slices) == (set(ids), 5)


def test_some_people_get_a_value_and_others_stay_as_they_are() -> None:
    tag = Tag.objects.create(slug="level", type="text")
    one, two, three = people(3, tags={"level": "old"})
    some = Members.of([one, two])
    with transaction.atomic():
        assert counted(put(django_cursor(), tag, some, "new", NOW, "user:li")) == (0, 2, 0)
        assert counted(put(django_cursor(), tag, Members.of([two]), None, NOW, "user:li")) == (0, 0, 1)
    assert stored("level") == {one: "new", three: "old"}
    assert tag.people == 2


def test_many_go_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagging, "MOST_AT_ONCE", 3)
    tag = Tag.objects.create(slug="vip")
    ids = people(10)
    assert counted(give(tag, {True: ids})) == (10, 0, 0)
    assert counted(give(tag, {True: ids[:1]})) == (0, 0, 9)
    assert set(stored("vip")) == {ids[0]}
