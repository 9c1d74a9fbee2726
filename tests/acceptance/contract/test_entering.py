"""Contract: triggers, re-entry, filter, holdout, and the span of a replay."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from tests.acceptance.drawing import Json, attributes, draw, event, node, person, sms, start
from tests.acceptance.oracle.canvas import bucket
from tests.acceptance.oracle.times import instant
from tests.acceptance.reading import exits, left, messages, walks, ways
from tests.acceptance.run import Replay

DAYS = [f"2026-03-0{day}T10:00+08:00" for day in range(1, 10)]
NAP = node("nap", "delay.for", {"duration": "P2D"})
SALT = "6f1c0b2a9d3e4f5a8b7c6d5e4f3a2b1c"


def entered(replay: Replay, *days: int, lines: list[Json] | None = None, **reentry: Any) -> list[str | None]:
    """On which days somebody who pays on `days` enters; each walk takes two days."""
    canvas = draw(start(), NAP, reentry=reentry) if reentry else draw(start(), NAP)
    paid = lines or [event(DAYS[day - 1]) for day in days]
    return [(at or "")[8:10] for at in walks(replay([canvas], profiles=[person()], events=paid))]


def test_re_entry_never_is_the_default(replay: Replay) -> None:
    """§3 fine print: settings default as in the example, re-entry to `never`."""
    assert entered(replay, 1, 5) == ["01"]


def test_re_entry_after_exit(replay: Replay) -> None:
    """§3: `after_exit` allows one live enrolment per person."""
    assert entered(replay, 1, 2, 4, policy="after_exit") == ["01", "04"]


def test_re_entry_is_asked_before_anybody_walks_on(replay: Replay) -> None:
    """§5: events of one instant come before due steps: on day 3 at 10:00 she is still inside."""
    assert entered(replay, 1, 3, policy="after_exit") == ["01"]


def test_re_entry_interval_counts_from_the_last_entry(replay: Replay) -> None:
    """§3: `interval` counts from the last entry. Fine print: Exactly `interval` later may enter."""
    assert entered(replay, 1, 4, 5, 8, 9, policy="interval", interval="P4D") == ["01", "05", "09"]


def test_re_entry_interval_needs_her_to_be_out(replay: Replay) -> None:
    """§3: Policy `never`, `after_exit` and `interval` allow one live enrolment per person."""
    assert entered(replay, 1, 2, 4, policy="interval", interval="P1D") == ["01", "04"]


def test_re_entry_always_allows_many(replay: Replay) -> None:
    """§3: `always` allows many."""
    lines = [event(DAYS[0]), event(DAYS[0]), event(DAYS[1])]
    assert entered(replay, lines=lines, policy="always") == ["01", "01", "02"]


def test_a_key_makes_it_one_per_key(replay: Replay) -> None:
    """§3: `reentry.key` names an entry-event property: one live enrolment per key instead of one per person."""
    lines = [event(DAYS[0], order="A"), event(DAYS[1], order="B"), event(DAYS[1], order="A"), event(DAYS[4], order="A")]
    assert entered(replay, lines=lines, policy="after_exit", key="order") == ["01", "02", "05"]


def test_never_with_a_key_is_once_per_key(replay: Replay) -> None:
    """§3: Policy `never` … per person (and key)."""
    lines = [event(DAYS[0], order="A"), event(DAYS[4], order="A"), event(DAYS[5], order="B")]
    assert entered(replay, lines=lines, policy="never", key="order") == ["01", "06"]


def test_a_trigger_filters_its_events(replay: Replay) -> None:
    """§3: `trigger.event` `event`, `where[]`."""
    canvas = draw(start(where=[{"property": "amount", "op": "gte", "value": 100}]), NAP)
    lines = [event(DAYS[0], amount=99.99), event(DAYS[1], amount=100)]
    assert walks(replay([canvas], profiles=[person()], events=lines)) == ["2026-03-02T02:00"]


def test_who_fails_the_entry_filter(replay: Replay) -> None:
    """§3 fine print: Who fails `entry.filter` is in no node's `in`, only in `exits.filtered`."""
    canvas = draw(start(), NAP, entry={"filter": {"attribute": "city", "op": "eq", "value": "A"}})
    results = replay([canvas], profiles=[person()], events=[event(DAYS[0])], workspace=attributes(city="text"))
    assert (results.steps, exits(results)) == ([], {"filtered": 1})
    assert results.nodes["welcome"]["nodes"]["start"]["in"] == 0


def test_the_filter_sees_all_lines_of_the_instant(replay: Replay) -> None:
    """§3 fine print: a rule sees all lines of the instant: two first orders at once are no first order."""
    first = {"event": "order_paid", "op": "eq", "value": 1}
    canvas = draw(start(), NAP, entry={"filter": first})
    assert walks(replay([canvas], profiles=[person()], events=[event(DAYS[0])])) == ["2026-03-01T02:00"]
    assert walks(replay([canvas], profiles=[person()], events=[event(DAYS[0]), event(DAYS[0])])) == []


IN, OUT = (
    next(f"M{n}" for n in range(1, 999) if bucket(SALT, f"M{n}") < 1_000 <= bucket(SALT, f"member_id:M{n}")),
    next(f"M{n}" for n in range(1, 999) if bucket(SALT, f"member_id:M{n}") < 1_000 <= bucket(SALT, f"M{n}")),
)
"""One in the holdout of ten per cent, one not; it would be the other way round if the unit were another text."""
HOLDOUT = {"holdout": {"salt": SALT, "percent": 10}}


def test_the_holdout_leaves_at_entry(replay: Replay) -> None:
    """§3 fine print: Holdout hashes the profile's own unit …; with `entry.holdout` true she leaves at entry so."""
    canvas = draw(start(), sms())
    lines = [event(DAYS[0], member=IN), event(DAYS[0], member=OUT)]
    results = replay([canvas], profiles=[person(IN), person(OUT)], events=lines, workspace=HOLDOUT)
    assert exits(results) == {"holdout": 1, "completed": 1}
    assert (messages(results, IN), messages(results, OUT)) == ([], ["2026-03-01T02:00 sent"])


def test_else_the_holdouts_messages_are_refused(replay: Replay) -> None:
    """§3 fine print: … else her messages are refused so."""
    canvas = draw(start(), sms(transactional=True), entry={"holdout": False})
    results = replay([canvas], profiles=[person(IN)], events=[event(DAYS[0], member=IN)], workspace=HOLDOUT)
    assert messages(results, IN) == ["2026-03-01T02:00 skipped:holdout"]
    assert exits(results) == {"completed": 1}


def test_a_goal_of_the_held_out_counts(replay: Replay) -> None:
    """§3: a goal met after the walk has ended, but within, still counts: what the holdout is there to measure."""
    goal = {"when": {"event": "order_paid", "where": []}, "value": "amount", "within": "P5D", "exit": True}
    lines = [event(DAYS[0], "login", IN), event(DAYS[1], member=IN)]
    results = replay([draw(start("login"), NAP, goal=goal)], profiles=[person(IN)], events=lines, workspace=HOLDOUT)
    assert (exits(results), results.nodes["welcome"]["goals"]) == ({"holdout": 1}, 1)


def test_re_entry_remembers_the_held_out(replay: Replay) -> None:
    """§3 fine print: she leaves at entry: she has entered, and does so once under `never`."""
    lines = [event(DAYS[0], member=IN), event(DAYS[1], member=IN)]
    results = replay([draw(start(), NAP)], profiles=[person(IN)], events=lines, workspace=HOLDOUT)
    assert exits(results) == {"holdout": 1}


def test_a_schedule_reads_the_rule_at_that_moment(replay: Replay) -> None:
    """§3: `trigger.schedule` `at` T; each run reads the audience at that moment."""
    vip = {"attribute": "level", "op": "eq", "value": "vip"}
    canvas = draw(node("start", "trigger.schedule", {"rule": vip, "at": DAYS[4]}), NAP)
    later = {"member_id": "M2", "attributes": {"level": "vip"}, "updated": DAYS[5]}
    sooner = {"member_id": "M3", "attributes": {"level": "vip"}, "updated": DAYS[4]}
    profiles = [person(attributes={"level": "vip"}), person("M2"), person("M3"), later, sooner]
    results = replay([canvas], profiles=profiles, events=[event(DAYS[0], "login")], workspace=attributes(level="text"))
    assert {step["profile"] for step in results.steps} == {"member_id:M1", "member_id:M3"}


def test_cron_runs_in_the_journeys_zone(replay: Replay) -> None:
    """§3 fine print: `cron` … use the last two (the journey's `settings.zone`, else the workspace's)."""
    weekly = {"rule": {"all": []}, "cron": "30 9 * * 1", "until": "2026-04-06T08:30:00Z"}
    canvas = draw(node("start", "trigger.schedule", weekly), NAP, zone="Europe/London", reentry={"policy": "always"})
    results = replay([canvas], profiles=[person()], events=[event("2026-03-23T00:00Z", "login")])
    assert walks(results) == ["2026-03-23T09:30", "2026-03-30T08:30"]


def test_a_schedule_asks_re_entry_too(replay: Replay) -> None:
    """§3: re-entry `never`: a second run lets in only those who were never in."""
    daily = {"rule": {"all": []}, "cron": "0 10 * * *", "from": DAYS[0], "until": DAYS[3]}
    canvas = draw(node("start", "trigger.schedule", daily), NAP)
    results = replay([canvas], profiles=[person()], events=[event(DAYS[0], "login")])
    assert walks(results) == ["2026-03-01T02:00"]


def test_a_line_with_a_seen_id_is_dropped(replay: Replay) -> None:
    """§3 fine print: A line whose id was seen before is dropped."""
    lines = [event(DAYS[0]), event(DAYS[1])]
    lines[1]["id"] = lines[0]["id"]
    canvas = draw(start(), NAP, reentry={"policy": "always"})
    assert walks(replay([canvas], profiles=[person()], events=lines)) == ["2026-03-01T02:00"]


def test_lines_are_taken_in_time_order(replay: Replay) -> None:
    """§5: Input lines are taken in time order, ties in file order."""
    canvas = draw(start(), NAP, reentry={"policy": "never"})
    assert walks(replay([canvas], profiles=[person()], events=[event(DAYS[4]), event(DAYS[1])])) == ["2026-03-02T02:00"]


def test_events_before_from_are_history(replay: Replay) -> None:
    """§3 fine print: Events before `--from` start nothing, are history for rules."""
    rule = {"event": "order_paid", "op": "gte", "value": 2}
    canvas = draw(start(), node("ask", "condition", {"rule": rule}))
    lines = [event(DAYS[0]), event(DAYS[1])]
    results = replay([canvas], profiles=[person()], events=lines, since=instant(DAYS[1]))
    assert (walks(results), ways(results)) == (["2026-03-02T02:00"], "start:next ask:yes")


def test_until_is_left_out(replay: Replay) -> None:
    """§1: All windows are half-open: a step due exactly at `--until` is not taken."""
    canvas = draw(start(), NAP)
    results = replay([canvas], profiles=[person()], events=[event(DAYS[0])], until=instant(DAYS[2]))
    assert left(results, "nap") is None
    assert results.nodes["welcome"]["nodes"]["nap"] | {"out": {}} == {"in": 1, "at": 1, "out": {}}


def test_several_journeys_by_priority(replay: Replay) -> None:
    """§3 fine print: On the same line the journey of higher priority goes first."""
    mark = node("mark", "set", {"attributes": {"seen": "yes"}})
    ask = node("ask", "condition", {"rule": {"attribute": "seen", "op": "eq", "value": "yes"}})
    canvases = [draw(start(), ask, slug="low", priority=10), draw(start(), mark, slug="high", priority=90)]
    results = replay(canvases, profiles=[person()], events=[event(DAYS[0])], workspace=attributes(seen="text"))
    assert ways(results, journey="low") == "start:next ask:yes"


def test_then_by_canvas_order(replay: Replay) -> None:
    """§3 fine print: … then canvas order."""
    mark = node("mark", "set", {"attributes": {"seen": "yes"}})
    ask = node("ask", "condition", {"rule": {"attribute": "seen", "op": "eq", "value": "yes"}})
    canvases = [draw(start(), ask, slug="zz"), draw(start(), mark, slug="aa")]
    results = replay(canvases, profiles=[person()], events=[event(DAYS[0])], workspace=attributes(seen="text"))
    assert ways(results, journey="zz") == "start:next ask:no"


@pytest.mark.parametrize(("unit", "expected"), [("cust-1", 7403), ("客户-001", 9880)])
def test_the_bucket_scheme(unit: str, expected: int) -> None:
    """§5: `manage.py bucket`: one bucket (0–9999) per unit, by the scheme's own check values."""
    assert bucket(SALT, unit) == expected


def test_a_split_is_sticky_and_in_order(replay: Replay) -> None:
    """§3: `split.random` `ways [{id, percent}]`; sticky per person and node: contiguous ranges of 10,000 buckets."""
    parts = [{"id": "a", "percent": 12.5}, {"id": "b", "percent": 37.5}, {"id": "c", "percent": 50}]
    canvas = draw(start(), node("draw", "split.random", {"ways": parts}), reentry={"policy": "always"})
    salt = hashlib.sha256(b"welcome:draw").hexdigest()[:32]
    lines = [event(DAYS[day], member=f"M{number}") for number in range(60) for day in (0, 1)]
    results = replay([canvas], profiles=[person(f"M{number}") for number in range(60)], events=lines)
    for number in range(60):
        drawn = bucket(salt, f"M{number}")
        way = "a" if drawn < 1_250 else "b" if drawn < 5_000 else "c"
        assert ways(results, f"M{number}") == ways(results, f"M{number}", walk=2) == f"start:next draw:{way}"
    assert set(results.nodes["welcome"]["nodes"]["draw"]["out"]) == {"a", "b", "c"}
