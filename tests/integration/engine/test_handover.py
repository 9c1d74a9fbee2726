"""What a version leaves to the one that replaces it: nobody who was about to enter is lost, or enters twice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django_celery_beat.models import PeriodicTask

from journeys.models import HeldFeed, ScheduleRun, Version
from journeys.stages import schedule
from tests.acceptance.drawing import Drawn, draw, node, sms, start
from tests.integration.engine import scene
from tests.integration.engine.connections import Worker, another, until, waiting_for_a_lock
from tests.integration.engine.scene import (
    HOUR,
    MINUTE,
    NOON,
    SECOND,
    ask,
    events,
    one,
    pause,
    people,
    publish,
    resume,
    walk,
)  # fmt: skip
from tests.integration.engine.test_schedules import Killed, killed_after

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("accounts", "balanced")]
ALWAYS: dict[str, Any] = {"reentry": {"policy": "always"}}
NAP = node("nap", "delay.for", {"duration": "PT1H"})


def hourly(name: str = "hourly", **config: Any) -> Drawn:
    """Everybody at every full hour."""
    return node(name, "trigger.schedule", {"rule": {"all": []}, "cron": "0 * * * *", **config}, next="text")


def entered() -> list[tuple[int, datetime, int]]:
    """Version by version and instant by instant, how many entered."""
    return ask(
        "SELECT v.number, e.entered_at, count(*) FROM enrolment e JOIN version v ON v.id = e.version_id"
        " GROUP BY 1, 2 ORDER BY 1, 2"
    )


def lived_through(at: datetime) -> None:
    schedule.run(at)
    walk(at)


def test_people_of_a_run_whom_no_wave_has_let_in_yet_enter_the_version_of_the_run() -> None:
    publish(draw(hourly(), sms(), **ALWAYS), at=NOON - SECOND)
    people(3)
    schedule.run(NOON + SECOND)
    publish(draw(hourly(), sms(text="anew"), **ALWAYS), at=NOON + 2 * SECOND)
    lived_through(NOON + HOUR + SECOND)
    assert entered() == [(1, NOON, 3), (2, NOON + HOUR, 3)]


def test_a_run_that_broke_off_is_read_to_the_end_after_a_publication() -> None:
    publish(draw(hourly(), sms(), **ALWAYS), at=NOON - SECOND)
    people(25)
    with killed_after(1), pytest.raises(Killed):
        schedule.run(NOON + SECOND, 10)
    walk(NOON + SECOND)
    assert entered() == [(1, NOON, 10)]
    publish(draw(start(), sms(), **ALWAYS), at=NOON + MINUTE)
    lived_through(NOON + 2 * MINUTE)
    assert entered() == [(1, NOON, 25)]


def test_a_run_that_was_due_and_not_made_before_a_publication_is_made_for_its_own_version() -> None:
    publish(draw(hourly(), sms(), **ALWAYS), at=NOON - SECOND)
    people(3)
    publish(draw(hourly(), sms(), **ALWAYS), at=NOON + SECOND)
    lived_through(NOON + MINUTE)
    assert entered() == [(1, NOON, 3)]
    lived_through(NOON + HOUR + MINUTE)
    assert entered() == [(1, NOON, 3), (2, NOON + HOUR, 3)]


def test_what_an_admin_had_stopped_is_not_made_by_a_publication() -> None:
    publish(draw(hourly(), sms(), **ALWAYS), at=NOON - SECOND)
    people(3)
    PeriodicTask.objects.filter(name="journey welcome hourly").update(enabled=False)
    publish(draw(hourly(), sms(), **ALWAYS), at=NOON + SECOND)
    lived_through(NOON + MINUTE)
    assert entered() == []


def test_a_run_that_was_noted_while_the_publication_waited_is_made_once() -> None:
    """The clock of who publishes was read before the full hour, the publication itself comes after it."""
    publish(draw(hourly(), sms(), **ALWAYS), at=NOON - MINUTE)
    people(3)
    schedule.run(NOON + SECOND)
    newer = publish(draw(hourly(), sms(), **ALWAYS), at=NOON - SECOND)
    assert newer.published_at > NOON
    lived_through(NOON + MINUTE)
    assert entered() == [(1, NOON, 3)]


def test_no_run_is_noted_for_a_version_that_is_being_replaced() -> None:
    publish(draw(hourly(), sms(), **ALWAYS), at=NOON - SECOND)
    people(3)
    with another() as own:
        own.execute("UPDATE version SET status = 'draining'")
        making = Worker(lambda: schedule.run(NOON + SECOND))
        until(lambda: waiting_for_a_lock() or not making.is_alive())
        own.commit()
        making.done()
    assert ScheduleRun.objects.count() == 0


def test_a_single_run_enters_once_whatever_is_published_around_it() -> None:
    once = node("once", "trigger.schedule", {"rule": {"all": []}, "at": NOON.isoformat()}, next="text")
    people(3)
    for turn in range(4):
        publish(draw(once, sms(), **ALWAYS), at=NOON + (turn - 2) * SECOND)
        lived_through(NOON + (turn - 2) * SECOND + SECOND // 2)
    lived_through(NOON + HOUR)
    assert [(at, n) for _, at, n in entered()] == [(NOON, 3)]


def test_whom_a_paused_version_missed_the_next_version_lets_in() -> None:
    publish(draw(start(), sms(text="wrong")))
    people(["A", "B"])
    pause()
    events(["A"])
    walk()
    publish(draw(start(), sms(text="right")), at=NOON + MINUTE)
    walk(NOON + MINUTE)
    assert HeldFeed.objects.count() == 0
    assert entered() == [(2, NOON, 1)]
    assert ask("SELECT content->>'text' FROM message") == [("right",)]


def test_what_came_after_it_in_the_pause_is_heard_by_the_next_version_too() -> None:
    unsubscribes: dict[str, Any] = {"exit_when": [{"event": "unsubscribed"}]}
    publish(draw(start(), NAP, sms(text="wrong"), **unsubscribes))
    people(["A", "B"])
    pause()
    events(["A", "B"])
    events(["A"], "unsubscribed", at=NOON + SECOND)
    walk(NOON + SECOND)
    publish(draw(start(), NAP, sms(text="right"), **unsubscribes), at=NOON + MINUTE)
    walk(NOON + HOUR)
    assert scene.exits() == {"exit_rule": 1, "completed": 1}


def test_an_older_version_than_the_paused_one_gets_back_only_its_own() -> None:
    wait = node("wait", "wait.event", {"paths": [{"id": "p", "event": "paid"}], "timeout": "P1D"}, p="text")
    oldest = publish(draw(start(), wait, sms()), at=NOON - 2 * HOUR)
    people(["A"])
    events(["A"])
    walk()
    publish(draw(start("paid"), sms(), **ALWAYS), at=NOON + SECOND)
    pause()
    events(["A"], "paid", at=NOON + MINUTE)
    walk(NOON + MINUTE)
    assert HeldFeed.objects.count() == 2
    publish(draw(start("paid"), sms(), **ALWAYS), at=NOON + 2 * MINUTE)
    walk(NOON + 2 * MINUTE)
    assert entered() == [(1, NOON, 1), (3, NOON + MINUTE, 1)]
    assert scene.path("A", oldest)[-2:] == [("wait", "p"), ("text", "next")]


def paused_in_a_run() -> None:
    """25 people: ten have entered, ten lie in chunks, five have not been read."""
    publish(draw(hourly(), sms(), **ALWAYS), at=NOON - SECOND)
    people(25)
    with killed_after(1), pytest.raises(Killed):
        schedule.run(NOON + SECOND, 10)
    walk(NOON + SECOND)
    with killed_after(1), pytest.raises(Killed):
        schedule.run(NOON + SECOND, 10)
    pause()
    assert (entered(), one("SELECT count(*) FROM chunk, unnest(profiles)")) == ([(1, NOON, 10)], 10)


def test_the_run_of_a_paused_version_goes_on_in_the_next() -> None:
    paused_in_a_run()
    began = node("began", "trigger.event", {"event": "began"}, next="text")
    publish(draw(began, hourly(), sms(text="right"), **ALWAYS), at=NOON + MINUTE)
    lived_through(NOON + 2 * MINUTE)
    assert entered() == [(1, NOON, 10), (2, NOON, 15)]


@pytest.mark.parametrize("changed", [{"cron": "0 16 * * *"}, {"name": "other"}])
def test_the_run_of_a_schedule_that_was_changed_in_the_pause_ends(changed: dict[str, Any]) -> None:
    paused_in_a_run()
    publish(draw(hourly(**changed), sms(text="right"), **ALWAYS), at=NOON + MINUTE)
    lived_through(NOON + 2 * MINUTE)
    assert entered() == [(1, NOON, 10)]
    assert ask("SELECT 1 FROM chunk") == []
    assert not ScheduleRun.objects.filter(finished_at=None).exists()


def test_runs_that_a_pause_missed_are_made_by_the_next_version() -> None:
    publish(draw(hourly(), sms(), **ALWAYS), at=NOON - SECOND)
    people(3)
    lived_through(NOON + SECOND)
    pause()
    publish(draw(hourly(), sms(), **ALWAYS), at=NOON + HOUR + MINUTE)
    lived_through(NOON + 2 * HOUR + MINUTE)
    assert entered() == [(1, NOON, 3), (2, NOON + HOUR, 3), (2, NOON + 2 * HOUR, 3)]


def test_a_run_that_is_being_read_beside_the_publication_goes_on_in_the_next_version() -> None:
    """The stage has taken up the run of the paused version and reads the next slice while somebody publishes."""
    publish(draw(hourly(), sms(), **ALWAYS), at=NOON - SECOND)
    people(25)
    with killed_after(1), pytest.raises(Killed):
        schedule.run(NOON + SECOND, 10)
    with another() as own:
        own.execute("SELECT 1 FROM schedule_run FOR UPDATE")
        reading = Worker(lambda: schedule.run(NOON + MINUTE, 10))
        until(lambda: waiting_for_a_lock() == 1)
        pause()
        publishing = Worker(lambda: publish(draw(hourly(), sms(), **ALWAYS), at=NOON + MINUTE))
        until(lambda: waiting_for_a_lock() == 2 or not publishing.is_alive())
        own.rollback()
        reading.done()
        publishing.done()
    lived_through(NOON + 2 * MINUTE)
    assert sum(n for *_, n in entered()) == 25
    assert one("SELECT count(DISTINCT profile_id) FROM enrolment") == 25


def test_a_resume_gives_nothing_to_anybody_else() -> None:
    publish(draw(start(), NAP), at=NOON - 2 * HOUR)
    newer = publish(draw(start(), NAP, **ALWAYS))
    people(["A"])
    pause()
    events(["A"])
    walk()
    resume()
    walk(NOON + SECOND)
    assert ask("SELECT version_id FROM enrolment") == [(newer.pk,)]
    assert Version.objects.count() == 2
