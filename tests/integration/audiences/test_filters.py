"""Filters on events at hand, the first stored event that passes some, and everybody for whom a rule holds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter

from audiences.models import Profile
from audiences.rules import (
    EventRows,
    Filter,
    compile_rule,
    evaluate_filters,
    first_match,
    load_catalogue,
    parse_rule,
    select_sql,
)
from itinera.kit.errors import Refusal
from itinera.kit.wire import NEVER, micros, moment
from tests.integration.audiences.conftest import NOW, World, at


def filters(*parts: dict[str, Any]) -> list[Filter]:
    return TypeAdapter(list[Filter]).validate_python(parts)


def ids(*numbers: int) -> Any:
    return np.array(numbers, dtype=np.int64)


def instants(*texts: str) -> Any:
    return np.array([micros(at(text)) for text in texts], dtype=np.int64)


def test_events_at_hand_with_all_that_a_filter_can_point_to(world: World) -> None:
    ann, bob = world.person({"city": "上海"}), world.person({"city": "北京"})
    rows = EventRows(
        ids(ann, bob, ann, bob),
        ['{"city": "上海", "n": 1}', b'{"city": "\xe4\xb8\x8a\xe6\xb5\xb7", "n": 5}', {"n": 5}, "{}"],
        [None, '{"entry": {"n": 5}}', {"entry": {"n": 5}, "answer": {"n": 1}}, None],
    )

    def asked(*parts: dict[str, Any]) -> list[bool]:
        found: list[bool] = evaluate_filters(world.cursor, filters(*parts), "order_paid", rows).tolist()
        return found

    assert asked() == [True] * 4
    assert asked({"property": "n", "op": "gte", "value": 2}) == [False, True, True, False]
    assert asked({"property": "city", "op": "eq", "value": {"of": "profile", "name": "city"}}) == [
        True,
        False,
        False,
        False,
    ]
    assert asked({"property": "n", "op": "eq", "value": {"of": "entry", "name": "n"}}) == [False, True, True, False]
    assert asked({"property": "n", "op": "gt", "value": {"of": "answer", "name": "n"}}) == [False, False, True, False]
    assert asked({"property": "n", "op": "is_set"}, {"property": "city", "op": "not_set"}) == [
        False,
        False,
        True,
        False,
    ]


def test_dates_of_events_at_hand_count_from_the_instant_that_is_given(world: World) -> None:
    person = world.person()
    part = {"property": "due", "op": "in_next", "value": "P7D"}
    rows = EventRows(ids(person), ['{"due": "2026-03-20"}'], [None], at=instants("2026-03-15T12:00:00"))
    assert evaluate_filters(world.cursor, filters(part), "e", rows).tolist() == [True]
    without = EventRows(ids(person), ['{"due": "2026-03-20"}'], [None])
    assert evaluate_filters(world.cursor, filters(part), "e", without).tolist() == [False]


def test_a_filter_that_does_not_suit_a_declared_type_is_refused(world: World) -> None:
    world.event_type("order_paid", amount="money")
    rows = EventRows(ids(1), ["{}"], [None])
    with pytest.raises(Refusal) as caught:
        evaluate_filters(
            world.cursor, filters({"property": "amount", "op": "contains", "value": "x"}), "order_paid", rows
        )
    assert [(p.code, p.path) for p in caught.value.problems] == [("unknown_operator", "where[0].op")]


def test_no_rows(world: World) -> None:
    rows = EventRows(ids(), [], [])
    assert evaluate_filters(world.cursor, filters({"property": "n", "op": "is_set"}), "e", rows).tolist() == []
    assert first_match(world.cursor, "e", (), ids(), ids(), ids()).at.tolist() == []


def test_the_first_event_in_a_half_open_stretch(world: World) -> None:
    ann, bob, eve = world.person({"n": 2}), world.person({"n": 9}), world.person()
    first = world.did(ann, "paid", "2026-03-10T10:00:00", n=1)
    world.did(ann, "paid", "2026-03-10T10:00:00", n=2)
    world.did(ann, "paid", "2026-03-11T10:00:00", n=3)
    world.did(bob, "paid", "2026-03-12T10:00:00", n=9)
    people = ids(ann, bob, eve, ann)
    start = instants(*["2026-03-10T10:00:00"] * 3, "2026-03-10T10:00:01")
    stop = instants("2026-04-01T00:00:00", "2026-03-12T10:00:00", "2026-04-01T00:00:00", "2026-04-01T00:00:00")

    def found(*parts: dict[str, Any], **extra: Any) -> list[tuple[datetime | None, Any]]:
        match = first_match(world.cursor, "paid", filters(*parts), people, start, stop, **extra)
        return [
            (None if when == NEVER else moment(when), p)
            for when, p in zip(match.at.tolist(), match.properties, strict=True)
        ]

    ten, eleven = at("2026-03-10T10:00:00"), at("2026-03-11T10:00:00")
    assert found() == [(ten, {"n": 1}), (None, None), (None, None), (eleven, {"n": 3})]
    assert found({"property": "n", "op": "gte", "value": 2})[0] == (ten, {"n": 2})
    assert found({"property": "n", "op": "eq", "value": {"of": "profile", "name": "n"}})[0] == (ten, {"n": 2})
    data = [{"entry": {"n": 3}}, None, None, None]
    assert found({"property": "n", "op": "eq", "value": {"of": "entry", "name": "n"}}, data=data)[0] == (
        eleven,
        {"n": 3},
    )
    assert found(entry_event=ids(first, 0, 0, 0))[0] == (ten, {"n": 2})
    assert found(data=[{"used": [first]}, None, None, None])[0] == (ten, {"n": 2})
    assert first_match(world.cursor, "paid", (), people, start, stop).event.tolist()[0] == first
    assert first_match(world.cursor, "never", (), people, start, stop).at.tolist() == [NEVER] * 4


def test_everybody_for_whom_a_rule_holds(world: World) -> None:
    rich = [world.person({"spent": n}, zone="Europe/Berlin" if n % 2 else None) for n in range(6)]
    for person in rich[3:]:
        world.did(person, "paid", "2026-03-14T23:30:00+08:00", amount=10)
    world.person()

    def chosen(rule: dict[str, Any]) -> list[int]:
        compiled = compile_rule(parse_rule(rule), load_catalogue(world.cursor))
        sql, params = select_sql(compiled, NOW, "Asia/Shanghai")
        world.cursor.execute(sql, params)
        rows = world.cursor.fetchall()
        assert all(shard == number % 64 for number, shard in rows)
        return sorted(number for number, _ in rows)

    assert chosen({"attribute": "spent", "op": "gte", "value": 4}) == rich[4:]
    assert chosen({"event": "paid", "measure": "sum", "property": "amount", "op": "gte", "value": 10}) == rich[3:]
    assert chosen({"event": "paid", "window": {"calendar": "day", "back": 1}}) == rich[3:]
    assert chosen({"event": "paid", "window": {"last": "P1M"}}) == rich[3:]
    assert len(chosen({"event": "paid", "op": "eq", "value": 0})) == Profile.objects.count() - 3
    assert chosen({"event": "paid", "window": {"since": "entry"}}) == []
    assert len(chosen({"all": []})) == Profile.objects.count()
