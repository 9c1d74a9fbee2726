"""What leaves of rules are told of the walks that people are on. Satisfies `audiences.rules.people.Walks`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from channels_out.models import MessageStatus
from itinera.kit import sqlfile, wire
from itinera.kit.wire import Cursor, Ids, Instants
from journeys.engine.roster import Rows
from journeys.engine.world import LiveVersion

if TYPE_CHECKING:
    from journeys.engine.wave import Wave

SQL = sqlfile.queries(__file__, "walks.sql")
NO_MESSAGE = -1


@dataclass(frozen=True)
class WaveWalks:
    """Walks within a wave, by their roster rows; `rows` is None for people who are about to enter."""

    wave: Wave
    version: LiveVersion
    at: Instants
    rows: Rows | None = None

    @property
    def journey(self) -> str:
        return self.version.slug

    @property
    def clock(self) -> Instants:
        return self.wave.policy_clock(self.at)

    @property
    def holds_shards(self) -> bool:
        return True

    def one(self, row: int) -> WaveWalks:
        here = slice(row, row + 1)
        return WaveWalks(self.wave, self.version, self.at[here], None if self.rows is None else self.rows[here])

    def statuses(self, cursor: Cursor, node: str) -> NDArray[np.int64]:
        """Where the message of a node stands, per walk (`MessageStatus`); NO_MESSAGE where there is none.

        What this wave has decided is not written yet, and known all the same. In a replay what policy lets through
        counts as delivered at that instant.
        """
        index = self._index(node)
        if self.rows is None or index is None:
            return np.full(len(self.at), NO_MESSAGE)
        found = self._written(cursor, index)
        for block in self.wave.ledger.messages:
            if (block.version_id, block.node) == (self.version.id, index):
                place = self._places(block.profile, block.seq)
                found[place[place >= 0]] = block.status[place >= 0]
        if self.wave.replay:
            found[found == MessageStatus.QUEUED] = MessageStatus.DELIVERED
        return found

    def held(self, node: str) -> NDArray[np.bool_]:
        """Who is held at this message node now."""
        index, roster = self._index(node), self.wave.roster
        if self.rows is None or index is None:
            return np.zeros(len(self.at), dtype=bool)
        found: NDArray[np.bool_] = (roster.node[self.rows] == index) & (roster.hold[self.rows] != 0)
        return found

    def answered(self, cursor: Cursor, node: str, event: str) -> NDArray[np.bool_]:
        """For whom this event came since she entered, for the message of this node."""
        found = np.zeros(len(self.at), dtype=bool)
        type_id = self.wave.world.type_id(event)
        if self.rows is None or not type_id:
            return found
        roster = self.wave.roster
        params = {
            "profile": roster.profile[self.rows], "since": wire.instants(roster.entered[self.rows]),
            "at": wire.instants(self.at), "type": type_id, "journey": self.version.slug, "node": node,
            "first": wire.moment(int(roster.entered[self.rows].min())), "last": wire.moment(int(self.at.max())),
        }  # fmt: skip
        found[wire.fetch_columns(cursor, SQL["answered"], params)["held"] - 1] = True
        return found

    def _index(self, node: str) -> int | None:
        return next((each.index for each in self.version.plan.nodes if each.id == node), None)

    def _written(self, cursor: Cursor, index: int) -> NDArray[np.int64]:
        found, roster = np.full(len(self.at), NO_MESSAGE), self.wave.roster
        params = {
            "shard": roster.shard[self.rows], "profile": roster.profile[self.rows], "seq": roster.seq[self.rows],
            "version": self.version.id, "node": index,
        }  # fmt: skip
        columns = wire.fetch_columns(cursor, SQL["messages"], params)
        found[columns["ord"] - 1] = columns["status"]
        return found

    def _places(self, profile: Ids, seq: NDArray[np.int32]) -> NDArray[np.int64]:
        """The positions of walks among these; -1 where one is not."""
        roster = self.wave.roster
        here = zip(roster.profile[self.rows].tolist(), roster.seq[self.rows].tolist(), strict=True)
        mine = {key: place for place, key in enumerate(here)}
        keys = zip(profile.tolist(), seq.tolist(), strict=True)
        return np.array([mine.get(key, -1) for key in keys], dtype=np.int64)
