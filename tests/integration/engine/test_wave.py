"""One wave: from an event to a walk, a path, a message and the figures."""

from __future__ import annotations

import pytest

from journeys.counts import journey_counts
from journeys.models import Tally
from journeys.stages import advance
from tests.acceptance.drawing import draw, node, sms, start
from tests.integration.engine import reconcile, scene
from tests.integration.engine.scene import HOUR, MINUTE, NOON, SECOND, ask, events, exits, one, people, publish, walk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("accounts", "balanced")]
SPLIT = {"ways": [{"id": "a", "percent": 50}, {"id": "b", "percent": 50}]}
VIP = {"rule": {"attribute": "level", "op": "eq", "value": "vip"}}


def test_an_event_lets_her_in_and_a_message_lies_in_the_outbox() -> None:
    version = publish(draw(start(), sms(text="hi {{ profile.city }}")))
    people(["M1"], attributes={"city": "上海"})
    events(["M1"], at=NOON - MINUTE)
    report = walk()
    assert (report["people"], report["entered"], report["messages"], report["transitions"]) == (1, 1, 1, 2)
    sql = "SELECT entered_at, left_at, seq, version_id FROM enrolment"
    assert ask(sql) == [(NOON - MINUTE, NOON - MINUTE, 1, version.pk)]
    assert exits() == {"completed": 1}
    assert scene.path("M1", version) == [("start", "next"), ("text", "next")]
    sql = "SELECT status, at, content->>'text', journey, node_id, address FROM message"
    ((status, at, text, slug, name, address),) = ask(sql)
    assert (status, at, text, slug, name) == (0, NOON - MINUTE, "hi 上海", "welcome", "text")
    assert address.startswith("+86138")
    assert ask("SELECT 1 FROM feed") == []


def test_a_crowd_takes_many_ways_and_every_figure_is_what_the_rows_say() -> None:
    nap, bye = node("nap", "delay.for", {"duration": "P1D"}), node("bye", "goal", {"name": "bye"})
    vip = node("vip", "condition", VIP, yes="split", no="out")
    split = node("split", "split.random", SPLIT, a="text", b="nap")
    canvas = draw(start(), vip, split, sms(), nap, bye, node("out", "exit"))
    version = publish(canvas)
    people([f"V{n}" for n in range(120)], attributes={"level": "vip"})
    people(80)
    events([f"V{n}" for n in range(120)])
    events(80)
    report = walk()
    assert report["entered"] == report["people"] == 200
    taken = one("SELECT count(*) FROM path, unnest(codes) AS code WHERE code & 63 < 62")
    assert report["transitions"] == taken
    counts = journey_counts(scene.journey())
    assert counts["nodes"]["start"] == {"in": 200, "at": 0, "out": {"next": 200}}
    assert counts["nodes"]["vip"] == {"in": 200, "at": 0, "out": {"yes": 120, "no": 80}}
    ways = counts["nodes"]["split"]["out"]
    assert ways["a"] + ways["b"] == 120
    assert 30 < ways["a"] < 90
    assert counts["nodes"]["nap"]["at"] == 120
    assert counts["messages"] == {0: ways["a"]}
    assert exits() == {None: 120, "completed": 80}
    assert walk(NOON + 24 * HOUR)["people"] == 120
    assert journey_counts(scene.journey())["goals"] == 120
    assert exits() == {"completed": 200}
    assert ask("SELECT DISTINCT version_id FROM enrolment") == [(version.pk,)]


def test_a_wrong_count_does_not_go_unnoticed() -> None:
    publish(draw(start(), node("nap", "delay.for", {"duration": "P1D"})))
    people(3)
    events(3)
    walk()
    assert reconcile.differences() == []
    row = Tally.objects.filter(node=1, port=-1).first()
    assert row is not None
    Tally.objects.filter(pk=row.pk).update(n=row.n + 1)
    assert len(reconcile.differences()) == 1
    Tally.objects.filter(pk=row.pk).update(n=row.n)
    ask("UPDATE enrolment SET stamp = stamp + 1 WHERE profile_id = %s RETURNING 1", scene.member("M1"))
    assert len(reconcile.differences()) == 1
    ask("UPDATE enrolment SET stamp = stamp - 1 WHERE profile_id = %s RETURNING 1", scene.member("M1"))


def test_with_nothing_to_do_nothing_is_done() -> None:
    publish(draw(start(), sms()))
    report = advance.run(NOON)
    assert (report.done, report.more) == (0, False)
    assert one("SELECT sum(wave) FROM shard") == 0


def test_an_event_that_nobody_asks_for_is_not_fed() -> None:
    publish(draw(start(), sms()))
    people(["M1"])
    events(["M1"], "page_view")
    assert ask("SELECT 1 FROM feed") == []
    assert one("SELECT count(*) FROM event") == 1


def test_an_event_of_the_future_waits_for_its_instant() -> None:
    publish(draw(start(), sms()))
    people(["M1"])
    events(["M1"], at=NOON + HOUR, known=NOON)
    assert walk(NOON)["people"] == 0
    assert walk(NOON + HOUR - SECOND)["people"] == 0
    assert walk(NOON + HOUR)["entered"] == 1


def test_who_fails_the_filter_is_counted_and_nothing_else() -> None:
    publish(draw(start(), sms(), entry={"filter": VIP["rule"]}))
    people(["M1"], attributes={"level": "vip"})
    people(["M2", "M3"])
    events(["M1", "M2", "M3"])
    walk()
    counts = journey_counts(scene.journey())
    assert counts["exits"] == {"filtered": 2, "completed": 1}
    assert counts["nodes"]["start"]["in"] == 1
    assert exits() == {"completed": 1}


def test_she_walks_at_her_own_instants_however_late_the_wave_comes() -> None:
    nap = node("nap", "delay.for", {"duration": "PT10M"})
    version = publish(draw(start(), nap, sms(), node("again", "delay.for", {"duration": "PT20M"}), sms("more")))
    people(["M1"])
    events(["M1"], at=NOON)
    assert walk(NOON + 5 * HOUR)["people"] == 1
    assert ask("SELECT at FROM message ORDER BY id") == [(NOON + 10 * MINUTE,), (NOON + 30 * MINUTE,)]
    assert ask("SELECT left_at FROM enrolment") == [(NOON + 30 * MINUTE,)]
    assert [name for name, _ in scene.path("M1", version)] == ["start", "nap", "nap", "text", "again", "again", "more"]


def test_paid_then_refunded_are_two_rounds() -> None:
    canvas = draw(start(), node("nap", "delay.for", {"duration": "P1D"}), exit_when=[{"event": "refunded"}],
                  reentry={"policy": "after_exit"})  # fmt: skip
    publish(canvas)
    people(20)
    for turn in range(3):
        events(20, at=NOON + 2 * turn * MINUTE)
        events(20, "refunded", at=NOON + (2 * turn + 1) * MINUTE)
    report = walk(NOON + HOUR)
    assert report["entered"] == 60
    assert exits() == {"exit_rule": 60}
    assert ask("SELECT DISTINCT left_at - entered_at FROM enrolment") == [(MINUTE,)]


def test_a_hint_that_is_too_early_leaves_everything_in_place() -> None:
    publish(draw(start(), node("nap", "delay.for", {"duration": "P1D"}), sms()))
    people(5)
    events(5)
    walk()
    before = ask("SELECT id FROM chunk ORDER BY id")
    assert walk(NOON + 24 * HOUR - SECOND)["people"] == 0
    assert ask("SELECT id FROM chunk ORDER BY id") == before
    assert walk(NOON + 24 * HOUR)["messages"] == 5
    assert ask("SELECT 1 FROM chunk") == []
