"""Several processes walk the same people: everybody once, no cap broken, whatever is killed."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from datetime import timedelta

import pytest

from channels_out.models import Cap
from itinera.kit import clock
from itinera.local.home import PROJECT
from journeys import actions
from journeys.models import Journey
from journeys.stages import reap
from tests.acceptance.drawing import draw, node, sms, start
from tests.concurrency.engine import scene

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]
PEOPLE, WALKERS = 3_000, 3
CAPPED = 8  # a message's status


def walkers(environment: dict[str, str]) -> list[subprocess.Popen[bytes]]:
    """Processes that run waves side by side."""
    command = [sys.executable, "-m", "tests.concurrency.engine.walker"]
    return [subprocess.Popen(command, cwd=PROJECT, env=environment) for _ in range(WALKERS)]


def walk(environment: dict[str, str]) -> None:
    """Let them run until nothing is due."""
    assert [each.wait() for each in walkers(environment)] == [0] * WALKERS


def everybody_once(slug: str) -> None:
    """One enrolment each, each step once, counts equal to rows."""
    assert scene.ask("SELECT count(*), count(DISTINCT profile_id) FROM enrolment") == [(PEOPLE, PEOPLE)]
    twice = "SELECT 1 FROM (SELECT profile_id, unnest(codes) c FROM path) s WHERE c %% 64 < 62 GROUP BY profile_id, c"
    assert scene.ask(f"{twice} HAVING count(*) > 1") == []
    assert scene.ask("SELECT sum(n) FROM tally WHERE node = 0 AND port = -1") == [(PEOPLE,)], slug


def test_everybody_walks_once(site_environment: dict[str, str]) -> None:
    scene.accounts()
    scene.people(PEOPLE)
    canvas = draw(start(), sms(), node("nap", "delay.for", {"duration": "PT1S"}), sms("again"), node("end", "exit"))
    now = scene.publish(canvas)
    scene.orders(PEOPLE, now)
    walk(site_environment)
    everybody_once("welcome")
    assert scene.ask("SELECT reason, count(*) FROM enrolment GROUP BY reason") == [(1, PEOPLE)]
    assert scene.ask("SELECT count(*) FROM message") == [(2 * PEOPLE,)]


def test_a_cap_holds(site_environment: dict[str, str]) -> None:
    """Two journeys, one message a week: never two, whoever walks whom."""
    scene.accounts()
    scene.people(PEOPLE)
    Cap.objects.create(name="one", limit=1, window="P7D")
    one, two = (draw(start(), sms(), slug=slug) for slug in ("one", "two"))
    now = scene.publish(one, two)
    scene.orders(PEOPLE, now)
    walk(site_environment)
    counted = dict(scene.ask("SELECT status = %s, count(*) FROM message GROUP BY 1", CAPPED))
    assert counted == {False: PEOPLE, True: PEOPLE}
    most = "SELECT max(n) FROM (SELECT count(*) n FROM message WHERE status <> %s GROUP BY profile_id) s"
    assert scene.ask(most, CAPPED) == [(1,)]


def test_whoever_is_killed_leaves_nothing_half_done(site_environment: dict[str, str]) -> None:
    """Walkers die at random instants of their waves; others finish the work."""
    scene.accounts()
    scene.people(PEOPLE)
    canvas = draw(start(), sms(), node("nap", "delay.for", {"duration": "PT1S"}), sms("again"), node("end", "exit"))
    now = scene.publish(canvas)
    draws = random.Random(7)
    for part in range(5):
        scene.orders(PEOPLE // 5, now, first=part * PEOPLE // 5)
        running = walkers(site_environment)
        time.sleep(draws.uniform(1.0, 2.5))
        for each in running:
            each.kill()
            each.wait()
    walk(site_environment)
    everybody_once("welcome")
    assert scene.ask("SELECT count(*), count(DISTINCT (profile_id, node)) FROM message") == [(2 * PEOPLE, 2 * PEOPLE)]


def test_events_and_waves_at_once(site_environment: dict[str, str]) -> None:
    """Events come in while waves run: exits and entries of one person never cross."""
    scene.accounts()
    scene.people(PEOPLE)
    nap = node("nap", "delay.for", {"duration": "P1D"})
    canvas = draw(start(), nap, exit_when=[{"event": "unsubscribed"}], reentry={"policy": "after_exit"})
    now = scene.publish(canvas)
    running = walkers(site_environment)
    for turn in range(4):
        scene.orders(PEOPLE, now - timedelta(seconds=20 - 4 * turn))
        scene.orders(PEOPLE, now - timedelta(seconds=18 - 4 * turn), "unsubscribed")
    for each in running:
        each.wait()
    walk(site_environment)
    assert scene.ask("SELECT reason, count(*) FROM enrolment GROUP BY reason") == [(3, 4 * PEOPLE)]


def test_versions_come_and_end_beside_the_waves(site_environment: dict[str, str]) -> None:
    """Orders, publications, pauses and the reaper, all at once: everybody walks once, in whichever version."""
    scene.accounts()
    scene.people(PEOPLE)
    canvas = draw(start(), sms(), node("nap", "delay.for", {"duration": "PT1S"}), sms("again"), node("end", "exit"))
    scene.publish(canvas)
    running = walkers(site_environment)
    parts = 6
    for part in range(parts):
        now = clock.now()
        scene.orders(PEOPLE // parts, now, first=part * PEOPLE // parts)
        journey = Journey.objects.get()
        if part % 3:
            actions.pause(journey, None)
        if part % 3 != 1:
            actions.publish(journey, None, now)
        else:
            actions.resume(journey, None)
        reap.run(clock.now())
    for each in running:
        each.wait()
    walk(site_environment)
    everybody_once("welcome")
    assert scene.ask("SELECT reason, count(*) FROM enrolment GROUP BY reason") == [(1, PEOPLE)]
    assert scene.ask("SELECT count(*), count(DISTINCT (profile_id, node)) FROM message") == [(2 * PEOPLE, 2 * PEOPLE)]
    reap.run(clock.now())
    assert scene.ask("SELECT status, count(*) FROM version GROUP BY 1 ORDER BY 1") == [("ended", 4), ("live", 1)]
    assert scene.ask("SELECT 1 FROM feed UNION ALL SELECT 1 FROM held_feed UNION ALL SELECT 1 FROM chunk") == []
