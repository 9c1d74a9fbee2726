"""Measures of people: read in one statement, and the same as worked out in plain Python."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiences.definitions.base import Scope
from audiences.measures import Readers, check_measure, describe, parse_measure
from audiences.measures.ast import FADED
from audiences.models import AttributeType, Event, EventType, Profile, Tag
from audiences.rules import load_catalogue
from audiences.rules.speech import Speech
from audiences.stretches import Stretch, stretches
from itinera.kit.errors import Refusal
from tests.integration.audiences.conftest import NOW, ZONE, World, world

__all__ = ["world"]


def read(world: World, measure: dict[str, Any], *, none_is_zero: bool = False) -> dict[int, float]:
    """By person the value of a measure; who has none is left out."""
    catalogue = load_catalogue(world.cursor)
    readers = Readers([parse_measure(measure)], catalogue, none_is_zero=none_is_zero)
    scope = Scope(world.cursor, NOW, ZONE, "consumer", catalogue)
    ids, (values,) = readers.read(scope, Stretch(1, 10**9))
    return {n: v for n, v in zip(ids.tolist(), values.tolist(), strict=True) if not math.isnan(v)}


@pytest.fixture
def people(world: World) -> tuple[int, int, int]:
    """One who did much, one who did one thing, one who did nothing."""
    found = (
        world.person({"points": 7.5, "level": "high"}),
        world.person({"points": "7"}, zone="America/New_York"),
        world.person(),
    )
    world.did(found[0], "order_paid", "2026-01-10T10:00:00", amount=100.5, sku="A")
    world.did(found[0], "order_paid", "2026-03-10T10:00:00", amount=50, sku="B")
    world.did(found[0], "order_paid", "2026-03-15T10:00:00", amount=-20, sku="A")
    world.did(found[1], "order_paid", "2026-03-15T11:00:00", sku=5)
    Profile.objects.filter(pk=found[0]).update(tags={"score": 0.5, "vip": True})
    return found


@pytest.mark.parametrize(
    ("measure", "much", "one", "none"),
    [
        ({"event": "order_paid"}, 3, 1, None),
        ({"event": "order_paid", "window": {"last": "P7D"}}, 2, 1, None),
        ({"event": "order_paid", "where": [{"property": "sku", "op": "eq", "value": "A"}]}, 2, None, None),
        ({"event": "order_paid", "measure": "sum", "property": "amount"}, 130.5, None, None),
        ({"event": "order_paid", "measure": "avg", "property": "amount"}, 43.5, None, None),
        ({"event": "order_paid", "measure": "min", "property": "amount"}, -20, None, None),
        ({"event": "order_paid", "measure": "max", "property": "amount"}, 100.5, None, None),
        ({"event": "order_paid", "measure": "distinct", "property": "sku"}, 2, 1, None),
        ({"event": "order_paid", "measure": "first"}, 64, 1, None),
        ({"event": "order_paid", "measure": "last"}, 0, 1, None),
        ({"attribute": "points"}, 7.5, None, None),
        ({"attribute": "nothing"}, None, None, None),
        ({"tag": "score"}, 0.5, None, None),
        ({"tag": "vip"}, None, None, None),
        ({"event": "no_such_event"}, None, None, None),
    ],
)
def test_a_measure(
    world: World, people: tuple[int, int, int], measure: dict[str, Any], much: float, one: float, none: float
) -> None:
    wanted = {p: v for p, v in zip(people, (much, one, none), strict=True) if v is not None}
    assert read(world, measure) == wanted


def test_a_sum_of_nothing_is_zero_where_rules_say_so(world: World, people: tuple[int, int, int]) -> None:
    total = {"event": "order_paid", "measure": "sum", "property": "amount"}
    assert read(world, total, none_is_zero=True) == dict(zip(people, (130.5, 0, 0), strict=True))
    assert read(world, {"event": "order_paid"}, none_is_zero=True) == dict(zip(people, (3, 1, 0), strict=True))
    fading = {"fade": "order_paid", "half_life": "P30D"}
    assert read(world, fading, none_is_zero=True)[people[2]] == 0
    average = {"event": "order_paid", "measure": "avg", "property": "amount"}
    assert read(world, average, none_is_zero=True) == {people[0]: 43.5}


WINDOWS: list[dict[str, Any]] = [
    {"last": "P7D"}, {"last": "P1M"}, {"last": "P1M1D"}, {"last": "PT36H"},
    {"from": "2026-03-01", "to": "2026-03-10"}, {"from": "2026-03-01T00:00:00+08:00"}, {"to": "2026-02-15"},
    *({"calendar": unit, "back": back} for unit in ("day", "week", "month", "quarter", "year") for back in (0, 1)),
]  # fmt: skip


@pytest.mark.parametrize("window", WINDOWS)
def test_windows_are_those_of_rules_whatever_the_zone(world: World, window: dict[str, Any]) -> None:
    people = [world.person(zone=zone) for zone in (None, "America/New_York", "Pacific/Auckland")]
    edges = ["2026-03-14", "2026-03-15", "2026-03-08", "2026-02-15", "2026-03-01", "2026-03-10", "2026-01-01"]
    for person in people:
        for day in edges:
            for time in ("00:00:00", "11:59:59", "12:00:00", "13:00:00", "23:59:59"):
                world.did(person, "visit", f"{day}T{time}")
    found = read(world, {"event": "visit", "window": window})
    for person in people:
        assert world.holds({"event": "visit", "op": "eq", "value": found.get(person, 0), "window": window}, person)


def faded(events: list[tuple[datetime, float | None]], half_life: timedelta, *, counts: bool) -> float | None:
    """The definition, event by event."""
    ages = [(NOW - when, value) for when, value in events if when <= NOW]
    terms = [(1 if counts else value) * 0.5 ** (age / half_life) for age, value in ages if counts or value is not None]
    return math.fsum(terms) if terms else None


EVENTS = st.lists(
    st.tuples(
        st.integers(-3 * 24, 400 * 24).map(lambda hours: NOW - timedelta(hours=hours)),
        st.none() | st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 2)),
    ),
    max_size=12,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(EVENTS, min_size=1, max_size=4), st.sampled_from(["P1D", "P30D", "PT36H", "P365D"]), st.booleans())
def test_fading_is_what_plain_python_finds(
    world: World, everybody: list[list[tuple[datetime, float | None]]], half_life: str, counts: bool
) -> None:
    Event.objects.all().delete()
    people = [world.person() for _ in everybody]
    for person, events in zip(people, everybody, strict=True):
        for when, value in events:
            world.did(person, "order_paid", when, **({} if value is None else {"amount": value}))
    measure = {"fade": "order_paid", "half_life": half_life, **({} if counts else {"property": "amount"})}
    found = read(world, measure)
    length = {"P1D": timedelta(1), "P30D": timedelta(30), "PT36H": timedelta(hours=36), "P365D": timedelta(365)}
    for person, events in zip(people, everybody, strict=True):
        wanted = faded(events, length[half_life], counts=counts)
        assert (person in found) == (wanted is not None) or abs(wanted or 0) < 1e-9
        assert found.get(person, 0) == pytest.approx(wanted or 0, rel=1e-9, abs=1e-9)


def test_what_is_older_than_64_half_lives_weighs_nothing(world: World) -> None:
    person = world.person()
    world.did(person, "visit", NOW - timedelta(hours=FADED))
    assert read(world, {"fade": "visit", "half_life": "PT1H"}) == {}
    world.did(person, "visit", NOW - timedelta(hours=FADED) + timedelta(microseconds=1))
    assert 0 < read(world, {"fade": "visit", "half_life": "PT1H"})[person] < 1e-19


def test_absurd_values_spoil_nobody_elses_measure(world: World) -> None:
    for value in (1e308, 5e-324, -1e308, 3):
        person = world.person({"n": value})
        for _ in range(5):
            world.did(person, "visit", NOW - timedelta(days=3), n=value)
    for measure in (
        {"attribute": "n"},
        {"event": "visit", "measure": "sum", "property": "n"},
        {"event": "visit", "measure": "avg", "property": "n"},
        {"fade": "visit", "property": "n", "half_life": "PT2H"},
    ):
        found = list(read(world, measure).values())
        assert len(found) == 4
        assert all(math.isfinite(value) for value in found)


def test_stretches_cover_everybody_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audiences.stretches.FIRST", 3)
    people = {world.person() for _ in range(10)}
    Profile.objects.filter(pk__in=sorted(people)[3:7]).delete()
    found = [(each.first, each.last) for each in stretches(world.cursor)]
    assert all(first <= last for first, last in found)
    assert [first for first, _ in found[1:]] == [last + 1 for _, last in found[:-1]]
    left = set(Profile.objects.values_list("id", flat=True))
    assert all(sum(first <= number <= last for first, last in found) == 1 for number in left)


@pytest.mark.parametrize(
    ("measure", "code", "path"),
    [
        ({}, "not_a_measure", "m"),
        ({"event": "visit", "measure": "sum"}, "missing_key", "m"),
        ({"event": "visit", "measure": "count", "property": "n"}, "unknown_key", "m"),
        ({"fade": "visit", "half_life": "P1M"}, "wrong_value", "m.half_life"),
        ({"fade": "visit", "half_life": "PT0S"}, "wrong_value", "m.half_life"),
        ({"fade": "visit", "half_life": "-P1D"}, "wrong_value", "m.half_life"),
        ({"fade": "visit"}, "missing_key", "m.half_life"),
        ({"attribute": "n", "op": "eq"}, "unknown_key", "m.op"),
    ],
)
def test_what_is_no_measure_is_refused_with_its_place(measure: dict[str, Any], code: str, path: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse_measure(measure, "m")
    assert [(problem.code, problem.path) for problem in caught.value.problems] == [(code, path)]


@pytest.mark.parametrize(
    ("measure", "problems"),
    [
        ({"event": "visit", "window": {"since": "entry"}}, [("journeys_only", "m.window.since")]),
        ({"attribute": "city"}, [("wrong_type", "m.attribute")]),
        ({"tag": "plain"}, [("wrong_type", "m.tag")]),
        ({"tag": "unheard"}, [("unknown_tag", "m.tag")]),
        ({"attribute": "unheard"}, [("unknown_attribute", "m.attribute")]),
        ({"event": "visit", "measure": "sum", "property": "page"}, [("wrong_type", "m.property")]),
        ({"fade": "visit", "property": "page", "half_life": "P1D"}, [("wrong_type", "m.property")]),
        ({"fade": "unheard", "half_life": "P1D"}, [("unknown_event", "m.fade")]),
        (
            {"event": "visit", "where": [{"property": "page", "op": "eq", "value": {"of": "entry", "name": "x"}}]},
            [("journeys_only", "m.where[0].value.of")],
        ),
    ],
)
def test_what_makes_no_sense_here_is_told(
    world: World, measure: dict[str, Any], problems: list[tuple[str, str]]
) -> None:
    world.attribute("city", "text")
    world.event_type("visit", page="text")
    Tag.objects.create(slug="plain")
    found = check_measure(parse_measure(measure), load_catalogue(world.cursor), "m")
    assert [(problem.code, problem.path) for problem in found] == problems


@pytest.mark.parametrize(
    ("measure", "chinese", "english"),
    [
        ({"event": "visit", "window": {"last": "P7D"}}, "近 7 天到访的次数", "number of 到访 in the last 7 days"),
        ({"event": "visit", "measure": "sum", "property": "n"}, "到访的 n 之和", "total n of 到访"),
        ({"event": "visit", "measure": "last"}, "最近一次到访距今天数", "days since the last 到访"),
        ({"event": "visit", "measure": "first"}, "首次到访距今天数", "days since the first 到访"),
        ({"attribute": "points"}, "积分", "积分"),
        ({"tag": "score"}, "评分", "评分"),
        ({"fade": "visit", "half_life": "P30D"}, "到访，每 30 天减半", "到访, halved every 30 days"),
        (
            {"fade": "visit", "property": "n", "half_life": "P30D"},
            "到访的 n，每 30 天减半",
            "n of 到访, halved every 30 days",
        ),
    ],
)
def test_a_measure_is_said_in_words(world: World, measure: dict[str, Any], chinese: str, english: str) -> None:
    world.event_type("visit", n="number")
    EventType.objects.update(label="到访")
    AttributeType.objects.create(name="points", type="number", label="积分")
    Tag.objects.create(slug="score", type="number", label="评分")
    speech = Speech(load_catalogue(world.cursor), ZONE)
    found = parse_measure(measure)
    assert describe(found, speech) == chinese
    with translation.override("en"):
        assert describe(found, speech) == english
