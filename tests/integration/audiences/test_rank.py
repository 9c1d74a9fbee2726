"""Audiences by rank: who leads by a measure, whom ties put first, and who is not ranked at all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiences.definitions.base import DEFINITIONS, Scope
from audiences.definitions.check import check_definition
from audiences.definitions.rank import Rank, leaders
from audiences.models import Audience, PeopleKind, Profile
from audiences.rules import load_catalogue
from itinera.kit.errors import Refusal
from tests.integration.audiences.conftest import NOW, ZONE, World

POINTS = {"attribute": "points"}
VALUES = st.lists(st.integers(-3, 3) | st.sampled_from([0.5, 1e9]), max_size=30)


def ranked(world: World, rank: dict[str, Any], **more: Any) -> list[int]:
    """Who belongs to it, by number."""
    checked = check_definition({"rank": rank}, "consumer", "", "definition")
    scope = Scope(world.cursor, NOW, ZONE, "consumer", load_catalogue(world.cursor), **more)
    return sorted(checked.kind.members(checked.config, scope).ids().tolist())


@pytest.fixture
def people(world: World) -> list[int]:
    """Points 5, 3, 3, 1, none, and text in their place."""
    return [world.person({} if points is None else {"points": points}) for points in (5, 3, 3, 1, None, "9")]


@pytest.mark.parametrize(
    ("rank", "places"),
    [
        ({"top": 1}, [0]),
        ({"top": 2}, [0, 1]),
        ({"top": 3}, [0, 1, 2]),
        ({"top": 10}, [0, 1, 2, 3]),
        ({"top": 1, "order": "asc"}, [3]),
        ({"top": 2, "order": "asc"}, [1, 3]),
        ({"top_percent": 25}, [0]),
        ({"top_percent": 25.1}, [0, 1]),
        ({"top_percent": 0.1}, [0]),
        ({"top_percent": 100}, [0, 1, 2, 3]),
        ({"top": 2, "within": {"attribute": "points", "op": "lt", "value": 5}}, [1, 2]),
        ({"top_percent": 50, "within": {"attribute": "points", "op": "lt", "value": 5}}, [1, 2]),
    ],
)
def test_who_leads(world: World, people: list[int], rank: dict[str, Any], places: list[int]) -> None:
    assert ranked(world, {"measure": POINTS, **rank}) == [people[place] for place in places]


def test_who_did_nothing_is_not_ranked_even_among_the_lowest(world: World, people: list[int]) -> None:
    world.did(people[5], "visit", NOW)
    assert ranked(world, {"measure": {"event": "visit"}, "top": 3, "order": "asc"}) == [people[5]]
    fading = {"fade": "visit", "half_life": "P30D"}
    assert ranked(world, {"measure": fading, "top": 3}) == [people[5]]


def test_the_most_lately_seen_come_first_in_ascending_days(world: World, people: list[int]) -> None:
    for place, person in enumerate(people):
        world.did(person, "visit", NOW - timedelta(days=place))
    seen = {"event": "visit", "measure": "last"}
    assert ranked(world, {"measure": seen, "top": 2, "order": "asc"}) == people[:2]
    assert ranked(world, {"measure": seen, "top": 2}) == people[4:]


def test_only_people_of_the_kind_who_were_known_by_then_are_ranked(world: World, people: list[int]) -> None:
    Profile.objects.filter(pk=people[0]).update(kind=PeopleKind.STAFF)
    Profile.objects.filter(pk=people[1]).update(created_at=NOW + timedelta(seconds=1))
    Profile.objects.filter(pk__in=people[2:]).update(created_at=NOW)
    assert ranked(world, {"measure": POINTS, "top": 1}, known_by=NOW) == [people[2]]


def test_a_rank_is_one_among_all_whoever_is_asked_about(world: World, people: list[int]) -> None:
    from audiences.bitmaps import Members

    asked = Members.of([people[1], people[2]])
    assert ranked(world, {"measure": POINTS, "top": 2}, within=asked) == [people[1]]


def test_an_audience_within_which_somebody_leads_is_rested_on(world: World, people: list[int]) -> None:
    rank = {"measure": POINTS, "top": 1, "within": {"any": [{"audience": "some"}]}}
    with pytest.raises(Refusal) as caught:
        ranked(world, rank)
    assert caught.value.problems[0].code == "unknown_audience"
    rule = {"attribute": "points", "op": "lte", "value": 3}
    Audience.objects.create(slug="some", name="some", definition={"rule": rule})
    assert ranked(world, rank) == [people[1]]
    kind = DEFINITIONS["rank"]
    assert kind.asks(kind.read(rank, "rank")) == {"some"}


def test_many_stretches_make_one_rank(world: World, people: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audiences.stretches.FIRST", 1)
    monkeypatch.setattr("audiences.stretches.next_size", lambda size, seconds: 2)
    assert ranked(world, {"measure": POINTS, "top": 3}) == people[:3]


@given(VALUES, st.integers(1, 40), st.sampled_from(["desc", "asc"]), st.randoms())
def test_ties_go_to_the_lower_number_in_whatever_order_people_are_read(
    values: list[float], top: int, order: str, random: Any
) -> None:
    rows = list(enumerate(values, start=1))
    wanted = sorted(rows, key=lambda row: (-row[1] if order == "desc" else row[1], row[0]))[:top]
    random.shuffle(rows)
    rank = Rank.model_validate({"measure": POINTS, "top": top, "order": order})
    ids = np.array([number for number, _ in rows], dtype=np.int64)
    found = leaders(rank, ids, np.array([value for _, value in rows], dtype=np.float64))
    assert found.tolist() == [number for number, _ in wanted]


@pytest.mark.parametrize(
    ("percent", "people", "count"), [(5, 10, 1), (5, 0, 0), (0.1, 1000, 1), (33.3, 1000, 333), (100, 7, 7)]
)
def test_a_share_is_rounded_up_and_never_by_a_float(percent: float, people: int, count: int) -> None:
    assert Rank.model_validate({"measure": POINTS, "top_percent": percent}).count(people) == count


@pytest.mark.parametrize(
    ("rank", "path"),
    [
        ({"measure": POINTS}, "definition.rank"),
        ({"measure": POINTS, "top": 1, "top_percent": 1}, "definition.rank"),
        ({"measure": POINTS, "top": 0}, "definition.rank.top"),
        ({"measure": POINTS, "top_percent": 101}, "definition.rank.top_percent"),
        ({"top": 1}, "definition.rank.measure"),
        ({"measure": POINTS, "top": 1, "within": {"colour": 1}}, "definition.rank.within"),
        ({"measure": {"event": "x", "window": {"since": "entry"}}, "top": 1}, "definition.rank.measure.window.since"),
    ],
)
def test_what_is_no_rank_is_refused_with_its_place(world: World, rank: dict[str, Any], path: str) -> None:
    with pytest.raises(Refusal) as caught:
        ranked(world, rank)
    assert [problem.path for problem in caught.value.problems] == [path]


def test_a_rank_is_said_in_words(world: World) -> None:
    kind = DEFINITIONS["rank"]
    ends: list[dict[str, Any]] = [{"top": 5}, {"top_percent": 5}]
    ranks = [{"measure": POINTS, "order": order, **end} for order in ("desc", "asc") for end in ends]
    assert [kind.explain(kind.read(rank, "rank")) for rank in ranks] == [
        "按 points 从高到低的前 5 名", "按 points 从高到低的前 5%",
        "按 points 从低到高的前 5 名", "按 points 从低到高的前 5%",
    ]  # fmt: skip
    within = {"measure": POINTS, "top": 5, "within": {"attribute": "city", "op": "eq", "value": "上海"}}
    assert kind.explain(kind.read(within, "rank")).startswith("按 points 从高到低的前 5 名；范围：")
