"""Gives a node what it needs for the people who are at it: truths, values, zones, policy's verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from audiences import people
from audiences.rules import FirstMatch, People, evaluate, first_match
from channels_out import policy
from itinera.kit.wire import NEVER, Instants
from itinera.kit.zones import ZoneArray
from journeys.canvas.plan import PlanNode
from journeys.engine import texts
from journeys.engine.items import Kind
from journeys.engine.roster import Rows
from journeys.engine.walks import WaveWalks
from journeys.engine.world import LiveVersion
from journeys.nodes.base import ANSWERED, ARRIVES, WAIT, Decision, Step
from journeys.nodes.needs import Column

if TYPE_CHECKING:
    from journeys.engine.wave import Wave


class Visit:
    """The people at one node in one pass, as roster rows with their instants."""

    def __init__(
        self, wave: Wave, version: LiveVersion, node: PlanNode, rows: Rows, at: Instants,
        resumed: NDArray[np.int8], answer: NDArray[np.int16],
    ) -> None:  # fmt: skip
        self.wave, self.version, self.node = wave, version, node
        self.rows, self.at, self.resumed, self.answer = rows, at, resumed, answer
        self.needs = node.needs
        self.profile = wave.roster.profile[rows]
        self.entered = wave.roster.entered[rows]
        self.entry_event = wave.roster.entry_event[rows]
        self.texts: list[dict[str, str] | None] = []
        self.looked_back: list[tuple[NDArray[np.int64], FirstMatch]] = []

    def decide(self) -> Decision:
        verdicts = self.verdicts
        step = Step(
            profile=self.profile,
            at=self.at,
            entered_at=self.entered,
            resumed=self.resumed,
            answer=self.answer,
            salt=self.node.salt,
            truth=self._truth(),
            zones=self.zones if self.needs.zones else None,
            units=self.wave.units(self.profile) if self.needs.units else None,
            columns={column: self.column(column) for column in self.needs.columns},
            came=self._came(),
            verdict=None if verdicts is None else verdicts.status,
            held_until=None if verdicts is None else verdicts.until,
        )
        decision = self.node.decide(step)
        if len(decision.port) != len(self.rows):
            raise ValueError(f"{self.node.type} answered for {len(decision.port)} of {len(self.rows)} people")
        self._take_answers(decision)
        if self.wave.replay and self.needs.message is not None and self.needs.message.wants_outcome:
            return self._delivered_at_once(step, decision)
        return decision

    def _delivered_at_once(self, step: Step, decision: Decision) -> Decision:
        """In a replay what policy lets through counts as delivered at that instant: nobody waits for an outcome."""
        assert step.verdict is not None
        sent = (decision.port == WAIT) & (step.verdict == policy.Verdict.SEND) & (step.resumed != ANSWERED)
        resumed, answer = np.where(sent, ANSWERED, step.resumed), np.where(sent, 0, step.answer)
        told = self.node.decide(replace(step, resumed=resumed.astype(np.int8), answer=answer.astype(np.int16)))
        port = np.where(sent, told.port, decision.port).astype(np.int16)
        return Decision(port, np.where(sent, NEVER, decision.until), decision.effects)

    @cached_property
    def zones(self) -> ZoneArray:
        return ZoneArray.of(self.wave.zones(self.profile), self.version.zone)

    def column(self, column: Column) -> Sequence[object]:
        """A value per person; None where she has none."""
        if column.of == "profile":
            return people.load_columns(self.wave.cursor, self.profile, [column.name])[column.name]
        return [(data or {}).get(column.of, {}).get(column.name) for data in self.wave.roster.data[self.rows]]

    def _truth(self) -> tuple[NDArray[np.bool_], ...]:
        data = self.wave.roster.data[self.rows].tolist()
        walks = WaveWalks(self.wave, self.version, self.at, self.rows)
        who = People(self.profile, self.at, self.entered, self.version.zone, self.entry_event, data, walks)
        world, cursor = self.wave.world, self.wave.cursor
        return tuple(evaluate(cursor, world.compiled(rule), who) for rule in self.needs.rules)

    def _came(self) -> tuple[Instants, ...]:
        """What came before those who arrive at a wait: since entry, or in the very instant of the arrival."""
        wait = self.needs.wait
        if wait is None:
            return ()
        arrives = self._looking_back(wait.from_entry)
        if not wait.from_entry and not len(arrives):
            return ()
        start = self.entered if wait.from_entry else self.at
        found = []
        for path in wait.paths:
            times = np.full(len(self.rows), NEVER)
            match = first_match(
                self.wave.cursor, path.event, path.where, self.profile[arrives], start[arrives],
                self.at[arrives] + 1, [self.wave.passed_over(row) for row in self.rows[arrives].tolist()],
                entry_event=self.entry_event[arrives], zone=self.version.zone, catalogue=self.wave.world.catalogue,
            )  # fmt: skip
            times[arrives] = match.at
            self.looked_back.append((arrives, match))
            found.append(times)
        return tuple(found)

    def _looking_back(self, from_entry: bool) -> NDArray[np.int64]:
        """Who must: everybody who arrives, or only those whose instant has events that went by before her."""
        arrives = self.resumed == ARRIVES
        if not from_entry:
            events = self.wave.instant
            arrives &= np.isin(self.profile, events.profile[events.kind == Kind.EVENT])
        return np.flatnonzero(arrives)

    def _take_answers(self, decision: Decision) -> None:
        """Who went on at once by what had come: that event is spent, and its properties are her answer."""
        for way, (arrives, match) in enumerate(self.looked_back):
            took = (decision.port[arrives] == way) & (match.at != NEVER)
            for place in np.flatnonzero(took):
                row = int(self.rows[arrives[place]])
                self.wave.spend(row, int(match.event[place]))
                if self.version.plan.uses_answer:
                    self.wave.remember(row, "answer", match.properties[place])

    @cached_property
    def verdicts(self) -> policy.Verdicts | None:
        """What policy says to everybody who asks now: those who arrive, and those whose hold is over."""
        if self.needs.message is None:
            return None
        asks = np.flatnonzero(self.resumed != ANSWERED)
        roster = self.wave.roster
        self.texts = texts.render(self, asks)
        ready = np.array([self.texts[i] is not None for i in asks.tolist()], dtype=bool)
        answer = policy.judge(
            self.wave.cursor,
            self.wave.world.send_spec(self.version, self.node.id, self.needs.message),
            policy.Intents(
                shard=roster.shard[self.rows[asks]],
                profile=self.profile[asks],
                at=self.at[asks],
                asked=self.wave.policy_clock(self.at[asks]),
                first_refused=roster.held_since[self.rows[asks]],
                ready=ready,
            ),
        )
        return _spread(answer, asks, len(self.rows))


def _spread(found: policy.Verdicts, asks: NDArray[np.int64], count: int) -> policy.Verdicts:
    """The verdicts at the positions of those who asked; the others' are never read."""
    if len(asks) == count:
        return found

    def wide(values: NDArray[Any], empty: int) -> NDArray[Any]:
        column = np.full(count, empty, dtype=values.dtype)
        column[asks] = values
        return column

    address: list[str | None] = [None] * count
    for position, value in zip(asks, found.address, strict=True):
        address[position] = value
    until, first_refused = wide(found.until, NEVER), wide(found.first_refused, NEVER)
    return policy.Verdicts(wide(found.status, 0), wide(found.reason, 0), until, first_refused, address)
