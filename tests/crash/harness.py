"""Feed a stack from several processes, kill its parts at seeded moments, wait until it is quiet, count everything."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import psycopg

from tests.crash import count
from tests.crash.journey import NAP, PATIENCE
from tests.crash.stack import PARTS, Victim

Json = dict[str, Any]
CLIENTS = 4
DEADLINE = 180.0  # seconds after the last event for everything to come to rest


@dataclass(frozen=True)
class Plan:
    """How many orders come in, over how many seconds, and how often each part is killed."""

    events: int
    seconds: float
    kills: int
    seed: int = 1

    def moments(self) -> list[tuple[int, str]]:
        """After how many accepted orders which part is killed: at random, all while events still come in."""
        random = Random(self.seed)
        return sorted((random.randrange(self.events * 9 // 10), part) for part in PARTS for _ in range(self.kills))


@dataclass
class Fed:
    """What the clients were told: whose order was accepted, with which time; whose login, and when that was said."""

    orders: dict[str, datetime] = field(default_factory=dict)
    logins: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def take(self, line: str) -> None:
        """One accepted batch."""
        told = json.loads(line)
        answer = told["answer"]
        if answer["rejected"] or answer["accepted"] + answer["duplicates"] != len(told["members"]):
            self.problems.append(f"a batch was answered with {answer}")
        at, answered = (datetime.fromisoformat(told[name]) for name in ("at", "answered"))
        if told["kind"] == "order":
            self.orders.update(dict.fromkeys(told["members"], at))
        else:
            self.logins.update(dict.fromkeys(told["members"], (at, answered)))

    def came(self, *, surely: bool) -> set[str]:
        """Those whose login falls into her wait, which begins and ends by event time whatever was down.

        A login that was accepted only after the wait's end acts where she then stands: it may have come too late.
        """
        found: set[str] = set()
        for member, (at, answered) in self.logins.items():
            begun, over = (self.orders[member] + timedelta(seconds=after) for after in (NAP, NAP + PATIENCE))
            if begun <= at < over and (answered < over or not surely):
                found.add(member)
        return found


@dataclass
class Outcome:
    """What happened, and what is wrong with it (nothing, if all is well)."""

    plan: Plan
    fed: Fed
    killed: list[str]
    found: count.Found
    wrong_counts: list[str]
    seconds: float

    @property
    def problems(self) -> list[str]:
        return [*self.fed.problems, *self.found.problems(self.fed, self.plan), *self.wrong_counts]


def crash(folder: Path, plan: Plan) -> Outcome:
    """Start a stack, break it while it works, and say what came of it."""
    victim = Victim(folder)
    try:
        token = brand(victim)
        began = time.monotonic()
        fed, killed = _feed_and_kill(victim, token, plan)
        moving = victim.wrong_counts()  # people still wait, messages are still being sent
        found = _rest(victim)
        return Outcome(plan, fed, killed, found, moving + victim.wrong_counts(), time.monotonic() - began)
    finally:
        victim.stop()


def brand(victim: Victim) -> str:
    """Set the journey up in a running stack; a token for its API."""
    program = victim.program("tests.crash.brand")
    told, _ = program.communicate(timeout=60)
    assert program.returncode == 0, "the brand could not be set up"
    return told.split()[-1]


def _feed_and_kill(victim: Victim, token: str, plan: Plan) -> tuple[Fed, list[str]]:
    fed, random, killed = Fed(), Random(plan.seed), list[str]()
    clients = [_client(victim, token, plan, place) for place in range(CLIENTS)]
    readers = [threading.Thread(target=_listen, args=(client, fed)) for client in clients]
    for reader in readers:
        reader.start()
    moments = plan.moments()
    while any(reader.is_alive() for reader in readers):
        while moments and len(fed.orders) >= moments[0][0]:
            at, part = moments.pop(0)
            killed.append(f"after {at}: {victim.kill(part, random)}")
        time.sleep(0.05)
    fed.problems += [f"a client ended with {client.wait()}" for client in clients if client.wait()]
    return fed, killed


def _client(victim: Victim, token: str, plan: Plan, place: int) -> subprocess.Popen[str]:
    share = [plan.events * edge // CLIENTS for edge in (place, place + 1)]
    program = victim.program("tests.crash.feeder", victim.address, *map(str, share), str(plan.seconds))
    assert program.stdin is not None
    program.stdin.write(token + "\n")
    program.stdin.close()
    return program


def _listen(client: subprocess.Popen[str], fed: Fed) -> None:
    assert client.stdout is not None
    for line in client.stdout:
        fed.take(line)


def _rest(victim: Victim) -> count.Found:
    """Wait until nobody is inside and nothing is owed, or the deadline has passed; then count."""
    deadline = time.monotonic() + DEADLINE
    while time.monotonic() < deadline:
        try:
            with psycopg.connect(victim.database, connect_timeout=5) as connection:
                if count.is_quiet(connection):
                    break
        except psycopg.Error:
            pass  # still recovering from the last kill
        time.sleep(0.5)
    with psycopg.connect(victim.database) as connection:
        return count.look(connection, victim.deliveries())
