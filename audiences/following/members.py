"""Membership in audiences and cells: the survivor is in where either was."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from audiences.followers import Follower, Moved, Pairs, Return
from audiences.following.rolls import Rolls
from audiences.models.profile import SHARDS
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor

_SQL = queries(__file__, "members.sql")

Audience = tuple[int]
Cell = tuple[int, str]
"""The number of a run, and the cell."""


class AudienceMembers(Follower):
    """What a refresh has found corrects itself at the next; until then, and in lists for good, this holds.

    Moved is in which audiences she was, and in which of them the survivor was not.
    """

    tables = ("audience_members",)

    def move(self, cursor: Cursor, pairs: Pairs) -> Moved:
        rolls = self._read(cursor, [*pairs.survivor.tolist(), *pairs.merged.tolist()])
        moved: dict[int, dict[str, list[int]]] = {}
        for merge, survivor, merged in _rows(pairs):
            was = sorted(rolls.of(merged))
            if was:
                for key in was:
                    rolls.drop(key, merged)
                new = [key for key in was if rolls.add(key, survivor)]
                moved[merge] = {"was": [each for (each,) in was], "new": [each for (each,) in new]}
        self._write(cursor, rolls)
        return moved

    def back(self, cursor: Cursor, back: Return, moved: Any) -> None:
        if not moved:
            return
        asked = {"audiences": np.array(moved["was"], dtype=np.int32), "since": back.merged_at}
        cursor.execute(_SQL["unread_since"], asked)
        there = cursor.fetchall()
        rolls = self._read(cursor, [back.survivor, back.merged])
        for audience, unread in there:
            rolls.add((audience,), back.merged)
            # A refresh since then has judged the survivor as she is.
            if audience in moved["new"] and unread:
                rolls.drop((audience,), back.survivor)
        self._write(cursor, rolls)

    @staticmethod
    def _read(cursor: Cursor, people: Iterable[int]) -> Rolls[Audience]:
        cursor.execute(_SQL["members"], {"shards": _shards(people)})
        return Rolls(((audience,), shard, text) for audience, shard, text in cursor.fetchall())

    @staticmethod
    def _write(cursor: Cursor, rolls: Rolls[Audience]) -> None:
        full, empty = rolls.changed()
        columns = {
            "audiences": np.array([key[0] for key, _, _ in full], dtype=np.int32),
            "shards": np.array([shard for _, shard, _ in full], dtype=np.int16),
            "members": [text for _, _, text in full],
        }
        cursor.execute(_SQL["keep"], columns)
        gone = {
            "audiences": np.array([key[0] for key, _ in empty], dtype=np.int32),
            "shards": np.array([shard for _, shard in empty], dtype=np.int16),
        }
        cursor.execute(_SQL["empty"], gone)


class SegmentMembers(Follower):
    """The cells of the latest snapshot of each segmentation; older ones tell what was found on their day.

    Cells are disjoint: the survivor stays in hers, and comes into the other's only where she was in none.
    """

    tables = ("segment_members",)

    def move(self, cursor: Cursor, pairs: Pairs) -> Moved:
        rolls = self._read(cursor, [*pairs.survivor.tolist(), *pairs.merged.tolist()])
        moved: dict[int, list[list[Any]]] = {}
        for merge, survivor, merged in _rows(pairs):
            runs = {run for run, _ in rolls.of(survivor)}
            for run, cell in sorted(rolls.of(merged)):
                rolls.drop((run, cell), merged)
                if run not in runs:
                    rolls.add((run, cell), survivor)
                moved.setdefault(merge, []).append([run, cell, run not in runs])
        self._write(cursor, rolls)
        return moved

    def back(self, cursor: Cursor, back: Return, moved: Any) -> None:
        if not moved:
            return
        rolls = self._read(cursor, [back.survivor, back.merged])
        cursor.execute(_SQL["runs"], {"runs": np.array([run for run, _, _ in moved], dtype=np.int64)})
        there = {run for (run,) in cursor.fetchall()}
        for run, cell, came in moved:
            if run in there:
                rolls.add((run, cell), back.merged)
                if came:
                    rolls.drop((run, cell), back.survivor)
        self._write(cursor, rolls)

    @staticmethod
    def _read(cursor: Cursor, people: Iterable[int]) -> Rolls[Cell]:
        cursor.execute(_SQL["segments"], {"shards": _shards(people)})
        return Rolls(((run, cell), shard, text) for run, cell, shard, text in cursor.fetchall())

    @staticmethod
    def _write(cursor: Cursor, rolls: Rolls[Cell]) -> None:
        full, empty = rolls.changed()
        columns = {
            "runs": np.array([key[0] for key, _, _ in full], dtype=np.int64),
            "cells": [key[1] for key, _, _ in full],
            "shards": np.array([shard for _, shard, _ in full], dtype=np.int16),
            "members": [text for _, _, text in full],
        }
        cursor.execute(_SQL["keep_segments"], columns)
        gone = {
            "runs": np.array([key[0] for key, _ in empty], dtype=np.int64),
            "cells": [key[1] for key, _ in empty],
            "shards": np.array([shard for _, shard in empty], dtype=np.int16),
        }
        cursor.execute(_SQL["empty_segments"], gone)


def _rows(pairs: Pairs) -> Iterable[tuple[int, int, int]]:
    return zip(pairs.merge.tolist(), pairs.survivor.tolist(), pairs.merged.tolist(), strict=True)


def _shards(people: Iterable[int]) -> Any:
    return np.array(sorted({each % SHARDS for each in people}), dtype=np.int16)
