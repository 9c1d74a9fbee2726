"""Versions end when nobody is inside of them any more and nothing can concern them; not a moment before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from audiences.models import Feed, Interest
from itinera.kit.models import AuditEntry
from itinera.kit.wire import django_cursor
from journeys.engine.world import load
from journeys.models import Version
from journeys.stages import reap, schedule
from tests.acceptance.drawing import draw, node, sms, start
from tests.integration.engine import scene
from tests.integration.engine.connections import Worker, another, until, waiting_for_a_lock
from tests.integration.engine.scene import (
    HOUR,
    MINUTE,
    NOON,
    SECOND,
    ask,
    events,
    exits,
    one,
    pause,
    people,
    publish,
    resume,
    walk,
)  # fmt: skip
from tests.integration.engine.test_schedules import Killed, killed_after

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("accounts", "balanced")]
DAY = timedelta(days=1)
NAP = node("nap", "delay.for", {"duration": "PT1H"})
GOAL: dict[str, Any] = {"when": {"event": "paid"}, "within": "P7D"}
HOURLY = node("hourly", "trigger.schedule", {"rule": {"all": []}, "cron": "0 * * * *"}, next="text")


def statuses() -> list[str]:
    return list(Version.objects.order_by("id").values_list("status", flat=True))


def replace(at: Any = NOON + MINUTE, trigger: str = "other", **settings: Any) -> Version:
    """The next version, which listens to something else."""
    return publish(draw(start(trigger), NAP, **settings), at=at)


def test_a_version_ends_with_its_last_walk() -> None:
    publish(draw(start(), NAP, sms()))
    people(["A", "B"])
    events(["A", "B"])
    walk()
    assert reap.run(NOON).done == 0
    newer = replace()
    assert reap.run(NOON + 2 * MINUTE).done == 0
    assert statuses() == ["draining", "live"]
    walk(NOON + HOUR)
    assert reap.run(NOON + HOUR).done == 1
    assert statuses() == ["ended", "live"]
    assert [version.id for version in load(django_cursor()).versions] == [newer.pk]
    assert reap.run(NOON + HOUR).done == 0
    walk(NOON + 2 * HOUR)
    assert exits() == {"completed": 2}


def test_nothing_is_fed_any_more_that_only_it_asked_for() -> None:
    first = publish(draw(start(), sms(), exit_when=[{"event": "unsubscribed"}]))
    replace(exit_when=[{"event": "unsubscribed"}])
    people(["A"])
    events(["A"])
    assert Feed.objects.count() == 1
    walk(NOON + 2 * MINUTE)
    assert reap.run(NOON + 2 * MINUTE).done == 1
    assert not Interest.objects.filter(version_id=first.pk).exists()
    events(["A"], at=NOON + 3 * MINUTE)
    assert Feed.objects.count() == 0
    events(["A"], "unsubscribed", at=NOON + 3 * MINUTE)
    assert Feed.objects.count() == 1


def test_its_end_is_an_entry_in_the_trail_by_nobody() -> None:
    publish(draw(start(), sms()))
    replace()
    reap.run(NOON + HOUR)
    entry = AuditEntry.objects.get(verb="version.ended")
    assert (entry.object, entry.actor_kind, entry.actor_id) == ("journey:welcome", AuditEntry.Kind.SYSTEM, None)
    assert (entry.before, entry.after) == ({"status": "draining"}, {"version": 1, "status": "ended"})


def test_live_and_paused_versions_do_not_end_nor_do_any_of_a_paused_journey() -> None:
    publish(draw(start(), sms()))
    publish(draw(start(), sms(), slug="other"))
    replace()
    pause()
    assert reap.run(NOON + HOUR).done == 0
    assert statuses() == ["draining", "live", "paused"]
    resume()
    assert reap.run(NOON + HOUR).done == 1
    assert statuses() == ["ended", "live", "live"]


@pytest.mark.parametrize(("within", "last"), [("P7D", 7 * DAY), ("P1M", 30 * DAY), ("PT1H", HOUR)])
def test_it_is_kept_while_a_goal_may_still_be_met_after_the_walk(within: str, last: timedelta) -> None:
    publish(draw(start(), sms(), goal={**GOAL, "within": within}))
    people(["A"])
    events(["A"])
    walk()
    replace(at=NOON + SECOND)
    assert exits() == {"completed": 1}
    assert reap.run(NOON + SECOND + last + reap.LATE - SECOND).done == 0
    events(["A"], "paid", at=NOON + last - SECOND, known=NOON + last + 2 * DAY)
    walk(NOON + last + 2 * DAY)
    assert one("SELECT goal_at FROM enrolment") == NOON + last - SECOND
    assert reap.run(NOON + SECOND + last + reap.LATE).done == 1


def test_a_goal_that_lies_unread_in_the_feed_is_counted_first() -> None:
    """The workers were down for a fortnight."""
    publish(draw(start(), sms(), goal=GOAL))
    people(["A"])
    events(["A"])
    walk()
    replace()
    events(["A"], "paid", at=NOON + DAY)
    assert reap.run(NOON + 14 * DAY).done == 0
    walk(NOON + 14 * DAY)
    assert one("SELECT goal_at FROM enrolment") == NOON + DAY
    assert reap.run(NOON + 14 * DAY).done == 1


def test_people_who_are_about_to_enter_by_a_run_are_waited_for() -> None:
    publish(draw(HOURLY, sms(), NAP), at=NOON - SECOND)
    people(25)
    with killed_after(1), pytest.raises(Killed):
        schedule.run(NOON + SECOND, 10)
    replace()
    assert reap.run(NOON + 2 * MINUTE).done == 0
    schedule.run(NOON + 2 * MINUTE)
    assert one("SELECT count(*) FROM schedule_run WHERE finished_at IS NULL") == 0
    assert reap.run(NOON + 2 * MINUTE).done == 0
    walk(NOON + 2 * MINUTE)
    assert exits() == {None: 25}
    assert reap.run(NOON + 2 * MINUTE).done == 0
    walk(NOON + 2 * HOUR)
    assert exits() == {"completed": 25}
    assert reap.run(NOON + 2 * HOUR).done == 1


def test_what_was_held_back_for_it_comes_first() -> None:
    wait = node("wait", "wait.event", {"paths": [{"id": "p", "event": "paid"}], "timeout": "P1D"}, p="text")
    version = publish(draw(start(), wait, sms()))
    people(["A", "B"])
    events(["A"])
    walk()
    replace()
    pause()
    events(["A", "B"], "paid", at=NOON + 2 * MINUTE)
    walk(NOON + 2 * MINUTE)
    resume()
    assert reap.run(NOON + 3 * MINUTE).done == 0
    walk(NOON + 3 * MINUTE)
    assert scene.path("A", version)[-2:] == [("wait", "p"), ("text", "next")]
    assert reap.run(NOON + 3 * MINUTE).done == 1


def test_rows_for_it_alone_that_nobody_has_read_keep_it() -> None:
    from channels_out.models import AttemptOutcome

    wired = {"next": "end", "failed": "end"}
    publish(draw(start(), sms(wired=wired), node("end", "exit"), exit_when=[{"event": "unsubscribed"}]))
    people(["A"])
    events(["A"])
    walk()
    events(["A"], "unsubscribed", at=NOON + SECOND)
    walk(NOON + SECOND)
    replace()
    scene.answer(AttemptOutcome.ACCEPTED, NOON + 2 * MINUTE)
    assert Feed.objects.count() == 1
    assert reap.run(NOON + 2 * MINUTE).done == 0
    walk(NOON + 3 * MINUTE)
    assert reap.run(NOON + 3 * MINUTE).done == 1


def test_what_nobody_waits_for_any_more_is_dropped_and_all_else_stays() -> None:
    goes: dict[str, Any] = {"exit_when": [{"event": "unsubscribed"}], "max_stay": "P180D"}
    week = node("week", "delay.for", {"duration": "P7D"})
    publish(draw(start(), week, **goes))
    publish(draw(start(), week, **goes, slug="other"))
    people(70)
    events(70)
    walk()
    ask("UPDATE journey SET status = 'paused' WHERE slug = 'other' RETURNING 1")
    others = ask("SELECT * FROM chunk WHERE version_id = 2 ORDER BY id")
    events(70, "unsubscribed", at=NOON + SECOND)
    walk(NOON + SECOND)
    assert one("SELECT count(*) FROM chunk WHERE version_id = 1") > 64
    replace()
    assert reap.run(NOON + HOUR).done == 1
    assert ask("SELECT * FROM chunk ORDER BY id") == others


def test_who_was_in_a_version_that_has_ended_does_not_enter_again() -> None:
    publish(draw(start(), sms()))
    people(["A"])
    events(["A"])
    walk()
    publish(draw(start(), sms()), at=NOON + MINUTE)
    assert reap.run(NOON + 2 * MINUTE).done == 1
    events(["A"], at=NOON + HOUR)
    walk(NOON + HOUR)
    assert exits() == {"completed": 1}


def test_a_message_of_a_version_that_has_ended_still_goes_out() -> None:
    from channels_out.models import AttemptOutcome

    publish(draw(start(), sms()))
    people(["A"])
    events(["A"])
    walk()
    replace()
    assert reap.run(NOON + 2 * MINUTE).done == 1
    assert scene.answer(AttemptOutcome.ACCEPTED, NOON + 3 * MINUTE) == 1
    walk(NOON + 3 * MINUTE)
    assert one("SELECT status FROM message") == 3


def test_a_wave_that_began_before_the_publication_is_waited_for() -> None:
    """It lets her into the version that is replaced meanwhile. Nobody else waits for it: events are taken in."""
    publish(draw(start(), node("mark", "set", {"tags_add": ["vip"]}), NAP))
    people(["A", "B"])
    events(["A"])
    with another() as own:
        own.execute("SELECT 1 FROM profile FOR UPDATE")
        wave = Worker(walk)
        until(waiting_for_a_lock)
        replace()
        reaping = Worker(lambda: reap.run(NOON + 2 * MINUTE))
        until(lambda: waiting_for_a_lock() > 1 or not reaping.is_alive())
        assert reaping.is_alive()
        Worker(lambda: events(["B"], at=NOON + 2 * MINUTE)).done()
        own.rollback()
        wave.done()
        assert reaping.done().done == 0
    assert statuses() == ["draining", "live"]
    assert exits() == {None: 1}
    walk(NOON + 2 * HOUR)
    assert reap.run(NOON + 2 * HOUR).done == 1
    assert exits() == {"completed": 1}


def test_somebody_of_whom_the_counters_know_nothing_keeps_it() -> None:
    publish(draw(start(), NAP))
    people(["A"])
    events(["A"])
    walk()
    replace()
    counted = ask("DELETE FROM tally RETURNING shard, version_id, node, port, n")
    assert reap.run(NOON + 2 * MINUTE).done == 0
    assert statuses() == ["draining", "live"]
    for row in counted:
        ask("INSERT INTO tally (shard, version_id, node, port, n) VALUES (%s, %s, %s, %s, %s) RETURNING 1", *row)


def test_so_many_at_once_and_the_others_next_time() -> None:
    for turn in range(4):
        publish(draw(start(), sms()), at=NOON + turn * MINUTE)
    report = reap.run(NOON + HOUR, 2)
    assert (report.done, report.more) == (2, True)
    report = reap.run(NOON + HOUR, 2)
    assert (report.done, report.more) == (1, False)
    assert statuses() == ["ended", "ended", "ended", "live"]
