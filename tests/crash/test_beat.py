"""Acceptance: with beat stopped, what depends on time stops; with beat back, nobody is lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.crash import count
from tests.crash.harness import brand
from tests.crash.journey import NAP, PATIENCE
from tests.crash.stack import Victim

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]
PEOPLE = 50


@pytest.fixture
def victim(folder: Path) -> Iterator[Victim]:
    """A running stack."""
    found = Victim(folder)
    yield found
    found.stop()


def standing(victim: Victim) -> dict[str, int]:
    """How many people stand at each node."""
    with psycopg.connect(victim.database) as connection:
        rows = connection.execute("SELECT node, count(*) FROM enrolment WHERE left_at IS NULL GROUP BY node").fetchall()
    return {count.NODES[node]: n for node, n in rows}


def until(expected: dict[str, int], victim: Victim, seconds: float) -> None:
    """Wait for people to stand so."""
    deadline = time.monotonic() + seconds
    while standing(victim) != expected:
        assert time.monotonic() < deadline, standing(victim)
        time.sleep(0.2)


def test_without_beat_time_stands_still(victim: Victim) -> None:
    token = brand(victim)
    victim.freeze("beat", stop=True)
    client = victim.program("tests.crash.feeder", victim.address, "0", str(PEOPLE), "1", "orders")
    client.communicate(token + "\n", timeout=60)
    until({"nap": PEOPLE}, victim, 30)  # events still come in and start walks: ingestion gives its own hints
    time.sleep(NAP + 4)
    assert standing(victim) == {"nap": PEOPLE}, "somebody moved although the clock stood still"
    victim.freeze("beat", stop=False)
    until({}, victim, PATIENCE + 60)
    with psycopg.connect(victim.database) as connection:
        found = count.look(connection, victim.deliveries())
    assert set(found.entered.values()) == {1}
    assert len(found.entered) == PEOPLE
