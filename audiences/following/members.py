"""Membership in audiences: the survivor is in where either was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import numpy as np
from pyroaring import BitMap

from audiences.followers import Follower, Moved, Pairs, Return
from audiences.models.profile import SHARDS
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor

_SQL = queries(__file__, "members.sql")


class Members(Follower):
    """What a refresh has found corrects itself at the next; until then, and in lists for good, this holds.

    Moved is in which audiences she was, and in which of them the survivor was not.
    """

    tables = ("audience_members",)

    def move(self, cursor: Cursor, pairs: Pairs) -> Moved:
        rolls = _Rolls(cursor, {*pairs.survivor.tolist(), *pairs.merged.tolist()})
        moved: defaultdict[int, dict[str, list[int]]] = defaultdict(lambda: {"was": [], "new": []})
        for merge, survivor, merged in zip(pairs.merge, pairs.survivor, pairs.merged, strict=True):
            for audience in rolls.audiences_of(int(merged)):
                rolls.drop(audience, int(merged))
                moved[int(merge)]["was"].append(audience)
                if rolls.add(audience, int(survivor)):
                    moved[int(merge)]["new"].append(audience)
        rolls.write()
        return moved

    def back(self, cursor: Cursor, back: Return, moved: Any) -> None:
        if not moved:
            return
        rolls = _Rolls(cursor, {back.survivor, back.merged})
        asked = {"audiences": np.array(moved["was"], dtype=np.int32), "since": back.merged_at}
        cursor.execute(_SQL["unread_since"], asked)
        unread = {row[0]: row[1] for row in cursor.fetchall()}
        for audience in moved["was"]:
            if audience not in unread:
                continue
            rolls.add(audience, back.merged)
            # A refresh since then has judged the survivor as she is.
            if audience in moved["new"] and unread[audience]:
                rolls.drop(audience, back.survivor)
        rolls.write()


class _Rolls:
    """The members of every audience in some people's shards."""

    def __init__(self, cursor: Cursor, people: Iterable[int]) -> None:
        self._cursor = cursor
        shards = np.array(sorted({each % SHARDS for each in people}), dtype=np.int16)
        cursor.execute(_SQL["members"], {"shards": shards})
        self._rolls = {(audience, shard): bytes(text) for audience, shard, text in cursor.fetchall()}
        self._read: dict[tuple[int, int], BitMap] = {}
        self._changed: set[tuple[int, int]] = set()

    def audiences_of(self, person: int) -> list[int]:
        shard, bit = person % SHARDS, person // SHARDS
        here = (audience for audience, where in self._rolls if where == shard)
        return sorted(audience for audience in here if bit in self._of(audience, shard))

    def add(self, audience: int, person: int) -> bool:
        """Whether she was not there yet."""
        shard, bit = person % SHARDS, person // SHARDS
        self._rolls.setdefault((audience, shard), BitMap().serialize())
        if bit in self._of(audience, shard):
            return False
        self._of(audience, shard).add(bit)
        self._changed.add((audience, shard))
        return True

    def drop(self, audience: int, person: int) -> None:
        shard, bit = person % SHARDS, person // SHARDS
        if (audience, shard) in self._rolls:
            self._of(audience, shard).discard(bit)
            self._changed.add((audience, shard))

    def _of(self, audience: int, shard: int) -> BitMap:
        key = (audience, shard)
        if key not in self._read:
            self._read[key] = BitMap.deserialize(self._rolls[key])
        return self._read[key]

    def write(self) -> None:
        changed = sorted(self._changed)
        if not changed:
            return
        full = [key for key in changed if self._read[key]]
        empty = [key for key in changed if not self._read[key]]
        params: dict[str, Any] = {
            "audiences": np.array([key[0] for key in full], dtype=np.int32),
            "shards": np.array([key[1] for key in full], dtype=np.int16),
            "members": [self._read[key].serialize() for key in full],
        }
        self._cursor.execute(_SQL["keep"], params)
        gone = {
            "audiences": np.array([key[0] for key in empty], dtype=np.int32),
            "shards": np.array([key[1] for key in empty], dtype=np.int16),
        }
        self._cursor.execute(_SQL["empty"], gone)
