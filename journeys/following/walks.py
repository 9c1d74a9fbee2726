"""Walks, their paths and what waits for them: from one profile to another, and back."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

import numpy as np
from django.db import transaction

from audiences.followers import Follower, Moved, Pairs, Return, Walk
from audiences.partitions import ensure_partitions
from itinera.kit import sqlfile, wire
from itinera.kit.wire import Cursor, Ids
from journeys.following import counts, doubles, waiting
from journeys.live import signal_counts

SQL = sqlfile.queries(__file__, "walks.sql")


class Walks(Follower):
    """Her walks are the survivor's under new numbers; those under way wait anew, under new stamps.

    Moved are the walks `[journey, number, whether it was over]`, with the numbers that they have by then. Undone, walks
    that were over go back, with their paths; those that were under way stay, whatever has become of them since.
    """

    tables = ("enrolment", "path", "held_feed", "chunk")

    def prepare(self, cursor: Cursor, now: datetime) -> None:
        ensure_partitions(cursor, "path", now, now)

    def highest(self, cursor: Cursor, profiles: Ids) -> Ids:
        found: Ids = wire.fetch_columns(cursor, SQL["highest"], {"profiles": profiles})["highest"]
        return found.astype(np.int64)

    def move(self, cursor: Cursor, pairs: Pairs) -> Moved:
        told = doubles.end(cursor, pairs)
        walks = wire.fetch_columns(cursor, SQL["walks"], {"profiles": pairs.merged})
        place = _places(pairs.merged, walks["profile"])
        to, lift = pairs.survivor[place], pairs.lift[place]
        counts.move(cursor, walks, walks["profile"], to)
        moving = {"place": walks["place"], "profile": to, "lift": lift}
        cursor.execute(SQL["move_walks"], moving)
        cursor.execute(SQL["move_paths"], pairs.columns())
        cursor.execute(SQL["move_held"], pairs.columns())
        waiting.move(cursor, pairs)
        for slug in sorted({*told, *walks["slug"]}):
            transaction.on_commit(partial(signal_counts, slug))
        moved: dict[int, list[list[Any]]] = {}
        over = walks["reason"] != 0
        for number, *walk in zip(pairs.merge[place], walks["slug"], walks["seq"] + lift, over, strict=True):
            moved.setdefault(int(number), []).append([walk[0], int(walk[1]), bool(walk[2])])
        return moved

    def staying(self, cursor: Cursor, back: Return, moved: Any) -> frozenset[Walk]:
        return frozenset((slug, seq) for slug, seq, over in moved or () if not over)

    def back(self, cursor: Cursor, back: Return, moved: Any) -> None:
        gone = [(slug, seq) for slug, seq, over in moved or () if over]
        if not gone:
            return
        params = {
            "survivor": back.survivor,
            "slugs": [slug for slug, _ in gone],
            "seqs": np.array([seq for _, seq in gone], dtype=np.int32),
        }
        walks = wire.fetch_columns(cursor, SQL["some_walks"], params)
        to = np.full(len(walks["profile"]), back.merged, dtype=np.int64)
        counts.move(cursor, walks, walks["profile"], to)
        lift = np.full(len(to), -back.lift, dtype=np.int32)
        cursor.execute(SQL["move_walks"], {"place": walks["place"], "profile": to, "lift": lift})
        cursor.execute(SQL["paths_back"], {**back.columns(), "versions": walks["version"], "seqs": walks["seq"]})
        for slug in sorted(set(walks["slug"])):
            transaction.on_commit(partial(signal_counts, slug))


class WalkErrors(Follower):
    """What is known of steps of hers that raised."""

    tables = ("walk_error",)

    def move(self, cursor: Cursor, pairs: Pairs) -> Moved:
        cursor.execute(SQL["move_errors"], pairs.columns())
        return {merge: np.asarray(ids).tolist() for merge, ids in cursor.fetchall()}

    def back(self, cursor: Cursor, back: Return, moved: Any) -> None:
        if moved:
            cursor.execute(SQL["errors_back"], {**back.columns(), "ids": np.array(moved, dtype=np.int64)})


def _places(known: Ids, wanted: Ids) -> Ids:
    """The position of each wanted number among the known."""
    order = np.argsort(known, kind="stable")
    found: Ids = order[np.searchsorted(known[order], wanted)]
    return found
