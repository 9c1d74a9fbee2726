"""Caps: has each person room, and reserving places, for sets of people in a few statements.

Everything here is called by the holder of the shards, inside her transaction: reading and then
writing is exact because nobody else may write these persons' rows meanwhile.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from audiences.models import PeopleKind
from channels_out.windows import CapWindow
from itinera.kit.sqlfile import queries
from itinera.kit.wire import NEVER, Cursor, Ids, Instants, fetch_columns, instants
from itinera.kit.zones import ZoneArray

_SQL = queries(__file__, "caps.sql")
_MOST_CHANGES = 5_000
"""Corrections taken at a time, so that a backlog of them never makes a wave long."""


@dataclass(frozen=True)
class CapRule:
    """One cap as the engine uses it. None for channel, category or journey = any; `people` is a kind of people."""

    id: int
    limit: int
    window: CapWindow
    channel: str | None = None
    category: str | None = None
    journey: str | None = None
    people: str = PeopleKind.CONSUMER

    def covers(self, channel: str, category: str, journey: str) -> bool:
        """Whether a message of this kind counts under this cap."""
        return self.channel in (None, channel) and self.category in (None, category) and self.journey in (None, journey)


@dataclass(frozen=True)
class Persons:
    """Who asks for a place: arrays of one length, nobody twice."""

    shard: NDArray[np.int16]
    profile: Ids
    zones: ZoneArray

    def take(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> Persons:
        return Persons(self.shard[rows], self.profile[rows], self.zones.take(rows))


def load_caps(cursor: Cursor) -> tuple[CapRule, ...]:
    """Every cap of the workspace."""
    cursor.execute(_SQL["caps"])
    return tuple(
        CapRule(number, limit, CapWindow.of(json.loads(window)), channel, category, journey, people)
        for number, limit, window, channel, category, journey, people in cursor.fetchall()
    )


def room_from(cursor: Cursor, caps: Sequence[CapRule], persons: Persons) -> Instants:
    """From when on all caps have room, as things stand; an instant gone by = now."""
    room = np.full(len(persons.profile), NEVER, dtype=np.int64)
    if not caps or not len(room):
        return room
    found = fetch_columns(
        cursor,
        _SQL["deciding"],
        {
            "shard": persons.shard,
            "profile": persons.profile,
            "cap": np.array([cap.id for cap in caps], dtype=np.int32),
            "limit": np.array([cap.limit for cap in caps], dtype=np.int32),
        },
    )
    for place, cap in enumerate(caps):
        mine = found["cap"] == place
        who, time = found["person"][mine], found["time"][mine]
        if len(who):
            until = cap.window.counts_until(time, persons.zones.take(who))
            room[who] = np.maximum(room[who], until)
    return room


def reserve(cursor: Cursor, caps: Sequence[CapRule], persons: Persons, at: Instants) -> None:
    """Take one place for each person under each cap, counted from `at`."""
    if not len(at):
        return
    by_limit = sorted(caps, key=lambda cap: cap.limit)
    for limit, group in groupby(by_limit, key=lambda cap: cap.limit):
        cursor.execute(
            _SQL["reserve"],
            {
                "cap": np.array([cap.id for cap in group], dtype=np.int32),
                "limit": limit,
                "shard": persons.shard,
                "profile": persons.profile,
                "at": instants(at),
            },
        )


def settle(cursor: Cursor, shards: NDArray[np.int16]) -> int:
    """Apply the corrections that dispatch owes these shards; answers how many were taken.

    A place given back leaves the ring, one moved changes its instant. The ring holds every
    reservation that can still count: what was pushed out had ceased to when the next came in.
    """
    taken = fetch_columns(cursor, _SQL["changes"], {"shard": shards, "most": _MOST_CHANGES})
    if not len(taken["profile"]):
        return 0
    found = fetch_columns(cursor, _SQL["rings"], {name: taken[name] for name in ("shard", "cap", "profile")})
    rings: defaultdict[tuple[int, int, int], list[int]] = defaultdict(list)
    for *key, time in _rows(found, "shard", "cap", "profile", "time"):
        rings[key[0], key[1], key[2]].append(time)
    touched: dict[tuple[int, int, int], list[int]] = {}
    for shard, cap, profile, was, becomes in _rows(taken, "shard", "cap", "profile", "was", "becomes"):
        ring = rings[shard, cap, profile]
        if was in ring:
            ring.remove(was)
            ring.extend([becomes] if becomes != NEVER else [])
            touched[shard, cap, profile] = ring
    _rewrite(cursor, touched)
    return len(taken["profile"])


def _rows(columns: Mapping[str, NDArray[np.int64]], *names: str) -> Iterator[tuple[int, ...]]:
    return zip(*(columns[name].tolist() for name in names), strict=True)


def _rewrite(cursor: Cursor, rings: dict[tuple[int, int, int], list[int]]) -> None:
    if not rings:
        return
    keys = np.array(list(rings), dtype=np.int64)
    sizes = np.array([len(ring) for ring in rings.values()], dtype=np.int32)
    stop = np.cumsum(sizes, dtype=np.int32)
    times = [time for ring in rings.values() for time in sorted(ring)]
    cursor.execute(
        _SQL["rewrite"],
        {
            "time": instants(np.array(times, dtype=np.int64)),
            "shard": keys[:, 0].astype(np.int16),
            "cap": keys[:, 1].astype(np.int32),
            "profile": keys[:, 2],
            "start": stop - sizes + np.int32(1),
            "stop": stop,
        },
    )
