"""Windows over events: which ends are in, whose clock they follow."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.integration.audiences.conftest import NOW, World, at

TINY = timedelta(microseconds=1)


def all_seen(world: World, window: dict[str, Any], *when: datetime) -> list[bool]:
    """The same for several instants, each asked of somebody with one event."""
    world.event_type("visit")
    people = [world.person() for _ in when]
    for person, instant in zip(people, when, strict=True):
        world.did(person, "visit", instant)
    return world.ask({"event": "visit", "window": window}, people)


def seen(world: World, window: dict[str, Any], when: datetime, now: datetime = NOW, **extra: Any) -> bool:
    """Whether an event at that instant is in the window."""
    person = world.person(zone=extra.pop("own_zone", None))
    event = world.did(person, "visit", when)
    if "entered" in extra:
        extra["entry_event"] = [event if extra.pop("by_it", False) else 0]
        extra["since"] = [extra.pop("entered")]
    return world.holds({"event": "visit", "window": window}, person, now, **extra)


@pytest.mark.parametrize(
    ("window", "first", "last"),
    [
        ({"last": "P7D"}, "2026-03-08T12:00:00", "2026-03-15T12:00:00"),
        ({"last": "PT90S"}, "2026-03-15T11:58:30", "2026-03-15T12:00:00"),
        ({"last": "P1M"}, "2026-02-15T12:00:00", "2026-03-15T12:00:00"),
        ({"last": "P1Y"}, "2025-03-15T12:00:00", "2026-03-15T12:00:00"),
        ({"last": "P1M1D"}, "2026-02-14T12:00:00", "2026-03-15T12:00:00"),
        ({"calendar": "day"}, "2026-03-15T00:00:00", "2026-03-15T12:00:00"),
        ({"calendar": "week"}, "2026-03-09T00:00:00", "2026-03-15T12:00:00"),
        ({"calendar": "month", "back": 0}, "2026-03-01T00:00:00", "2026-03-15T12:00:00"),
        ({"from": "2026-03-01"}, "2026-03-01T00:00:00", "2026-03-15T12:00:00"),
        ({"from": "2026-03-01", "to": "2027-01-01"}, "2026-03-01T00:00:00", "2026-03-15T12:00:00"),
    ],
)
def test_a_window_up_to_now_has_both_ends_in(world: World, window: dict[str, Any], first: str, last: str) -> None:
    ends = (at(first) - TINY, at(first), at(last), at(last) + TINY)
    assert all_seen(world, window, *ends) == [False, True, True, False]


@pytest.mark.parametrize(
    ("window", "first", "end"),
    [
        ({"calendar": "day", "back": 1}, "2026-03-14T00:00:00", "2026-03-15T00:00:00"),
        ({"calendar": "week", "back": 2}, "2026-02-23T00:00:00", "2026-03-02T00:00:00"),
        ({"calendar": "month", "back": 1}, "2026-02-01T00:00:00", "2026-03-01T00:00:00"),
        ({"calendar": "month", "back": 15}, "2024-12-01T00:00:00", "2025-01-01T00:00:00"),
        ({"calendar": "quarter", "back": 1}, "2025-10-01T00:00:00", "2026-01-01T00:00:00"),
        ({"calendar": "year", "back": 1}, "2025-01-01T00:00:00", "2026-01-01T00:00:00"),
        ({"from": "2026-03-01", "to": "2026-03-03"}, "2026-03-01T00:00:00", "2026-03-03T00:00:00"),
        ({"from": "2026-03-01T00:00:00Z", "to": "2026-03-02T00:00:00Z"}, "2026-03-01T08:00:00", "2026-03-02T08:00:00"),
    ],
)
def test_a_window_of_the_past_is_half_open(world: World, window: dict[str, Any], first: str, end: str) -> None:
    ends = (at(first) - TINY, at(first), at(end) - TINY, at(end))
    assert all_seen(world, window, *ends) == [False, True, True, False]


def test_a_window_without_a_beginning(world: World) -> None:
    assert seen(world, {"to": "2026-03-01"}, at("2001-01-01T00:00:00"))
    assert not seen(world, {"to": "2026-03-01"}, at("2026-03-01T00:00:00"))


def test_without_a_window_everything_counts(world: World) -> None:
    person = world.person()
    world.did(person, "visit", "2001-01-01T00:00:00")
    assert world.holds({"event": "visit"}, person)


def test_since_entry_counts_from_that_instant_without_the_event_that_let_her_in(world: World) -> None:
    entered, window = at("2026-03-10T10:00:00"), {"since": "entry"}
    assert not seen(world, window, entered, entered=entered, by_it=True)
    assert seen(world, window, entered, entered=entered)
    assert not seen(world, window, entered - TINY, entered=entered)
    assert seen(world, window, NOW, entered=entered)


def test_since_entry_where_the_entry_event_is_not_told(world: World) -> None:
    entered = at("2026-03-10T10:00:00")
    assert not seen(world, {"since": "entry"}, entered, since=[entered])
    assert seen(world, {"since": "entry"}, entered + TINY, since=[entered])


def test_outside_of_a_journey_nothing_is_since_entry(world: World) -> None:
    assert not seen(world, {"since": "entry"}, at("2026-03-14T10:00:00"))


def test_months_and_days_follow_her_own_clock(world: World) -> None:
    yesterday = {"calendar": "day", "back": 1}
    when = at("2026-03-15T06:00:00+00:00")
    # 20:00 UTC on the 15th is the 16th in Shanghai and still the 15th in New York.
    now = at("2026-03-15T20:00:00+00:00")
    assert seen(world, yesterday, when, now)
    assert not seen(world, yesterday, when, now, own_zone="America/New_York")
    assert seen(world, {"calendar": "day"}, when, now, own_zone="America/New_York")
    assert seen(world, {"calendar": "day"}, when, now, zone="America/New_York")


def test_a_month_is_one_on_the_wall_clock_also_over_the_change_of_the_clocks(world: World) -> None:
    # Berlin's clocks went forward on 29 March 2026: 10 April 12:00 is 10:00 UTC, 10 March 12:00 was 11:00 UTC.
    now, first = at("2026-04-10T10:00:00+00:00"), at("2026-03-10T11:00:00+00:00")
    assert seen(world, {"last": "P1M"}, first, now, own_zone="Europe/Berlin")
    assert not seen(world, {"last": "P1M"}, first - TINY, now, own_zone="Europe/Berlin")
    # Thirty-one days are not a month: they are exact.
    assert seen(world, {"last": "P31D"}, first - timedelta(hours=1), now, own_zone="Europe/Berlin")


def test_a_midnight_that_comes_twice_is_the_first(world: World) -> None:
    # Havana's clocks went back at 01:00 on 1 November 2026: 00:00 to 01:00 came twice, from 04:00 and 05:00 UTC.
    now, first = at("2026-11-01T12:00:00+00:00"), at("2026-11-01T04:00:00+00:00")
    assert seen(world, {"calendar": "day"}, first, now, own_zone="America/Havana")
    assert not seen(world, {"calendar": "day"}, first - TINY, now, own_zone="America/Havana")


def test_a_midnight_that_is_skipped(world: World) -> None:
    # Havana's clocks went from 00:00 to 01:00 on 8 March 2026, at 05:00 UTC: the day began then.
    now, first = at("2026-03-08T12:00:00+00:00"), at("2026-03-08T05:00:00+00:00")
    assert seen(world, {"calendar": "day"}, first, now, own_zone="America/Havana")
    assert not seen(world, {"calendar": "day"}, first - TINY, now, own_zone="America/Havana")


def test_the_last_day_of_a_short_month(world: World) -> None:
    now, first = at("2026-03-31T12:00:00"), at("2026-02-28T12:00:00")
    assert seen(world, {"last": "P1M"}, first, now)
    assert not seen(world, {"last": "P1M"}, first - TINY, now)
