"""Schedules as rows that an admin sees and can stop."""

from __future__ import annotations

import pytest
from django_celery_beat.models import PeriodicTask

from itinera.celery import BEATS
from journeys.stages import schedule
from tests.acceptance.drawing import Drawn, draw, node, sms, start
from tests.integration.engine.scene import HOUR, NOON, ask, pause, people, publish, resume

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("accounts")]


def hourly(cron: str = "0 * * * *") -> Drawn:
    """Everybody, at these times."""
    return node("hourly", "trigger.schedule", {"rule": {"all": []}, "cron": cron}, next="text")


def once() -> Drawn:
    return node("once", "trigger.schedule", {"rule": {"all": []}, "at": NOON.isoformat()}, next="text")


def test_beat_rows_say_when_and_stop_while_paused() -> None:
    publish(draw(hourly(cron="30 9 * * 1"), once(), sms()))
    rows = PeriodicTask.objects.filter(name__startswith="journey welcome ").order_by("name")
    cron, single = rows
    assert (cron.task, cron.enabled, single.one_off) == ("journeys.tasks.run_schedules", True, True)
    assert cron.crontab is not None
    assert (cron.crontab.minute, cron.crontab.hour, cron.crontab.day_of_week) == ("30", "9", "1")
    assert str(cron.crontab.timezone) == "Asia/Shanghai"
    assert single.clocked is not None
    assert single.clocked.clocked_time == NOON
    pause()
    assert set(rows.values_list("enabled", flat=True)) == {False}
    resume()
    assert set(rows.values_list("enabled", flat=True)) == {True}


@pytest.mark.parametrize(("zone", "expected"), [(None, "Europe/Berlin"), ("Asia/Tokyo", "Asia/Tokyo")])
def test_beat_reads_the_clock_that_the_engine_reads(zone: str | None, expected: str) -> None:
    ask("UPDATE workspace SET zone = 'Europe/Berlin' RETURNING 1")
    publish(draw(hourly(cron="30 9 * * *"), sms(), zone=zone))
    row = PeriodicTask.objects.get(name__startswith="journey welcome ")
    assert row.crontab is not None
    assert str(row.crontab.timezone) == expected


def test_a_tick_finds_the_runs_that_no_hint_has_made() -> None:
    assert "journeys.tasks.run_schedules" in {beat.task for beat in BEATS}


def test_a_tick_leaves_alone_what_an_admin_has_stopped() -> None:
    publish(draw(hourly(), once(), sms(), reentry={"policy": "always"}))
    people(["A"])
    PeriodicTask.objects.filter(name="journey welcome hourly").update(enabled=False)
    assert schedule.run(NOON + 2 * HOUR).done == 1
    PeriodicTask.objects.filter(name="journey welcome hourly").update(enabled=True)
    assert schedule.run(NOON + 2 * HOUR).done > 0


def test_what_an_admin_has_stopped_stays_so_through_a_pause() -> None:
    publish(draw(hourly(), once(), sms(), reentry={"policy": "always"}))
    people(["A"])
    rows = PeriodicTask.objects.filter(name__startswith="journey welcome ").order_by("name")
    rows.filter(name="journey welcome hourly").update(enabled=False)
    pause()
    assert list(rows.values_list("enabled", flat=True)) == [False, False]
    resume()
    assert list(rows.values_list("enabled", flat=True)) == [False, True]
    assert schedule.run(NOON + 2 * HOUR).done == 1


def test_a_tick_makes_the_single_run_whose_hint_was_sent_and_lost() -> None:
    publish(draw(once(), sms()))
    people(["A"])
    rows = PeriodicTask.objects.filter(name="journey welcome once")
    rows.update(enabled=False)
    assert schedule.run(NOON + HOUR).done == 0
    rows.update(last_run_at=NOON)
    assert schedule.run(NOON + HOUR).done == 1


def test_publishing_anew_replaces_the_rows() -> None:
    publish(draw(hourly(), sms()))
    first = set(PeriodicTask.objects.filter(name__startswith="journey ").values_list("id", flat=True))
    publish(draw(start(), sms()))
    assert first
    assert not PeriodicTask.objects.filter(name__startswith="journey ").exists()


def test_a_journey_whose_name_begins_like_another_keeps_its_own_rows() -> None:
    publish(draw(hourly(), sms(), slug="day"))
    publish(draw(hourly(), sms(), slug="day-two"))
    pause("day")
    enabled = (
        PeriodicTask.objects.filter(name__startswith="journey day").order_by("name").values_list("enabled", flat=True)
    )
    assert list(enabled) == [False, True]
