"""Whatever comes in, in whatever order and split: one profile for everybody who is one, and everything owned once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

import numpy as np
import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from audiences.ingest import ingest_events, ingest_profiles
from audiences.models import Event, Identity, Merge, MergeRequest, Profile
from audiences.oneid import actions
from audiences.oneid import merge as merging
from audiences.oneid.lock import alone_with
from audiences.oneid.log import followed
from audiences.oneid.pairs import queued
from itinera.kit.wire import django_cursor
from tests import reset
from tests.integration.engine.scene import NOON, SECOND, ask
from tests.integration.oneid.scene import merged, told

KINDS = {"member_id": 6, "phone": 8, "email": 8, "device_id": 4}
IDENTITY = st.sampled_from(sorted(KINDS)).flatmap(
    lambda kind: st.tuples(st.just(kind), st.integers(0, KINDS[kind] - 1).map(str))
)
LINE = st.fixed_dictionaries(
    {
        "identities": st.lists(IDENTITY, min_size=1, max_size=3, unique_by=lambda each: each[0]).map(dict),
        "is_event": st.booleans(),
        "city": st.sampled_from(("上海", "北京", None)),
        "consent": st.sampled_from((True, False, None)),
        "tag": st.sampled_from(("a", "b", None)),
    }
)
LINES = st.lists(LINE, min_size=2, max_size=25)
PATIENT = settings(
    max_examples=20, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)  # fmt: skip


@dataclass
class Truth:
    """Which identities are one person's, by the lines."""

    of: dict[tuple[str, str], set[tuple[str, str]]] = field(default_factory=dict)

    def take(self, line: dict[str, Any]) -> None:
        together = {identity for each in line["identities"].items() for identity in self.of.get(each, {each})}
        self.of.update(dict.fromkeys(together, together))

    def people(self) -> Iterator[frozenset[tuple[str, str]]]:
        yield from {frozenset(each) for each in self.of.values()}

    def is_contradictory(self, person: frozenset[tuple[str, str]]) -> bool:
        return sum(kind == "member_id" for kind, _ in person) > 1


def take(lines: list[dict[str, Any]], start: int) -> None:
    """Some lines at once: those about people, then what they did."""
    at = NOON + start * SECOND
    people = [_profile(line) for line in lines if not line["is_event"]]
    events = [_event(line, start + place) for place, line in enumerate(lines) if line["is_event"]]
    if people:
        assert not ingest_profiles(people, now=at, source="test").rejected
    if events:
        assert ingest_events(events, now=at, source="test").accepted == len(events)


def _profile(line: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"identities": line["identities"]}
    if line["city"]:
        found["attributes"] = {"city": line["city"]}
    if line["consent"] is not None:
        found["consent"] = {"sms": {"marketing": line["consent"]}}
    if line["tag"]:
        found["tags"] = [line["tag"]]
    return found


def _event(line: dict[str, Any], number: int) -> dict[str, Any]:
    return {"id": f"e{number}", "event": "visit", "time": NOON.isoformat(), "identities": line["identities"]}


@pytest.mark.timeout(600)
@given(LINES, st.lists(st.tuples(st.integers(1, 8), st.booleans()), max_size=25), st.randoms())
@PATIENT
def test_one_profile_for_everybody_who_is_one(
    lines: list[dict[str, Any]], batches: list[tuple[int, bool]], dice: Random
) -> None:
    reset.restore(connection)
    truth, left, place = Truth(), dice.sample(lines, len(lines)), 0
    for line in lines:
        truth.take(line)
    for size, merges in [*batches, (len(lines), True)]:
        batch, left = left[:size], left[size:]
        if batch:
            take(batch, place)
        place += len(batch)
        if merges:
            merged(NOON + timedelta(hours=1))
    owner = {(kind, value): who for kind, value, who in Identity.objects.values_list("kind", "value", "profile_id")}
    assert owner.keys() == truth.of.keys()
    for person in truth.people():
        profiles = {owner[identity] for identity in person}
        if not truth.is_contradictory(person):
            assert len(profiles) == 1, person
        members = [owner[identity] for identity in person if identity[0] == "member_id"]
        assert len(set(members)) == len(members), person
    assert Profile.objects.count() == len(set(owner.values()))
    events = [line for line in lines if line["is_event"]]
    assert Event.objects.count() == len(events)
    assert set(Event.objects.values_list("profile_id", flat=True)) <= set(owner.values())
    waiting = set(MergeRequest.objects.values_list("state", flat=True))
    assert waiting <= ({"conflict"} if any(map(truth.is_contradictory, truth.people())) else set())


FACTS = "SELECT id, attributes::text, tags::text, consent::text, suppressed, zone, unit FROM profile ORDER BY id"
OWNED = "SELECT id, profile_id FROM event ORDER BY id"


@pytest.mark.timeout(600)
@given(LINES, st.integers(1, 4), st.randoms())
@PATIENT
def test_the_same_comes_out_however_the_pairs_are_taken(lines: list[dict[str, Any]], size: int, dice: Random) -> None:
    """No member numbers, which could contradict each other: then it does not matter in which order pairs are merged."""
    plain = [{**line, "identities": _without_member(line["identities"])} for line in lines]
    found = []
    for shuffled in (False, True):
        reset.restore(connection)
        for place, line in enumerate(plain):
            take([line], place)
        merge_all(size if shuffled else 100, dice if shuffled else None)
        found.append((ask(FACTS), ask(OWNED)))
    assert found[0] == found[1]


def _without_member(identities: dict[str, str]) -> dict[str, str]:
    return {kind if kind != "member_id" else "openid": value for kind, value in identities.items()}


def merge_all(size: int, dice: Random | None) -> None:
    """As the stage does, so many pairs at a time, in a random order."""
    while pairs := queued(django_cursor(), 1_000):
        if dice is not None:
            dice.shuffle(pairs)
        some = pairs[:size]
        with alone_with({each for pair in some for each in (pair.one, pair.other)}) as cursor:
            merging.merge(cursor, some, NOON + timedelta(hours=1))


BEFORE = """
    SELECT p.id, p.attributes::text, p.tags::text, p.zone, p.unit, p.created_at, i.owned, e.owned, c.owned
        FROM profile p
    CROSS JOIN LATERAL (SELECT array_agg(i::text ORDER BY i::text) AS owned FROM identity i WHERE profile_id = p.id) i
    CROSS JOIN LATERAL (SELECT array_agg(e::text ORDER BY e::text) AS owned FROM event e WHERE profile_id = p.id) e
    CROSS JOIN LATERAL (SELECT array_agg(c::text ORDER BY c::text) AS owned
        FROM consent_change c WHERE profile_id = p.id) c
    ORDER BY p.id"""


@pytest.mark.timeout(600)
@given(LINES, st.integers(1, 4), st.randoms())
@PATIENT
def test_undone_from_the_last_to_the_first_everything_is_as_it_was(
    lines: list[dict[str, Any]], size: int, dice: Random
) -> None:
    reset.restore(connection)
    for place, line in enumerate(lines):
        take([{**line, "consent": line["consent"] or None}], place)
    before = ask(BEFORE)
    merge_all(size, dice)
    for log in Merge.objects.order_by("-pk"):
        actions.undo_merge(None, log.pk, NOON + timedelta(hours=2))
    assert ask(BEFORE) == before


def test_old_numbers_lead_to_the_survivor_however_far() -> None:
    for number in range(5):
        take([{"identities": {"device_id": f"d{number}"}, "is_event": True, "city": None}], number)
    old = sorted(Profile.objects.values_list("id", flat=True))
    for number in range(4, 0, -1):
        for each in (number, number - 1):
            told({"device_id": f"d{each}", "phone": "1"}, at=NOON)
        merged()
    (left,) = Profile.objects.values_list("id", flat=True)
    assert followed(django_cursor(), np.array([*old, 999])).tolist() == [left] * 5 + [999]
