"""One wave: everybody with something to do, from the claim to the commit.

A wave is one transaction, REPEATABLE READ, whose first statement takes shards. If it raises, nothing has
happened; the wave is then halved, down to the one person who raises, and she leaves as `error`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson
import psycopg
from django.db import transaction
from numpy.typing import NDArray

from audiences.models import PeopleKind
from itinera.kit import sqlfile, wire
from itinera.kit.wire import Cursor, Ids, Instants
from journeys.engine import commit, park
from journeys.engine import roster as rosters
from journeys.engine.faults import WalkFailed
from journeys.engine.foresight import Foresight, among
from journeys.engine.goals import put_out
from journeys.engine.items import Items, Kind, make
from journeys.engine.ledger import Ledger
from journeys.engine.react import live_through
from journeys.engine.roster import Roster
from journeys.engine.rounds import Agenda
from journeys.engine.world import LiveVersion, World

SQL = sqlfile.queries(__file__, "effects.sql")


@dataclass(frozen=True)
class Clock:
    """The instant of a wave, and for each shard up to when it may act: not beyond what is still unread."""

    at: int
    horizons: Instants


@dataclass
class Wave:
    """The state of one wave in memory. `at` is its instant, `horizons` up to when each shard may act in it.

    In a replay the virtual clock stands for the wall clock of policy.
    """

    cursor: Cursor
    world: World
    at: int
    horizons: Instants
    replay: bool
    agenda: Agenda
    quarantine: frozenset[int] = frozenset()
    roster: Roster = field(default_factory=Roster)
    ledger: Ledger = field(default_factory=Ledger)
    rounds: int = 0
    foresight: Foresight = field(init=False)
    unheard: Items | None = None
    instant: Items = field(default_factory=lambda: make(0))
    _spent: dict[int, list[int]] = field(default_factory=dict)
    _values: dict[str, tuple[Ids, NDArray[np.object_]]] = field(default_factory=dict)
    _others: dict[int, str] | None = None
    _everybody: Ids = field(default_factory=lambda: np.empty(0, np.int64))

    def run(self, items: Items) -> None:
        """Live through everything up to the horizon."""
        self._everybody = np.unique(items.profile)
        self._load(items)
        self.foresight = Foresight(self, items)
        while (now := self.agenda.next_round()) is not None:
            self.rounds += 1
            self.instant = now
            live_through(self, now)

    def _load(self, items: Items) -> None:
        """The enrolments that these items can touch, journey by journey.

        Of people to whom something new happens there, all (re-entry asks for the past); of the others only
        the walks that are due.
        """
        for journey in sorted({v.journey for v in self.world.versions}):
            versions = [v for v in self.world.versions if v.journey == journey]
            new = np.zeros(len(items), dtype=bool)
            for version in versions:
                new |= (items.kind == Kind.EVENT) & self.hears(version, items)
            named = np.isin(items.version, [v.id for v in versions]) & (items.kind != Kind.EVENT)
            new |= named & np.isin(items.kind, (Kind.OUTCOME, Kind.ENTRY))
            who, first = np.unique(items.profile[new], return_index=True)
            if len(who):
                params = {"shards": items.shard[new][first], "profiles": who, "journey": journey}
                rosters.load(self.cursor, self.roster, "of_people", params)
            due = items.pick(named & ~np.isin(items.profile, who))
            if len(due):
                params = {"shards": due.shard, "profiles": due.profile, "seqs": due.seq, "journey": journey}
                rosters.load(self.cursor, self.roster, "of_members", params)

    def hears(self, version: LiveVersion, events: Items) -> NDArray[np.bool_]:
        """Which of these events the version listens to; one that was held back for a version is its alone."""
        addressed = (events.version == 0) | (events.version == version.id)
        heard: NDArray[np.bool_] = addressed & among(self.world.heard(version), events.type_id)
        return heard

    def policy_clock(self, at: Instants) -> Instants:
        """The wall clock that policy asks, per person: the virtual one in a replay."""
        return at if self.replay else np.maximum(at, self.at)

    def zones(self, profiles: Ids) -> Sequence[str | None]:
        found: Sequence[str | None] = self._of_profiles("zone", profiles).tolist()
        return found

    def units(self, profiles: Ids) -> Sequence[str]:
        found: Sequence[str] = self._of_profiles("unit", profiles).tolist()
        return found

    def of_kind(self, profiles: Ids, kind: str) -> NDArray[np.bool_]:
        """Which of these people are of a kind. Nearly everybody is a customer: only the others are read, once."""
        if self._others is None:
            self.cursor.execute(SQL["no_customers"], {"profiles": self._everybody})
            self._others = dict(self.cursor.fetchall())
        others = self._others
        if not others:
            return np.full(len(profiles), kind == PeopleKind.CONSUMER)
        kinds = (others.get(number, PeopleKind.CONSUMER) for number in profiles.tolist())
        return np.fromiter((each == kind for each in kinds), dtype=bool, count=len(profiles))

    def _of_profiles(self, name: str, profiles: Ids) -> NDArray[np.object_]:
        """A text of each profile, read once per wave for everybody."""
        if name not in self._values:
            found = wire.fetch_columns(self.cursor, SQL[name + "s"], {"profiles": self._everybody})[name]
            cells = np.empty(len(self._everybody), dtype=object)
            cells[:] = found
            self._values[name] = (self._everybody, cells)
        ids, cells = self._values[name]
        return cells[np.searchsorted(ids, profiles)]

    @contextmanager
    def blaming(self, version: LiveVersion, things: Items | None = None) -> Iterator[None]:
        """What raises within is laid at this version's door. In quarantine, where it has been before, it is passed
        over, and her walks there to whom these things happen leave as `error`.
        """
        quarantined = version.id in self.quarantine
        try:
            with transaction.atomic() if quarantined else nullcontext():
                yield
        except (psycopg.OperationalError, psycopg.InterfaceError, WalkFailed):
            raise
        except Exception as error:
            if not quarantined:
                raise WalkFailed(version.id, "", error) from error
            if things is not None:
                put_out(self, version, things)

    def spend(self, row: int, event: int) -> None:
        """An event ends at most one wait of a walk: look-backs pass over those that have."""
        if event:
            self._spent.setdefault(row, []).append(event)
            if self.looks_back(int(self.roster.version[row])):
                self.roster.data[row] = self.carried(row)

    def carried(self, row: int) -> dict[str, Any] | None:
        """What a walk carries, with the events that ended waits of it."""
        data: dict[str, Any] | None = self.roster.data[row]
        spent = self._spent.get(row)
        if not spent:
            return data
        return {**(data or {}), "used": sorted({*(data or {}).get("used", ()), *spent})}

    def passed_over(self, row: int) -> dict[str, Any] | None:
        """The same for a look-back amid an instant's lines: those whose turn comes later do not count yet."""
        data = self.carried(row)
        if self.unheard is None or not len(self.unheard):
            return data
        later = self.unheard.event_id[self.unheard.profile == self.roster.profile[row]].tolist()
        return {**(data or {}), "used": [*(data or {}).get("used", ()), *later]} if later else data

    def looks_back(self, version: int) -> bool:
        """Whether a wait of the version counts from entry."""
        plan = next(v.plan for v in self.world.versions if v.id == version)
        return any(node.needs.wait is not None and node.needs.wait.from_entry for node in plan.nodes)

    def remember(self, row: int, name: str, value: dict[str, Any] | None) -> None:
        """Keep the properties of an event with a walk."""
        self.roster.data[row] = {**(self.roster.data[row] or {}), name: value or {}}

    @staticmethod
    def json(value: dict[str, Any] | None) -> str | None:
        return None if value is None else orjson.dumps(value).decode()

    @staticmethod
    def parsed(body: str | None) -> dict[str, Any]:
        found: dict[str, Any] = orjson.loads(body) if body else {}
        return found

    def number(self, body: str | None, name: str) -> float | None:
        value = self.parsed(body).get(name)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def carry(
    cursor: Cursor, world: World, items: Items, clock: Clock, replay: bool,
    quarantine: frozenset[int] = frozenset(),
) -> Wave:  # fmt: skip
    """Walk these items and write what comes of it. The caller consumes them and commits."""
    now = items.at <= clock.horizons[items.shard]
    wave = Wave(cursor, world, clock.at, clock.horizons, replay, Agenda(items.pick(now)), quarantine)
    wave.run(items)
    commit.write(cursor, wave.roster, wave.ledger)
    park.park(cursor, wave.roster, wave.ledger)
    # Members of a chunk whose own time within its second has not come yet go back.
    park.put_back(cursor, items.pick(~now))
    return wave
