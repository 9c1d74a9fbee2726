"""Figures that come from counters: messages by node, and who entered today."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO
from threading import Barrier, Thread

import pytest
from django.core.management import call_command
from django.db import connection

from audiences.models import Workspace
from channels_out.models import AttemptOutcome
from itinera.kit.wire import django_cursor
from journeys import figures
from journeys.models import ENTRY_COUNTER, EntryChange, EntryCount, Tally
from journeys.stages import fold
from tests.acceptance.drawing import draw, node, sms, start
from tests.integration.engine import reconcile, scene
from tests.integration.engine.scene import HOUR, MINUTE, NOON, SECOND, events, people, publish, walk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("accounts", "balanced")]
MIDNIGHT = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
"""In Shanghai, with which the 21st begins."""
NAP = node("nap", "delay.for", {"duration": "P1D"})


def entered_today(now: datetime, slug: str = "welcome") -> int:
    figures.forget()
    journey = scene.journey(slug)
    return figures.overviews([journey], now)[journey.pk].entered_today


def test_today_begins_at_midnight_of_the_workspace() -> None:
    publish(draw(start(), NAP))
    people(6)
    for who, at in enumerate((-HOUR - SECOND, -SECOND, 0 * SECOND, SECOND, HOUR)):
        events([f"M{who}"], at=MIDNIGHT + at)
    walk(MIDNIGHT - SECOND)
    assert entered_today(MIDNIGHT - SECOND) == 2
    assert entered_today(MIDNIGHT) == 0
    walk(MIDNIGHT + HOUR)
    assert entered_today(MIDNIGHT + HOUR) == 3
    Workspace.objects.update(zone="Asia/Kathmandu")  # a quarter past two hours behind
    assert entered_today(MIDNIGHT + HOUR) == 5
    Workspace.objects.update(zone="Asia/Tokyo")  # an hour ahead
    assert entered_today(MIDNIGHT + HOUR) == 4


def test_who_comes_late_counts_on_the_day_she_entered() -> None:
    """A wave after midnight lets in by what happened before: at the time of the event, as the walk says."""
    publish(draw(start(), NAP))
    people(3)
    events(["M0"], at=MIDNIGHT - MINUTE, known=MIDNIGHT + MINUTE)
    events(["M1"], at=MIDNIGHT + SECOND, known=MIDNIGHT + MINUTE)
    walk(MIDNIGHT + MINUTE)
    assert entered_today(MIDNIGHT + MINUTE) == 1
    scene.pause()
    events(["M2"], at=MIDNIGHT + HOUR)
    walk(MIDNIGHT + HOUR)
    assert entered_today(MIDNIGHT + HOUR) == 1
    scene.resume()
    walk(MIDNIGHT + 25 * HOUR)
    assert scene.ask("SELECT entered_at FROM enrolment ORDER BY profile_id")[2] == (MIDNIGHT + HOUR,)
    assert entered_today(MIDNIGHT + 25 * HOUR) == 0
    assert entered_today(MIDNIGHT + 23 * HOUR) == 2


def test_versions_and_journeys_are_kept_apart_as_the_list_shows_them() -> None:
    publish(draw(start(), NAP))
    publish(draw(start(event="refunded"), NAP, slug="other"))
    people(5)
    events(5)
    walk()
    publish(draw(start(), NAP, reentry={"policy": "always"}))
    events(2, at=NOON + MINUTE)
    events(["M4"], "refunded", at=NOON + MINUTE)
    walk(NOON + MINUTE)
    assert (entered_today(NOON + HOUR), entered_today(NOON + HOUR, "other")) == (7, 1)


def test_folding_changes_no_figure() -> None:
    publish(draw(start(), sms(), NAP, sms("later")))
    people(40)
    events(40)
    walk()
    scene.answer(AttemptOutcome.ACCEPTED, NOON, 25)
    scene.answer(AttemptOutcome.REJECTED, NOON, 5)
    walk(NOON + 25 * HOUR)
    before, today = figures.journey_figures(scene.journey(), NOON), entered_today(NOON)
    assert before["node_messages"] == {"text": {"sent": 25, "failed": 5, "queued": 10}, "later": {"queued": 40}}
    assert before["messages"] == {"sent": 25, "failed": 5, "queued": 50}
    assert today == 40
    while fold.run(NOON, limit=3).more:
        assert reconcile.differences() == []
        assert (figures.journey_figures(scene.journey(), NOON), entered_today(NOON)) == (before, today)
    assert EntryChange.objects.count() == 0
    assert EntryCount.objects.count() == 1
    assert (figures.journey_figures(scene.journey(), NOON), entered_today(NOON)) == (before, today)
    assert fold.run(NOON).done == 0


def test_two_folds_at_once_fold_everything_once() -> None:
    publish(draw(start(), NAP, reentry={"policy": "always"}))
    people(3)
    for minute in range(40):
        events(3, at=NOON + minute * MINUTE)
        walk(NOON + minute * MINUTE)
    changes = EntryChange.objects.count()
    both, done = Barrier(2), list[int]()

    def folding() -> None:
        both.wait()
        for _turn in range(changes):
            done.append(ENTRY_COUNTER.fold(django_cursor(), 2))
        connection.close()

    threads = [Thread(target=folding) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(done), EntryChange.objects.count()) == (changes, 0)
    assert entered_today(NOON + HOUR) == 120


def test_the_check_tells_what_is_wrong_and_where_and_fails() -> None:
    publish(draw(start(), sms(), NAP))
    people(3)
    events(3)
    walk()
    said = StringIO()
    call_command("check_counts", stdout=said)
    assert said.getvalue() == "所有计数均与明细一致。\n"
    row = Tally.objects.filter(node=1, port=-1).first()
    assert row is not None
    Tally.objects.filter(pk=row.pk).update(n=1_234)
    change = EntryChange.objects.first()
    assert change is not None
    EntryChange.objects.filter(pk=change.pk).update(n=change.n + 1)
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("check_counts", stdout=said)
    assert ended.value.code == 1
    wrong = [line.split("  ")[:2] for line in said.getvalue().splitlines()]
    assert wrong == [["people", f"welcome v1 text in, shard {row.shard}"], ["entries", "welcome 2026-11-20 04:00Z"]]
    assert "1,234" in said.getvalue()
    Tally.objects.filter(pk=row.pk).update(n=row.n)
    change.save()


def test_a_wave_writes_one_change_a_journey_and_quarter() -> None:
    publish(draw(start(), NAP))
    people(200)
    for number in range(200):
        events([f"M{number}"], at=NOON + timedelta(seconds=number))
    walk(NOON + HOUR, limit=20_000)
    waves = scene.one("SELECT count(*) FROM entry_change")
    assert waves <= scene.one("SELECT sum(wave) FROM shard")
    assert scene.ask("SELECT DISTINCT quarter FROM entry_change") == [(NOON,)]
    assert scene.one("SELECT sum(n) FROM entry_change") == 200
