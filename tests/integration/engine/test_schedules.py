"""Schedules: every nominal instant once, for its own people, whatever breaks in between."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from audiences import hints
from journeys.models import ScheduleRun
from journeys.stages import schedule
from tests.acceptance.drawing import Drawn, draw, node, sms
from tests.integration.engine import poison, scene
from tests.integration.engine.scene import (
    HOUR,
    MINUTE,
    NOON,
    SECOND,
    ask,
    exits,
    one,
    pause,
    people,
    publish,
    resume,
    walk,
)  # fmt: skip

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("accounts", "balanced")]
EVERYBODY: dict[str, Any] = {"all": []}
ALWAYS: dict[str, Any] = {"reentry": {"policy": "always"}}


def hourly(**config: Any) -> Drawn:
    """Everybody at every full hour, unless it says otherwise."""
    return node("hourly", "trigger.schedule", {"rule": EVERYBODY, "cron": "0 * * * *", **config}, next="text")


def once(at: datetime, rule: Any = EVERYBODY) -> Drawn:
    return node("once", "trigger.schedule", {"rule": rule, "at": at.isoformat()}, next="text")


class Killed(BaseException):
    """The worker dies."""


@contextmanager
def killed_after(slices: int) -> Iterator[None]:
    """The worker dies when it has committed so many slices."""
    left = [slices]

    def die() -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Killed

    hints.on_work_arrived(die)
    try:
        yield
    finally:
        hints._listeners.remove(die)


def test_everybody_for_whom_the_rule_holds_enters_at_the_nominal_instant() -> None:
    vip = {"attribute": "level", "op": "eq", "value": "vip"}
    version = publish(draw(once(NOON, vip), sms()))
    people(["A", "B"], attributes={"level": "vip"})
    people(["C"])
    assert schedule.run(NOON).done == 0
    assert schedule.run(NOON + MINUTE).done == 2
    walk(NOON + MINUTE)
    assert ask("SELECT entered_at, left_at FROM enrolment") == [(NOON, NOON)] * 2
    assert scene.path("A", version) == [("once", "next"), ("text", "next")]


def test_a_run_is_made_once_however_often_the_task_comes() -> None:
    publish(draw(once(NOON), sms(), **ALWAYS))
    people(3)
    for turn in range(3):
        schedule.run(NOON + (turn + 1) * SECOND)
        walk(NOON + (turn + 1) * SECOND)
    assert exits() == {"completed": 3}
    assert ScheduleRun.objects.count() == 1


def test_missed_runs_are_made_for_their_own_instants() -> None:
    publish(draw(hourly(), sms(), **ALWAYS), at=NOON - HOUR + SECOND)
    people(2)
    report = schedule.run(NOON + 2 * HOUR + SECOND)
    assert report.done == 6
    walk(NOON + 2 * HOUR + SECOND)
    found = ask("SELECT entered_at, count(*) FROM enrolment GROUP BY 1 ORDER BY 1")
    assert found == [(NOON + turn * HOUR, 2) for turn in range(3)]
    runs = ScheduleRun.objects.order_by("at").values_list("at", "people")
    assert list(runs) == found
    assert schedule.run(NOON + 2 * HOUR + MINUTE).done == 0


def test_runs_before_the_publication_are_not_made() -> None:
    publish(draw(hourly(), sms()), at=NOON + SECOND)
    people(1)
    assert schedule.run(NOON + MINUTE).done == 0


def test_who_was_not_known_at_the_instant_is_not_in_it() -> None:
    publish(draw(hourly(), sms(), **ALWAYS), at=NOON - SECOND)
    people(["A"], at=NOON)
    people(["B"], at=NOON + SECOND)
    schedule.run(NOON + HOUR + MINUTE)
    walk(NOON + HOUR + MINUTE)
    found = ask("SELECT entered_at, count(*) FROM enrolment GROUP BY 1 ORDER BY 1")
    assert found == [(NOON, 1), (NOON + HOUR, 2)]


def test_a_rule_over_events_looks_from_the_nominal_instant() -> None:
    paid = {"event": "paid", "window": {"last": "PT1H"}}
    publish(draw(hourly(rule=paid), sms(), **ALWAYS), at=NOON - SECOND)
    people(["A"])
    scene.events(["A"], "paid", at=NOON + MINUTE)
    schedule.run(NOON + 3 * HOUR)
    walk(NOON + 3 * HOUR)
    assert ask("SELECT entered_at FROM enrolment") == [(NOON + HOUR,)]


@pytest.mark.parametrize("slices", [1, 2, 3])
def test_a_crash_between_slices_is_gone_on_from(slices: int) -> None:
    publish(draw(once(NOON), sms(), **ALWAYS))
    people(25)
    with killed_after(slices), pytest.raises(Killed):
        schedule.run(NOON + SECOND, 10)
    assert one("SELECT count(*) FROM chunk, unnest(profiles)") == min(10 * slices, 25)
    schedule.run(NOON + MINUTE, 10)
    assert one("SELECT count(DISTINCT p) FROM chunk, unnest(profiles) AS p") == 25
    walk(NOON + MINUTE)
    assert exits() == {"completed": 25}
    run = ScheduleRun.objects.get()
    assert (run.people, run.finished_at is not None) == (25, True)


def test_a_slice_that_is_just_full_is_not_the_last() -> None:
    publish(draw(once(NOON), sms()))
    people(20)
    schedule.run(NOON + SECOND, 10)
    walk(NOON + SECOND)
    assert exits() == {"completed": 20}
    assert ScheduleRun.objects.get().people == 20


def test_entries_lie_in_chunks_of_entries_per_shard() -> None:
    publish(draw(once(NOON), sms()))
    people(130)
    schedule.run(NOON + SECOND)
    kinds = ask("SELECT kind, seqs, stamps, due_at FROM chunk GROUP BY 1, 2, 3, 4")
    assert kinds == [(1, None, None, NOON)]
    assert one("SELECT count(*) FROM chunk") == 64
    wrong = "SELECT 1 FROM chunk, unnest(profiles) AS p WHERE p % 64 <> shard"
    assert ask(wrong) == []


def test_no_run_is_made_while_paused_and_the_missed_ones_are_made_afterwards() -> None:
    publish(draw(hourly(), sms(), **ALWAYS), at=NOON - SECOND)
    people(1)
    schedule.run(NOON + SECOND)
    pause()
    assert schedule.run(NOON + 2 * HOUR).done == 0
    assert ScheduleRun.objects.count() == 1
    assert walk(NOON + 2 * HOUR)["people"] == 0
    resume()
    schedule.run(NOON + 2 * HOUR + SECOND)
    walk(NOON + 2 * HOUR + SECOND)
    assert ask("SELECT entered_at FROM enrolment ORDER BY 1") == [(NOON + turn * HOUR,) for turn in range(3)]


def test_a_version_that_was_replaced_makes_no_more_runs() -> None:
    publish(draw(hourly(), sms(), **ALWAYS), at=NOON - SECOND)
    people(1)
    publish(draw(hourly(), sms(text="anew"), **ALWAYS), at=NOON + MINUTE)
    schedule.run(NOON + HOUR + SECOND)
    found = ask("SELECT v.number, r.at FROM schedule_run r JOIN version v ON v.id = version_id ORDER BY 2")
    assert found == [(1, NOON), (2, NOON + HOUR)]


def test_a_rule_that_raises_stops_no_other_schedule() -> None:
    publish(draw(once(NOON, poison.OVERFLOWING), sms(), slug="bad"))
    publish(draw(once(NOON), sms(), slug="good"))
    people(["A", "B"])
    poison.overflow("A")
    schedule.run(NOON + MINUTE)
    walk(NOON + MINUTE)
    assert exits("good") == {"completed": 2}


def test_the_runs_of_one_version_can_be_asked_for_alone() -> None:
    first = publish(draw(once(NOON), sms(), slug="one"))
    publish(draw(once(NOON), sms(), slug="two"))
    people(1)
    schedule.run(NOON + SECOND, version_id=first.pk)
    assert list(ScheduleRun.objects.values_list("version_id", flat=True)) == [first.pk]
    schedule.run(NOON + timedelta(days=1))
    assert ScheduleRun.objects.count() == 2
