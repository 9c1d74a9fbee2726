"""Who may be one, who stays, and what is known of her then: the same whatever the order in which it comes out."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiences.oneid.conflicts import MOST_EVENTS, MOST_OF_A_KIND, Person, Standing, contradiction
from audiences.oneid.facts import Known, fact, take_over
from audiences.oneid.groups import Formed, Wanted, form

NAMES = ("a", "b", "c")
TIMES = st.integers(0, 3)


def person(number: int, kind: str = "consumer", created: int = 0, events: int = 0, **identities: str) -> Person:
    return Person(number, kind, created, {each: value.split() for each, value in identities.items()}, events)


def pair(one: int, other: int, anyway: bool = False) -> Wanted:
    return Wanted(one * 100 + other, one, other, "phone", "test", anyway)


# --- who stays -----------------------------------------------------------------------------------------------------


def test_the_stronger_identity_stays_then_the_older_then_the_lower_number() -> None:
    ranked = [
        person(9, member_id="M1", created=9),
        person(8, phone="1", created=1),
        person(3, phone="2", created=2),
        person(7, phone="3", created=2),
        person(1, device_id="d"),
        person(2, cookie="of a brand's own"),
        person(0),
    ]
    assert sorted(ranked[3:] + ranked[:3], key=lambda each: each.standing) == ranked


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (person(1, member_id="M1"), person(2, phone="1"), None),
        (person(1, member_id="M1"), person(2, member_id="M2"), "two:member_id"),
        (person(1, phone="1"), person(2, phone="2"), None),
        (person(1, phone="1"), person(2, kind="staff", phone="2"), "different_kinds"),
        (person(1, phone=" ".join("abcdefghij")), person(2, email="x"), None),
        (person(1, phone=" ".join("abcdefghij")), person(2, phone="k"), "many:phone"),
        (person(1, member_id="M1", events=MOST_EVENTS * 9), person(2, phone="1", events=MOST_EVENTS), None),
        (person(1, member_id="M1"), person(2, phone="1", events=MOST_EVENTS + 1), "too_large"),
    ],
)
def test_what_speaks_against_it(one: Person, other: Person, reason: str | None) -> None:
    assert contradiction([one], [other], anyway=False) == reason
    assert contradiction([other], [one], anyway=False) == reason
    kinds = reason if reason == "different_kinds" else None
    assert contradiction([one], [other], anyway=True) == kinds
    assert MOST_OF_A_KIND == 10


def groups(formed: Formed) -> set[tuple[int, frozenset[int]]]:
    return {(each.survivor.id, frozenset(who.id for who, _ in each.merged)) for each in formed.groups}


def test_chains_end_in_one() -> None:
    people = {n: person(n, phone=str(n)) for n in range(5)}
    formed = form([pair(3, 4), pair(0, 1), pair(1, 2), pair(2, 3)], people, frozenset())
    assert groups(formed) == {(0, frozenset({1, 2, 3, 4}))}
    assert not formed.refused


def test_a_chain_does_not_lead_round_a_contradiction() -> None:
    people = {1: person(1, member_id="M1"), 2: person(2, device_id="d"), 3: person(3, member_id="M3")}
    formed = form([pair(1, 2), pair(2, 3)], people, frozenset())
    assert groups(formed) == {(1, frozenset({2}))}
    assert [(each.number, why) for each, why in formed.refused] == [(203, "two:member_id")]


def test_who_is_kept_apart_is_so_by_any_way() -> None:
    people = {n: person(n, phone=str(n)) for n in range(3)}
    apart = frozenset({frozenset({0, 2})})
    formed = form([pair(0, 1), pair(1, 2)], people, apart)
    assert groups(formed) == {(0, frozenset({1}))}
    assert [why for _, why in formed.refused] == ["apart"]
    assert groups(form([pair(0, 2, anyway=True)], people, apart)) == {(0, frozenset({2}))}


def test_who_is_gone_is_passed_over() -> None:
    assert form([pair(1, 2)], {1: person(1, phone="1")}, frozenset()) == Formed((), ())


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=15), st.randoms())
def test_without_contradictions_the_order_of_pairs_does_not_matter(links: list[tuple[int, int]], dice: Random) -> None:
    people = {n: person(n, created=n % 3, phone=str(n)) for n in range(10)}
    pairs = [pair(one, other) for one, other in links if one != other]
    shuffled = dice.sample(pairs, len(pairs))
    assert groups(form(pairs, people, frozenset())) == groups(form(shuffled, people, frozenset()))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=20), st.sets(st.integers(0, 9)))
def test_nobody_ever_has_two_member_numbers(links: list[tuple[int, int]], members: set[int]) -> None:
    people = {n: person(n, member_id=f"M{n}") if n in members else person(n, phone=str(n)) for n in range(10)}
    formed = form([pair(one, other) for one, other in links if one != other], people, frozenset())
    for group in formed.groups:
        assert len({group.survivor.id, *(who.id for who, _ in group.merged)} & members) <= 1


# --- what is known -------------------------------------------------------------------------------------------------


def known(number: int, created: int = 0, **given: Any) -> Known:
    standing = Standing(1, created, number)
    attributes, tags = given.get("attributes", {}), given.get("tags", {})
    return Known(
        standing=standing,
        attributes={name: value for name, (value, _) in attributes.items() if value is not None},
        tags={name: value for name, (value, _) in tags.items()},
        consent=_nested({about: value for about, (value, _) in given.get("consent", {}).items()}),
        suppressed=set(given.get("suppressed", ())),
        zone=given.get("zone"),
        said_attributes={name: fact(at, standing) for name, (_, at) in attributes.items()},
        said_tags={name: fact(at, standing) for name, (_, at) in tags.items()},
        said_zone=fact(0, standing),
        agreed={about: at for about, (_, at) in given.get("consent", {}).items() if at is not None},
    )


def _nested(flat: dict[tuple[str, str], bool]) -> dict[str, dict[str, bool]]:
    found: dict[str, dict[str, bool]] = {}
    for (channel, category), value in flat.items():
        found.setdefault(channel, {})[category] = value
    return found


SMS = ("sms", "marketing")


def test_the_newest_attribute_counts_and_what_was_taken_away_is_gone() -> None:
    mine = known(1, attributes={"city": ("Bonn", 1), "size": ("M", 5), "old": ("x", 1)})
    theirs = known(2, attributes={"city": ("Köln", 2), "size": ("L", 3), "old": (None, 4), "own": (7, 0)})
    taken = take_over(mine, theirs)
    assert mine.attributes == {"city": "Köln", "size": "M", "own": 7}
    assert taken.attributes == {"city": ["Bonn", "Köln"], "old": ["x", None], "own": [None, 7]}


def test_said_at_the_same_time_the_survivors_counts() -> None:
    mine, theirs = known(1, attributes={"city": ("Bonn", 2)}), known(2, attributes={"city": ("Köln", 2)})
    take_over(mine, theirs)
    assert mine.attributes == {"city": "Bonn"}


def test_tags_are_united() -> None:
    mine, theirs = (
        known(1, tags={"vip": (True, 1), "level": (2, 3)}),
        known(2, tags={"new": (True, 1), "level": (9, 4)}),
    )
    take_over(mine, theirs)
    assert mine.tags == {"vip": True, "new": True, "level": 9}


@pytest.mark.parametrize(
    ("mine", "theirs", "then"),
    [
        ((False, 5), (True, 4), False),
        ((False, 5), (True, 6), True),
        ((True, 5), (False, 4), True),
        ((True, 5), (False, 5), False),
        ((True, 9), (False, None), False),
        ((False, None), (True, 9), False),
        ((True, None), (False, 1), False),
    ],
)
def test_a_withdrawal_is_lost_to_nothing_but_a_later_consent(mine: Any, theirs: Any, then: bool) -> None:
    one = known(1, consent={SMS: mine})
    take_over(one, known(2, consent={SMS: theirs}))
    assert one.consent == {"sms": {"marketing": then}}


def test_suppressed_by_either_and_the_survivors_zone() -> None:
    one = known(1, suppressed=["sms"], zone="Asia/Tokyo")
    take_over(one, known(2, suppressed=["email"], zone="Asia/Seoul"))
    assert (one.suppressed, one.zone) == ({"sms", "email"}, "Asia/Tokyo")
    bare = known(3)
    taken = take_over(bare, one)
    assert (bare.zone, taken.zone) == ("Asia/Tokyo", [None, "Asia/Tokyo"])


PROFILES = st.lists(
    st.fixed_dictionaries(
        {
            "created": TIMES,
            "attributes": st.dictionaries(
                st.sampled_from(NAMES), st.tuples(st.one_of(st.none(), st.integers(0, 2)), TIMES)
            ),
            "tags": st.dictionaries(st.sampled_from(NAMES), st.tuples(st.integers(0, 2), TIMES)),
            "consent": st.dictionaries(
                st.tuples(st.sampled_from(("sms", "email")), st.just("marketing")),
                st.tuples(st.booleans(), st.one_of(st.none(), TIMES)),
            ),
            "suppressed": st.sets(st.sampled_from(("sms", "email"))),
            "zone": st.sampled_from((None, "Asia/Tokyo", "Asia/Seoul")),
        }
    ),
    min_size=2,
    max_size=5,
)


def _all_into_one(people: Sequence[Known], dice: Random) -> Known:
    """Two by two in a random order, the one who stands better always staying."""
    left = deepcopy(list(people))
    while len(left) > 1:
        one, other = sorted(dice.sample(left, 2), key=lambda each: each.standing)
        take_over(one, other)
        left.remove(other)
    return left[0]


@given(PROFILES, st.randoms(), st.randoms())
def test_in_whatever_order_several_become_one_the_same_is_known(
    given_: list[dict[str, Any]], dice: Random, others: Random
) -> None:
    people = [known(number, **each) for number, each in enumerate(given_)]
    assert _all_into_one(people, dice) == _all_into_one(people, others)
