"""Rules over everybody: whatever way is taken, however often it is broken off, the answer is that of Python's sets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiences import membership
from audiences.bitmaps import Members
from audiences.definitions.base import Scope
from audiences.models import Audience, LeafResult, Profile
from audiences.rules import load_catalogue, parse_rule
from audiences.select import Selection, leaves, members_of, scan, selection
from itinera.kit.errors import Refusal
from itinera.kit.pace import Pace, Unfinished
from tests.integration.audiences.conftest import NOW, ZONE, World

PEOPLE = 30
AUDIENCES = ("a", "b", "c")


@dataclass
class Steps:
    """A pace that lets so many statements through."""

    steps: int

    @property
    def left(self) -> float:
        self.steps -= 1
        return 1.0 if self.steps >= 0 else -1.0


def steps(count: int) -> Pace:
    # The scan looks at what is left twice for each statement: before it, and for the size of the next.
    found: Any = Steps(2 * count)
    return found


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few people are many: stretches of seven numbers, and everything found is dear."""
    monkeypatch.setattr(scan, "FIRST", 7)
    monkeypatch.setattr(scan._Stride, "took", lambda *_given: None)
    monkeypatch.setattr(leaves, "DEAR", 0.0)
    monkeypatch.setattr(selection, "SMALL", 4)
    monkeypatch.setattr(selection, "SHARE", 8)


class Town:
    """Thirty people with numbers and visits, and three stored audiences."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.people = [world.person({"n": place % 7, "even": place % 2 == 0}) for place in range(PEOPLE)]
        for place, person in enumerate(self.people):
            for turn in range(place % 5):
                world.did(person, "visit", NOW - timedelta(days=turn + 1), amount=place)
        for slug in AUDIENCES:
            Audience.objects.create(slug=slug, name=slug, definition={"members": {}})

    def scope(self, **given: Any) -> Scope:
        cursor = self.world.cursor
        return Scope(cursor, NOW, ZONE, "consumer", load_catalogue(cursor), **given)

    def fill(self, sets: Mapping[str, set[int]]) -> None:
        for slug, people in sets.items():
            membership.store(self.world.cursor, Audience.objects.get(slug=slug), Members.of(people), NOW, 0)

    def ask(self, rule: Any, **given: Any) -> set[int]:
        return set(members_of(parse_rule(rule), self.scope(**given)).ids().tolist())

    def truth(self, rule: Any, sets: Mapping[str, set[int]]) -> set[int]:
        """By Python's sets."""
        if "all" in rule:
            return set(self.people).intersection(*(self.truth(part, sets) for part in rule["all"]))
        if "any" in rule:
            return set().union(*(self.truth(part, sets) for part in rule["any"]))
        if "not" in rule:
            return set(self.people) - self.truth(rule["not"], sets)
        if "audience" in rule:
            return sets[rule["audience"]]
        return {person for place, person in enumerate(self.people) if leaf_holds(rule, place)}


def leaf_holds(leaf: Any, place: int) -> bool:
    """What the leaves below say of the person at a place."""
    if leaf.get("attribute") == "n":
        return place % 7 <= leaf["value"] if leaf["op"] == "lte" else place % 7 == leaf["value"]
    if leaf.get("attribute") == "even":
        return (place % 2 == 0) is leaf["value"]
    if leaf.get("measure") == "sum":
        return place % 5 * place > leaf["value"]
    return min(place % 5, 3) >= leaf["value"]


@pytest.fixture
def town(world: World) -> Town:
    return Town(world)


LEAVES = st.one_of(
    st.sampled_from(AUDIENCES).map(lambda slug: {"audience": slug}),
    st.integers(0, 7).map(lambda n: {"attribute": "n", "op": "lte", "value": n}),
    st.booleans().map(lambda flag: {"attribute": "even", "op": "eq", "value": flag}),
    st.integers(0, 4).map(lambda n: {"event": "visit", "op": "gte", "value": n, "window": {"last": "P3D"}}),
    st.integers(0, 90).map(
        lambda n: {"event": "visit", "measure": "sum", "property": "amount", "op": "gt", "value": n}
    ),
)


def grown(part: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(part, max_size=3)
    return st.one_of(
        several.map(lambda parts: {"all": parts}), several.map(lambda parts: {"any": parts}),
        part.map(lambda one: {"not": one}),
    )  # fmt: skip


RULES = st.recursive(LEAVES, grown, max_leaves=6)
ALGEBRA = st.recursive(st.sampled_from(AUDIENCES).map(lambda slug: {"audience": slug}), grown, max_leaves=8)
PLACES = st.sets(st.integers(0, PEOPLE - 1))
patiently = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


def drawn(town: Town, places: tuple[set[int], ...]) -> dict[str, set[int]]:
    sets = {slug: {town.people[place] for place in some} for slug, some in zip(AUDIENCES, places, strict=True)}
    town.fill(sets)
    return sets


@patiently
@given(rule=RULES, places=st.tuples(PLACES, PLACES, PLACES))
def test_a_rule_gives_whom_python_s_sets_give(town: Town, rule: Any, places: tuple[set[int], ...]) -> None:
    sets = drawn(town, places)
    assert town.ask(rule) == town.truth(rule, sets)


@patiently
@given(rule=RULES, places=st.tuples(PLACES, PLACES, PLACES), pace=st.integers(1, 3))
@pytest.mark.usefixtures("small")
def test_a_rule_that_is_broken_off_and_gone_on_with_gives_the_same(
    town: Town, rule: Any, places: tuple[set[int], ...], pace: int
) -> None:
    LeafResult.objects.all().delete()
    sets = drawn(town, places)
    for _turn in range(100):
        try:
            found = town.ask(rule, pace=steps(pace))
        except Unfinished:
            continue
        assert found == town.truth(rule, sets)
        assert town.ask(rule) == found
        return
    pytest.fail("it never came to an end")


@patiently
@given(rule=ALGEBRA, places=st.tuples(PLACES, PLACES, PLACES))
def test_set_algebra_is_that_of_python_s_sets(town: Town, rule: Any, places: tuple[set[int], ...]) -> None:
    sets = drawn(town, places)
    assert town.ask(rule) == town.truth(rule, sets)


@patiently
@given(rule=RULES, places=st.tuples(PLACES, PLACES, PLACES), asked=PLACES)
def test_asked_about_some_people_it_answers_for_them(
    town: Town, rule: Any, places: tuple[set[int], ...], asked: set[int]
) -> None:
    sets = drawn(town, places)
    some = {town.people[place] for place in asked}
    assert town.ask(rule, within=Members.of(some)) == town.truth(rule, sets) & some


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[list[str]]]:
    """The leaves of each statement that is run."""
    told: list[list[str]] = []
    gather = scan.gather

    def counted(cursor: Any, rules: Any, *rest: Any) -> Any:
        told.append([type(rule).__name__ for rule in rules])
        return gather(cursor, rules, *rest)

    monkeypatch.setattr(scan, "gather", counted)
    return told


def test_set_algebra_alone_asks_no_table_of_people(town: Town, asked: list[list[str]]) -> None:
    sets = drawn(town, ({1, 2, 3}, {2, 3}, {3}))
    rule = {"any": [{"all": [{"audience": "a"}, {"audience": "b"}, {"not": {"audience": "c"}}]}, {"audience": "c"}]}
    assert town.ask(rule) == (sets["a"] & sets["b"] - sets["c"]) | sets["c"]
    assert asked == []


def test_all_leaves_that_look_at_profiles_only_are_one_scan(town: Town, asked: list[list[str]]) -> None:
    n, even = {"attribute": "n", "op": "lte", "value": 3}, {"attribute": "even", "op": "eq", "value": True}
    town.ask({"any": [{"not": n}, even, {"event": "visit"}]})
    assert asked == [["All", "Attribute", "Attribute"], ["Event"]]


@pytest.mark.usefixtures("small")
def test_a_dear_leaf_is_asked_about_the_few_that_the_others_leave(town: Town, asked: list[list[str]]) -> None:
    town.fill({"a": set(town.people[:3])})
    assert town.ask({"all": [{"event": "visit"}, {"audience": "a"}]}) == set(town.people[1:3])
    assert asked == [["Event"]]


@pytest.mark.usefixtures("small")
def test_what_is_kept_is_used_while_it_is_young_and_only_the_changed_leaf_is_asked_anew(
    town: Town, asked: list[list[str]]
) -> None:
    cheap = {"attribute": "n", "op": "lte", "value": 6}
    rule = {"any": [cheap, {"event": "visit"}]}
    town.ask(rule)
    del asked[:]
    later = town.scope(kept_for=timedelta(minutes=5))
    changed = parse_rule({"any": [cheap, {"event": "visit", "op": "gte", "value": 2}]})
    found = Selection(changed, replace(later, at=NOW + timedelta(minutes=1)))
    found.members()
    assert {kind for kinds in asked for kind in kinds} == {"Event"}
    assert found.leaves.as_of == NOW
    del asked[:]
    Selection(parse_rule(rule), replace(later, at=NOW + timedelta(minutes=6))).members()
    assert {kind for kinds in asked for kind in kinds} == {"Event", "Attribute"}


@pytest.mark.usefixtures("small")
def test_what_the_catalogue_says_about_a_name_is_part_of_what_is_kept(town: Town) -> None:
    rule = {"attribute": "n", "op": "eq", "value": 3}
    assert town.ask(rule)
    town.world.attribute("n", "number")
    kept = LeafResult.objects.count()
    assert town.ask(rule)
    assert LeafResult.objects.count() >= kept


def test_people_of_another_kind_are_nobody_here(town: Town) -> None:
    guide = Profile.objects.create(kind="staff", attributes={"n": 1}).pk
    assert guide not in town.ask({"all": []})
    staff = replace(town.scope(), kind="staff")
    assert members_of(parse_rule({"not": {"event": "visit"}}), staff).ids().tolist() == [guide]


def test_who_became_known_later_can_be_left_out(town: Town) -> None:
    Profile.objects.filter(pk__in=town.people[:2]).update(created_at=NOW)
    Profile.objects.filter(pk__in=town.people[2:]).update(created_at=NOW + timedelta(seconds=1))
    assert town.ask({"all": []}, known_by=NOW) == set(town.people[:2])


def test_an_audience_that_is_not_there_is_refused(town: Town) -> None:
    with pytest.raises(Refusal) as refused:
        town.ask({"audience": "nosuch"})
    assert [each.code for each in refused.value.problems] == ["unknown_audience"]


def test_an_audience_that_was_never_refreshed_is_computed(town: Town) -> None:
    few = {"attribute": "n", "op": "eq", "value": 3}
    Audience.objects.create(slug="few", name="few", definition={"rule": few})
    assert town.ask({"audience": "few"}) == town.truth(few, {})
