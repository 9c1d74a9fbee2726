"""Two merge and two ingest the same identities at once, while others walk and send, and some are killed.

Nobody is lost, doubled or half merged; every event has led to one walk and one message; nobody waited in a circle.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

import pytest

from audiences.models import MergeRequest
from audiences.stages import merge
from channels_out.models import MessageStatus
from itinera.kit import clock
from journeys.stages import advance
from tests.acceptance.drawing import draw, node, sms, start
from tests.concurrency.engine import scene
from tests.concurrency.oneid import worker
from tests.concurrency.oneid.lines import batch, customers, take
from tests.concurrency.oneid.sending import send_some
from tests.integration.engine import reconcile
from tests.integration.oneid.scene import astray, ghosts

pytestmark = pytest.mark.django_db(transaction=True)
FEEDERS = (1, 2)
PARTS = (*(f"ingest {feeder}" for feeder in FEEDERS), "merge", "merge", "walk", "walk", "send")
# An SMS of category service needs a telephone; whoever has none yet leaves by `unreachable`.
CANVAS = draw(
    start(), node("nap", "delay.for", {"duration": "PT1S"}), sms(category="service"), node("end", "exit"),
    reentry={"policy": "always"},
)  # fmt: skip


FORKS = multiprocessing.get_context("forkserver")


@dataclass
class Crew:
    """The programs at work, and what each feeder has said that is durable."""

    folder: Path
    running: dict[int, BaseProcess] = field(default_factory=dict)

    def start(self, place: int) -> None:
        part, *feeder = PARTS[place].split()
        work = (part, int(feeder[0]) if feeder else 0, self._said(place), self._complained(place))
        self.running[place] = FORKS.Process(target=worker.work, args=work)
        self.running[place].start()

    def kill(self, place: int) -> None:
        self.running[place].kill()
        self.running[place].join()

    def done(self, feeder: int) -> int:
        """How many of its batches are durable."""
        return worker.done(self._said(PARTS.index(f"ingest {feeder}")))

    def ended(self) -> list[str]:
        """Those that have ended by themselves, with what they said of it: none should."""
        gone = [place for place, each in self.running.items() if not each.is_alive()]
        return [f"{PARTS[place]}: {self._complained(place).read_text()[-2000:]}" for place in gone]

    def _said(self, place: int) -> Path:
        return self.folder / f"{place}.out"

    def _complained(self, place: int) -> Path:
        return self.folder / f"{place}.err"


def work(crew: Crew, seconds: float, seed: int) -> None:
    """Let them work; now and then one is killed and begins again."""
    dice = Random(seed)
    for place in range(len(PARTS)):
        crew.start(place)
    while not all(crew.done(feeder) for feeder in FEEDERS):
        assert not crew.ended(), crew.ended()
        time.sleep(0.05)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(dice.uniform(0.3, 1.0))
        assert not crew.ended(), crew.ended()
        place = dice.randrange(len(PARTS))
        crew.kill(place)
        crew.start(place)
    assert not crew.ended(), crew.ended()
    for place in list(crew.running):
        crew.kill(place)


def finish(crew: Crew) -> dict[int, int]:
    """What was cut off comes in again, and everything comes to rest; how many batches of each feeder there were."""
    batches = {feeder: crew.done(feeder) + 1 for feeder in FEEDERS}
    for feeder, count in batches.items():
        take(feeder, count - 1)
    while merge.run(clock.now()).done:
        pass
    later = clock.now() + timedelta(seconds=5)
    while advance.run(later).done or send_some():
        pass
    return batches


def check(batches: dict[int, int]) -> None:
    """One profile for each customer, each event with its walk and its message."""
    found = {(kind, value): who for kind, value, who in scene.ask("SELECT kind, value, profile_id FROM identity")}
    truth = customers(batches)
    assert set().union(*truth) == set(found)
    assert [each for each in truth if len({found[identity] for identity in each}) > 1] == []
    assert len(set(found.values())) == len(truth) == scene.ask("SELECT count(*) FROM profile")[0][0]
    assert not MergeRequest.objects.exists()
    assert (ghosts(), astray(), reconcile.differences()) == ({}, {}, [])
    expected = sum(batches.values()) * len(batch(1, 0, "")[1])
    assert scene.ask("SELECT count(*), count(DISTINCT id) FROM event") == [(expected, expected)]
    walks = "SELECT count(*), count(DISTINCT entry_event), count(*) FILTER (WHERE reason = 1) FROM enrolment"
    assert scene.ask(walks) == [(expected, expected, expected)]
    owners = """
        SELECT count(*) FROM enrolment e JOIN event v ON v.id = e.entry_event WHERE v.profile_id <> e.profile_id"""
    assert scene.ask(owners) == [(0,)]
    of_walks = """
        SELECT count(*) FROM message m WHERE NOT EXISTS (
            SELECT FROM enrolment e JOIN version v ON v.id = e.version_id
            WHERE e.profile_id = m.profile_id AND e.seq = m.seq AND e.shard = m.shard AND v.id = m.version_id)"""
    assert scene.ask(of_walks) == [(0,)]
    assert scene.ask("SELECT count(*), count(DISTINCT (profile_id, seq)) FROM message") == [(expected, expected)]
    ends = {MessageStatus.SENT, MessageStatus.UNREACHABLE}
    # A sender that is killed in the midst of a call leaves it open: in doubt, and never sent again blindly.
    assert {status for (status,) in scene.ask("SELECT DISTINCT status FROM message")} <= ends | {
        MessageStatus.CALLING, MessageStatus.CLAIMED
    }  # fmt: skip
    twice = "SELECT message_id FROM attempt GROUP BY message_id HAVING count(*) > 1"
    assert scene.ask(twice) == []


@pytest.fixture
def crew(site_environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Crew]:
    """Programs of the test's own database."""
    monkeypatch.setenv("DATABASE_URL", site_environment["DATABASE_URL"])
    FORKS.set_forkserver_preload([worker.__name__])
    found = Crew(tmp_path)
    yield found
    for place in found.running:
        found.kill(place)


def at_once(crew: Crew, seconds: float, seed: int) -> None:
    scene.accounts()
    scene.publish(CANVAS)
    work(crew, seconds, seed)
    batches = finish(crew)
    merged = scene.ask("SELECT count(*) FROM merge")[0][0]
    sys.stdout.write(f"{batches} batches, {merged} merges, {scene.ask('SELECT count(*) FROM event')[0][0]} events\n")
    assert merged > 10
    check(batches)


@pytest.mark.timeout(180)
def test_for_ten_seconds(crew: Crew) -> None:
    at_once(crew, 10, seed=1)


@pytest.mark.soak
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", [2, 3])
def test_for_a_minute(crew: Crew, seed: int) -> None:
    at_once(crew, 60, seed)
