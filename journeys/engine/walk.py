"""Carries a set of people through one version: node by node in topological order, until each waits or leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import psycopg
from numpy.typing import NDArray

from itinera.kit.wire import NEVER, Instants
from journeys.canvas.plan import PlanNode
from journeys.engine import effects, steps
from journeys.engine.faults import WalkFailed
from journeys.engine.goals import leave
from journeys.engine.items import Items, Kind, make
from journeys.engine.ledger import LEFT, WAITS, PathBlock, encode
from journeys.engine.roster import Rows
from journeys.engine.rounds import occurrence
from journeys.engine.world import LiveVersion
from journeys.models import ExitReason
from journeys.nodes.base import ARRIVES, EXIT, WAIT

if TYPE_CHECKING:
    from journeys.engine.wave import Wave

Positions = NDArray[np.int64]


@dataclass
class Walkers:
    """Who starts to walk, from where, when and why. Arrays that run in step.

    `row` is a position in the roster, `node` a node index; `resumed` and `answer` as in `nodes.base.Step`.
    """

    row: Rows
    node: NDArray[np.int16]
    at: Instants
    resumed: NDArray[np.int8]
    answer: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.row)

    def pick(self, which: Positions | NDArray[np.bool_]) -> Walkers:
        return Walkers(self.row[which], self.node[which], self.at[which], self.resumed[which], self.answer[which])


def walk(wave: Wave, version: LiveVersion, walkers: Walkers) -> None:
    """Walk everybody. Someone with two walks in this version takes the earlier one first."""
    if not len(walkers):
        return
    roster = wave.roster
    if version.id in wave.quarantine:
        _set_aside(wave, version, walkers)
        return
    order = np.lexsort((roster.seq[walkers.row], roster.entered[walkers.row]))
    walkers = walkers.pick(order)
    turns = occurrence(roster.profile[walkers.row])
    for turn in range(int(turns.max()) + 1):
        _Walk(wave, version, walkers.pick(turns == turn)).run()


def _set_aside(wave: Wave, version: LiveVersion, walkers: Walkers) -> None:
    """These people's steps raise: they leave as `error` from where they stand, counted like everybody."""
    roster, rows = wave.roster, walkers.row
    arrives = rows[walkers.resumed == ARRIVES]
    wave.ledger.arrive(roster.shard[arrives], version.id, roster.node[arrives])
    leave(wave, version, rows, walkers.at, ExitReason.ERROR)
    # What they carried may be what cannot be written.
    roster.data[rows] = None


class _Walk:
    """One pass through the graph by people who each have one walk in it."""

    def __init__(self, wave: Wave, version: LiveVersion, walkers: Walkers) -> None:
        self.wave, self.version, self.walkers = wave, version, walkers
        self.roster, self.ledger = wave.roster, wave.ledger
        self.here: dict[int, list[Positions]] = {}
        self.resumed = walkers.resumed.copy()
        self.trail: list[tuple[Positions, NDArray[np.int16]]] = []
        for node in np.unique(walkers.node):
            self.here[int(node)] = [np.flatnonzero(walkers.node == node)]

    def run(self) -> None:
        # The wait of whoever is resumed is over, whatever she does next.
        self.roster.due[self.walkers.row] = NEVER
        for node in self.version.plan.nodes:
            found = self.here.pop(node.index, None)
            if found is not None:
                people = np.sort(np.concatenate(found))
                try:
                    self._pass(node, people)
                except (psycopg.OperationalError, psycopg.InterfaceError):
                    # The server or a collision (somebody's profile was written meanwhile): no step's fault.
                    raise
                except Exception as error:  # named and raised again: the wave decides whom it concerns
                    raise WalkFailed(self.version.id, node.id, error) from error
        self._finish()

    def _pass(self, node: PlanNode, people: Positions) -> None:
        rows = self.walkers.row[people]
        resumed = self.resumed[people]
        arrives = people[resumed == ARRIVES]
        shard = self.roster.shard[rows]
        self.ledger.arrive(shard[resumed == ARRIVES], self.version.id, node.index)
        self.roster.node[rows] = node.index
        self.roster.node_at[self.walkers.row[arrives]] = self.walkers.at[arrives]
        at, answer = self.walkers.at[people], self.walkers.answer[people]
        visit = steps.Visit(self.wave, self.version, node, rows, at, resumed, answer)
        decision = visit.decide()
        effects.execute(visit, decision)
        self._leave(node, people, decision.port)
        self._wait(node, people[decision.port == WAIT], decision.until[decision.port == WAIT])
        self._exit(node, people[decision.port == EXIT])

    def _leave(self, node: PlanNode, people: Positions, port: NDArray[np.int16]) -> None:
        gone = port >= 0
        leaving, ways = people[gone], port[gone]
        shard = self.roster.shard[self.walkers.row[leaving]]
        self.ledger.count(shard, self.version.id, node.index, ways)
        self.ledger.transitions += len(leaving)
        self.trail.append((leaving, encode(node.index, ways)))
        self.resumed[leaving] = ARRIVES
        for way in np.unique(ways):
            some, target = leaving[ways == way], node.targets[way]
            if target is None:
                self._end(some)
            else:
                self.here.setdefault(target, []).append(some)

    def _wait(self, node: PlanNode, people: Positions, until: Instants) -> None:
        if not len(people):
            return
        self.roster.due[self.walkers.row[people]] = until
        anew = people[self.resumed[people] == ARRIVES]
        self.trail.append((anew, encode(np.full(len(anew), node.index), WAITS)))

    def _exit(self, node: PlanNode, people: Positions) -> None:
        if not len(people):
            return
        self.ledger.gone(self.roster.shard[self.walkers.row[people]], self.version.id, node.index)
        self.trail.append((people, encode(np.full(len(people), node.index), LEFT)))
        self._end(people)

    def _end(self, people: Positions) -> None:
        rows = self.walkers.row[people]
        self.ledger.exit(self.roster.shard[rows], self.version.id, ExitReason.COMPLETED)
        self.roster.end(rows, self.walkers.at[people], ExitReason.COMPLETED)

    def _finish(self) -> None:
        """Bump the stamps, note the paths, and put on the agenda what is due inside the horizon."""
        rows, roster = self.walkers.row, self.roster
        roster.touch(rows)
        self._note_paths(rows)
        soon = (roster.due[rows] != NEVER) & (roster.due[rows] <= self.wave.horizons[roster.shard[rows]])
        self.wave.agenda.add(due_items(self.wave, rows[soon]))

    def _note_paths(self, rows: Rows) -> None:
        if not self.trail:
            return
        people = np.concatenate([some for some, _ in self.trail])
        codes = np.concatenate([some for _, some in self.trail])
        order = np.argsort(people, kind="stable")
        lengths = np.bincount(people, minlength=len(rows))
        on = np.flatnonzero(lengths)
        roster = self.roster
        self.ledger.paths.append(
            PathBlock(
                roster.shard[rows[on]], self.version.id, roster.profile[rows[on]], roster.seq[rows[on]],
                roster.stamp[rows[on]].copy(), self.walkers.at[on], lengths[on], codes[order],
            )
        )  # fmt: skip


def due_items(wave: Wave, rows: Rows) -> Items:
    """These people's waits as things to do."""
    roster = wave.roster
    return make(
        len(rows),
        profile=roster.profile[rows],
        shard=roster.shard[rows],
        at=roster.due[rows],
        kind=Kind.DUE,
        version=roster.version[rows],
        node=roster.node[rows],
        seq=roster.seq[rows],
        stamp=roster.stamp[rows],
    )
