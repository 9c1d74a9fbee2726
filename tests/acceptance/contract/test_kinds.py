"""Contract: kinds of people (product A9): journeys, caps and the holdout stay inside one kind."""

from __future__ import annotations

from typing import Any

from tests.acceptance.drawing import Json, draw, event, node, person, sms, start
from tests.acceptance.oracle.canvas import bucket
from tests.acceptance.reading import exits, ways
from tests.acceptance.run import Replay

DAYS = [f"2026-03-0{day}T10:00+08:00" for day in range(1, 10)]
END = node("end", "exit")
SALT = "6f1c0b2a9d3e4f5a8b7c6d5e4f3a2b1c"
EVERYBODY = [person("M1"), person("S2", kind="staff"), person("T3", kind="merchant")]
PAID = [event(DAYS[0], member=member) for member in ("M1", "S2", "T3")]


def texted(replay: Replay, canvas: Json, **given: Any) -> list[str]:
    """Who was sent something, with the status."""
    found = replay([canvas], **{"profiles": EVERYBODY, "events": PAID, **given}).messages
    return [f"{each['profile'].removeprefix('member_id:')} {each['status']}" for each in found]


def test_a_journey_is_for_customers_unless_it_says_otherwise(replay: Replay) -> None:
    """A9: journeys stay inside one kind; `people` defaults to `consumer`."""
    assert texted(replay, draw(start(), sms())) == ["M1 sent"]
    assert texted(replay, draw(start(), sms(), people="staff")) == ["S2 sent"]
    assert texted(replay, draw(start(), sms(), people="merchant")) == ["T3 sent"]


def test_a_schedule_lets_only_its_kind_in(replay: Replay) -> None:
    """A9: schedule triggers too."""
    run = node("start", "trigger.schedule", {"rule": {"all": []}, "at": DAYS[1]})
    assert texted(replay, draw(run, sms(), people="staff")) == ["S2 sent"]


def test_caps_hold_for_one_kind(replay: Replay) -> None:
    """A9: caps stay inside one kind; without `kind` they are for customers."""
    paid = [event(day, member=member) for day in DAYS[:2] for member in ("M1", "S2")]
    cap = {"name": "one", "limit": 1, "window": "P30D"}
    for kind, customer, staff in ((None, "capped", "sent"), ("staff", "sent", "capped")):
        given = {"events": paid, "workspace": {"caps": [{**cap, "kind": kind}]}}
        again = {"reentry": {"policy": "always"}}
        assert texted(replay, draw(start(), sms(), **again), **given) == ["M1 sent", f"M1 {customer}"]
        assert texted(replay, draw(start(), sms(), people="staff", **again), **given) == ["S2 sent", f"S2 {staff}"]


def test_the_holdout_is_drawn_of_customers_unless_the_workspace_says_otherwise(replay: Replay) -> None:
    """A9: holdout stays inside one kind: `"kinds": ["consumer"]`."""
    out = next(f"M{n}" for n in range(1_000) if bucket(SALT, f"M{n}") < 5_000)
    for kinds, kind, reasons in (
        (None, "consumer", {"holdout": 1}), (None, "staff", {"completed": 1}),
        (["staff"], "staff", {"holdout": 1}), (["staff"], "consumer", {"completed": 1}),
    ):  # fmt: skip
        results = replay(
            [draw(start(), END, people=kind)], profiles=[person(out, kind=kind)], events=[event(DAYS[0], member=out)],
            workspace={"holdout": {"salt": SALT, "percent": 50, **({"kinds": kinds} if kinds else {})}},
        )  # fmt: skip
        assert exits(results) == reasons, (kinds, kind)


def test_a_kind_may_change_but_not_while_she_walks(replay: Replay) -> None:
    """A line that would change the kind of somebody inside a journey is refused; afterwards it is taken."""
    nap = node("nap", "delay.for", {"duration": "P2D"})
    canvas = draw(start(), nap, reentry={"policy": "always"})
    hired = {"member_id": "M1", "kind": "staff"}
    paid = [event(DAYS[0]), event(DAYS[5])]
    for day, walks in ((1, 2), (4, 1)):
        results = replay([canvas], profiles=[person(), {**hired, "updated": DAYS[day]}], events=paid)
        assert exits(results) == {"completed": walks}


def test_whoever_is_first_known_by_an_event_is_a_customer(replay: Replay) -> None:
    """Unknown people are created as customers."""
    assert ways(replay([draw(start(), END)], profiles=[], events=[event(DAYS[0])]))
