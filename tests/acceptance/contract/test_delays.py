"""Contract, nodes `delay.for` and `delay.until`, and their details. Each case names the sentence it is about."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.drawing import Drawn, Json, attributes, draw, event, node, person, start
from tests.acceptance.reading import exits, left, ways
from tests.acceptance.run import Replay

LONDON = "Europe/London"
FROM_ENTRY: Json = {"from": "entry"}


def delay(kind: str = "for", **config: Any) -> Drawn:
    return node("delay", f"delay.{kind}", dict(config))


def until(replay: Replay, at: str, zone: str = "Asia/Shanghai", own: Json | None = None, **config: Any) -> str | None:
    """When somebody who enters at `at` leaves the delay."""
    canvas = draw(start(), delay("until", **config), zone=zone)
    declared = attributes(birthday="date", joined="datetime")
    results = replay([canvas], profiles=[person(attributes=own or {})], events=[event(at)], workspace=declared)
    return left(results, "delay")


def after(replay: Replay, at: str, zone: str = "Asia/Shanghai", **config: Any) -> str | None:
    canvas = draw(start(), delay(**config), zone=zone)
    return left(replay([canvas], profiles=[person()], events=[event(at)]), "delay")


def test_a_day_in_a_delay_is_24_hours(replay: Replay) -> None:
    """§1: A day in a delay is 24 h unless the node says calendar days. (The clocks went forward on 27 March.)"""
    assert after(replay, "2011-03-26T12:00Z", LONDON, duration="P1D") == "2011-03-27T12:00"


def test_calendar_days_count_dates_in_the_zone(replay: Replay) -> None:
    """§3: `days calendar` counts dates in the zone: P1D from any time on Monday is Tuesday, at 00:00."""
    assert after(replay, "2026-03-02T10:30+08:00", duration="P1D", days="calendar") == "2026-03-02T16:00"


def test_calendar_days_end_at_then_at(replay: Replay) -> None:
    """§3: … P1D from any time on Monday is Tuesday, at `then_at`."""
    at = after(replay, "2026-03-02T23:59+08:00", duration="P1D", days="calendar", then_at="09:00")
    assert at == "2026-03-03T01:00"


def test_calendar_days_over_a_clock_change(replay: Replay) -> None:
    """§3: `days calendar` counts dates in the zone: 09:00 is 09:00 on both sides of a clock change."""
    at = after(replay, "2011-03-26T09:00Z", LONDON, duration="P1D", days="calendar", then_at="09:00")
    assert at == "2011-03-27T08:00"


def test_then_at_waits_the_whole_duration_first(replay: Replay) -> None:
    """§3: `then_at` waits the whole duration, then until the next such time of day."""
    assert after(replay, "2026-03-02T11:00+08:00", duration="P1D", then_at="10:00") == "2026-03-04T02:00"


def test_then_at_met_exactly_passes(replay: Replay) -> None:
    """§3: `then_at` waits the whole duration, then until the next such time of day: there already."""
    assert after(replay, "2026-03-02T10:00+08:00", duration="P1D", then_at="10:00") == "2026-03-03T02:00"


def test_a_month_is_a_calendar_month(replay: Replay) -> None:
    """§1: `P1M` = calendar month; from the 31st it ends on the last day of February."""
    assert after(replay, "2026-01-31T10:00+08:00", duration="P1M") == "2026-02-28T02:00"


def test_a_month_keeps_the_local_time(replay: Replay) -> None:
    """§1: `P1M` = calendar month, in the zone: 10:00 stays 10:00 over a clock change."""
    assert after(replay, "2011-03-10T10:00Z", LONDON, duration="P1M") == "2011-04-10T09:00"


def test_until_a_time_today(replay: Replay) -> None:
    """§3: `delay.until` `time` HH:MM, in the zone of the profile, else of the journey."""
    assert until(replay, "2026-03-02T08:00+08:00", time="10:00") == "2026-03-02T02:00"


def test_until_a_time_that_is_over_today(replay: Replay) -> None:
    """§3: `delay.until` `time` HH:MM never waits into the past."""
    assert until(replay, "2026-03-02T10:00:01+08:00", time="10:00") == "2026-03-03T02:00"


def test_arriving_exactly_passes_at_once(replay: Replay) -> None:
    """§3: A person who arrives exactly at the time that `delay.until` names passes at once."""
    assert until(replay, "2026-03-02T10:00+08:00", time="10:00") == "2026-03-02T02:00"


def test_weekdays_are_iso_numbers(replay: Replay) -> None:
    """§3: Weekdays are ISO numbers, 1 = Monday. (2 March 2026 is one.)"""
    assert until(replay, "2026-03-02T12:00+08:00", time="10:00", weekdays=[1, 7]) == "2026-03-08T02:00"


def test_weekdays_without_a_time_mean_midnight(replay: Replay) -> None:
    """§3: `delay.until` without `time` means 00:00 of a day reached."""
    assert until(replay, "2026-03-02T12:00+08:00", weekdays=[3]) == "2026-03-03T16:00"


def test_working_days_skip_a_public_holiday(replay: Replay) -> None:
    """§3: Working days follow the mainland-China calendar of public holidays: 1 to 8 October 2025 were off."""
    assert until(replay, "2025-09-30T12:00+08:00", time="10:00", workday=True) == "2025-10-09T02:00"


def test_make_up_days_are_working_days(replay: Replay) -> None:
    """§3: … and make-up days: Saturday, 11 October 2025, was worked."""
    assert until(replay, "2025-10-10T12:00+08:00", time="10:00", workday=True) == "2025-10-11T02:00"


def test_only_a_make_up_day_is_a_worked_week_end(replay: Replay) -> None:
    """§3: `weekdays` and `workday` together: the next worked Saturday or Sunday is that of 11 October 2025."""
    at = until(replay, "2025-10-05T12:00+08:00", time="10:00", workday=True, weekdays=[6, 7])
    assert at == "2025-10-11T02:00"


def test_an_unknown_year_has_monday_to_friday(replay: Replay) -> None:
    """§3: in a year that the calendar does not know, Monday to Friday. (1 October 2003 is a Wednesday.)"""
    assert until(replay, "2003-09-30T12:00+08:00", time="10:00", workday=True) == "2003-10-01T02:00"


def test_a_date_attribute_with_offset_and_time(replay: Replay) -> None:
    """§3: `attribute` + `offset` + `time`; §3 fine print: plain dates are local days."""
    at = until(
        replay, "2026-03-01T00:00Z", own={"birthday": "2026-03-20"}, attribute="birthday", offset="-P7D", time="09:30"
    )
    assert at == "2026-03-13T01:30"


def test_a_date_attribute_without_time_is_midnight(replay: Replay) -> None:
    """§3: `delay.until` without `time` means 00:00 of a day reached."""
    own = {"birthday": "2011-04-10"}
    assert until(replay, "2011-03-01T00:00Z", LONDON, own, attribute="birthday", offset="P1D") == "2011-04-10T23:00"


def test_an_instant_attribute_keeps_its_own_time(replay: Replay) -> None:
    """§3: … or the attribute's own time."""
    own = {"joined": "2026-03-01T12:34:56+00:00"}
    assert until(replay, "2026-03-02T00:00Z", own=own, attribute="joined", offset="P7D") == "2026-03-08T12:34:56"


def test_an_instant_attribute_with_a_time(replay: Replay) -> None:
    """§3: `attribute` + `offset` + `time`: that time, on the local day that the offset reaches."""
    own = {"joined": "2026-03-01T20:00:00+00:00"}
    assert (
        until(replay, "2026-03-02T00:00Z", own=own, attribute="joined", offset="P7D", time="10:00")
        == "2026-03-09T02:00"
    )


def test_from_entry_counts_from_entry(replay: Replay) -> None:
    """§3: `from entry` + `offset` + `time`: T+7 whatever came between."""
    canvas = draw(
        start(),
        node("nap", "delay.for", {"duration": "P3D"}),
        delay("until", **FROM_ENTRY, offset="P7D", time="10:00"),
    )
    results = replay([canvas], profiles=[person()], events=[event("2026-03-01T15:00+08:00")])
    assert left(results, "delay") == "2026-03-08T02:00"


def test_from_entry_without_time_keeps_the_time_of_entry(replay: Replay) -> None:
    """§3: `from entry` + `offset`: the entry is an instant, like an attribute with its own time."""
    assert until(replay, "2026-03-01T15:00+08:00", offset="P7D", **FROM_ENTRY) == "2026-03-08T07:00"


def past(replay: Replay, **config: Any) -> tuple[str, Json]:
    ends = [node("late", "exit"), node("fine", "exit")]
    ways_out = {"next": "fine", "past": "late"} if config.pop("wired", True) else {"next": "fine"}
    there = node("delay", "delay.until", {"attribute": "birthday", **config}, **ways_out)
    canvas = draw(start(), there, *(ends if "past" in ways_out else ends[1:]))
    own = {"birthday": "2026-02-01"} if config.get("offset") != "P1D" else {}
    results = replay(
        [canvas],
        profiles=[person(attributes=own)],
        events=[event("2026-03-01T00:00Z")],
        workspace=attributes(birthday="date"),
    )
    return ways(results), exits(results)


def test_if_past_proceeds_by_default(replay: Replay) -> None:
    """§3 fine print: Where values are listed, the first is the default: `if_past proceed`."""
    assert past(replay)[0] == "start:next delay:next fine:-"


def test_if_past_exit_ends_as_completed(replay: Replay) -> None:
    """§3 fine print: `if_past exit` … end as `completed`."""
    assert past(replay, if_past="exit") == ("start:next delay:-", {"completed": 1})


def test_if_past_port(replay: Replay) -> None:
    """§3: `if_past proceed|exit|port`, ports `next`, `past`."""
    assert past(replay, if_past="port")[0] == "start:next delay:past late:-"


def test_if_past_port_without_an_edge_falls_back(replay: Replay) -> None:
    """§3: A port without an edge: optional ports fall back to `next`."""
    assert past(replay, if_past="port", wired=False)[0] == "start:next delay:next fine:-"


def test_a_missing_attribute_counts_as_past(replay: Replay) -> None:
    """§3 fine print: a missing attribute counts as past."""
    assert past(replay, if_past="port", offset="P1D")[0] == "start:next delay:past late:-"


@pytest.mark.parametrize(("own", "expected"), [("Europe/London", "2026-03-02T10:00"), (None, "2026-03-02T15:00")])
def test_zone_order_of_a_delay(replay: Replay, own: str | None, expected: str) -> None:
    """§3 fine print: Zones. Profile's, else the journey's `settings.zone`, else the workspace's."""
    canvas = draw(start(), delay("until", time="10:00"), zone="America/New_York")
    results = replay([canvas], profiles=[person(zone=own) if own else person()], events=[event("2026-03-02T00:00Z")])
    assert left(results, "delay") == expected


def test_the_workspaces_zone_is_the_last_resort(replay: Replay) -> None:
    """§1: else the workspace's (default `Asia/Shanghai`)."""
    canvas = draw(start(), delay("until", time="10:00"))
    results = replay([canvas], profiles=[person()], events=[event("2026-03-02T00:00Z")])
    assert left(results, "delay") == "2026-03-02T02:00"
