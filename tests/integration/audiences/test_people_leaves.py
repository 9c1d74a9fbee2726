"""Leaves that ask about the person herself: tags, identities, consent, and the clock of her zone."""

from __future__ import annotations

from typing import Any

import pytest

from audiences.models import Profile, Tag
from audiences.rules import JOURNEY, check_rule, load_catalogue, parse_rule
from tests.integration.audiences.conftest import Case, World, at


def problems(world: World, rule: dict[str, Any]) -> list[tuple[str, str | None]]:
    found = check_rule(parse_rule(rule), load_catalogue(world.cursor), place=JOURNEY)
    return [(each.code, each.path) for each in found]


def test_a_tag_is_there_or_not(world: World) -> None:
    Tag.objects.create(slug="vip")
    Tag.objects.create(slug="tier", type="text")
    has, not_ = {"tag": "vip", "op": "has"}, {"tag": "vip", "op": "has_not"}
    world.batch([
        Case(has, True, tags={"vip": True}), Case(not_, False, tags={"vip": True}),
        Case(has, False), Case(not_, True), Case(has, False, tags={"vip": None}), Case(has, False, tags={"vi": True}),
        Case({"tag": "tier", "op": "has"}, True, tags={"tier": "gold"}),
        Case({"tag": "tier", "op": "has_not"}, True, tags={"vip": True}),
        Case({"tag": "tier", "op": "eq", "value": "gold"}, True, tags={"tier": "gold"}),
        Case({"tag": "tier", "op": "ne", "value": "gold"}, True),
        Case({"tag": "nobody_made_it", "op": "has"}, True, tags={"nobody_made_it": 3}),
        Case({"tag": "nobody_made_it", "op": "gte", "value": 3}, True, tags={"nobody_made_it": 3}),
    ])  # fmt: skip


def test_a_list_of_a_tag_is_asked_for_members(world: World) -> None:
    Tag.objects.create(slug="likes", type="list")
    world.batch([
        Case({"tag": "likes", "op": "has", "value": "tea"}, True, tags={"likes": ["tea"]}),
        Case({"tag": "likes", "op": "has", "value": "milk"}, False, tags={"likes": ["tea"]}),
        Case({"tag": "likes", "op": "has"}, True, tags={"likes": []}),
    ])  # fmt: skip


def test_what_a_tag_cannot_be_asked(world: World) -> None:
    Tag.objects.create(slug="vip")
    Tag.objects.create(slug="tier", type="text")
    assert problems(world, {"tag": "vip", "op": "eq", "value": "x"}) == [("unknown_operator", "op")]
    assert problems(world, {"tag": "vip", "op": "has_not", "value": "x"}) == [("wrong_value", "value")]
    assert problems(world, {"tag": "tier", "op": "gt", "value": 5}) == [("unknown_operator", "op")]
    assert problems(world, {"tag": "new", "op": "has"}) == [("unknown_tag", "tag")]
    assert problems(world, {"tag": "vip", "op": "has"}) == []


def test_identities_are_there_or_not(world: World) -> None:
    def rule(op: str, kind: str = "phone") -> dict[str, Any]:
        return {"identity": kind, "op": op}

    world.batch([
        Case(rule("is_set"), True, identities=["phone"]), Case(rule("not_set"), False, identities=["phone"]),
        Case(rule("is_set"), False, identities=["email"]), Case(rule("not_set"), True, identities=["email"]),
        Case(rule("is_set", "loyalty_card"), True, identities=["loyalty_card", "phone"]),
        Case({"all": [rule("is_set"), rule("not_set", "email")]}, True, identities=["phone"]),
        Case({"any": [rule("is_set"), rule("is_set", "email")]}, False),
    ])  # fmt: skip


def test_consent_is_given_withdrawn_or_not_known(world: World) -> None:
    def rule(said: str, channel: str = "sms") -> dict[str, Any]:
        return {"consent": channel, "category": "marketing", "is": said}

    given, withdrawn = {"sms": {"marketing": True}}, {"sms": {"marketing": False}}
    other, empty = {"email": {"marketing": True}}, {"sms": {}}
    world.batch([
        Case(rule(said), said == expected, consent=consent)
        for consent, expected in (
            (given, "given"), (withdrawn, "withdrawn"), (other, "unknown"), (empty, "unknown"), ({}, "unknown")
        )
        for said in ("given", "withdrawn", "unknown")
    ])  # fmt: skip
    assert problems(world, rule("given", "pigeon")) == [("unknown_channel", "consent")]


@pytest.mark.parametrize(
    ("clock", "op", "value", "now", "expected"),
    [
        ("time", "between", ["09:00", "21:00"], "2026-03-11T09:00:00", True),
        ("time", "between", ["09:00", "21:00"], "2026-03-11T21:00:00", True),
        ("time", "between", ["09:00", "21:00"], "2026-03-11T21:00:00.000001", False),
        ("time", "between", ["21:00", "08:00"], "2026-03-11T23:30:00", True),
        ("time", "between", ["21:00", "08:00"], "2026-03-11T08:00:00", True),
        ("time", "between", ["21:00", "08:00"], "2026-03-11T12:00:00", False),
        ("time", "not_between", ["21:00", "08:00"], "2026-03-11T12:00:00", True),
        ("time", "before", "10:30:15", "2026-03-11T10:30:14", True),
        ("time", "before", "10:30:15", "2026-03-11T10:30:15", False),
        ("time", "after", "10:30", "2026-03-11T10:30:01", True),
        ("weekday", "eq", 3, "2026-03-11T00:00:00", True),
        ("weekday", "ne", 3, "2026-03-11T23:59:59", False),
        ("weekday", "in", [6, 7], "2026-03-15T12:00:00", True),
        ("weekday", "not_in", [6, 7], "2026-03-15T12:00:00", False),
        ("date", "on", "2026-11-11", "2026-11-11T00:00:00", True),
        ("date", "on", "2026-11-11", "2026-11-12T00:00:00", False),
        ("date", "between", ["2026-11-01", "2026-11-11"], "2026-11-11T23:59:00", True),
        ("date", "before", "2026-11-11", "2026-11-11T00:00:00", False),
        ("date", "after", "2026-11-11", "2026-11-12T00:00:00", True),
        # National Day of 2026 is free; Saturday 10 October is worked for it; a Sunday of 2099 is a Sunday.
        ("workday", "eq", True, "2026-10-01T12:00:00", False),
        ("workday", "eq", True, "2026-10-10T12:00:00", True),
        ("workday", "eq", False, "2026-10-11T12:00:00", True),
        ("workday", "eq", True, "2099-03-15T12:00:00", False),
        ("workday", "eq", True, "2099-03-16T12:00:00", True),
    ],
)
def test_the_clock(world: World, clock: str, op: str, value: Any, now: str, expected: bool) -> None:
    assert world.holds({"clock": clock, "op": op, "value": value}, world.person(), at(now)) is expected


def test_the_clock_is_that_of_her_zone(world: World) -> None:
    people = [world.person(zone=zone) for zone in (None, "America/Los_Angeles", "Asia/Kathmandu")]
    now = at("2026-03-16T01:00:00")  # Sunday, 10:00 in Los Angeles
    assert world.ask({"clock": "weekday", "op": "eq", "value": 1}, people, now) == [True, False, False]
    assert world.ask({"clock": "time", "op": "before", "value": "12:00"}, people, now) == [True, True, False]
    assert world.ask({"clock": "date", "op": "on", "value": "2026-03-15"}, people, now) == [False, True, True]
    assert world.ask({"clock": "workday", "op": "eq", "value": True}, people, now) == [True, False, False]


@pytest.mark.parametrize(
    ("rule", "code", "path"),
    [
        ({"clock": "time", "op": "eq", "value": "10:00"}, "unknown_operator", "op"),
        ({"clock": "time", "op": "before", "value": "25:00"}, "wrong_value", "value"),
        ({"clock": "time", "op": "between", "value": ["10:00"]}, "wrong_value", "value"),
        ({"clock": "weekday", "op": "eq", "value": 8}, "wrong_value", "value"),
        ({"clock": "weekday", "op": "gt", "value": 3}, "unknown_operator", "op"),
        ({"clock": "date", "op": "in_last", "value": "P7D"}, "unknown_operator", "op"),
        ({"clock": "workday", "op": "eq", "value": "yes"}, "wrong_value", "value"),
    ],
)
def test_what_a_clock_cannot_be_asked(world: World, rule: dict[str, Any], code: str, path: str) -> None:
    assert problems(world, rule) == [(code, path)]


def test_who_has_no_profile_has_nothing(world: World) -> None:
    nobody = [999_999_999]
    assert world.ask({"tag": "vip", "op": "has_not"}, nobody) == [True]
    assert world.ask({"identity": "phone", "op": "not_set"}, nobody) == [True]
    assert world.ask({"consent": "sms", "category": "marketing", "is": "unknown"}, nobody) == [True]
    assert not Profile.objects.exists()
