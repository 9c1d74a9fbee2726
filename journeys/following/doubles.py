"""Two walks under way in a journey that lets one person walk once at a time: the one entered first goes on."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from audiences.followers import Pairs
from audiences.models import SHARDS
from itinera.kit import audit, sqlfile, wire
from itinera.kit.wire import Cursor
from journeys.engine import commit, goals
from journeys.engine import roster as rosters
from journeys.engine.ledger import Ledger
from journeys.engine.plans import PLANS
from journeys.engine.roster import Roster
from journeys.models import ExitReason

SQL = sqlfile.queries(__file__, "walks.sql")

Columns = dict[str, Any]


def end(cursor: Cursor, pairs: Pairs) -> set[str]:
    """End the later walks as `removed`, where they stand; the slugs of the journeys concerned.

    Counted and written like any other end: what they still owe is stopped at the door.
    """
    becomes = dict(zip(pairs.merged.tolist(), pairs.survivor.tolist(), strict=True))
    everybody = np.array(sorted({*becomes, *becomes.values()}), dtype=np.int64)
    live = wire.fetch_columns(cursor, SQL["live"], {"profiles": everybody})
    gone = _second(cursor, live, becomes)
    if not gone:
        return set()
    roster, ledger = Roster(), Ledger()
    for journey in sorted({int(live["journey"][i]) for i in gone}):
        _leave(cursor, roster, ledger, {name: column[gone] for name, column in _arrays(live).items()}, journey, pairs)
    commit.write(cursor, roster, ledger)
    for i in gone:
        told = {"profile": becomes.get(int(live["profile"][i]), int(live["profile"][i])), "reason": "merged"}
        walk = {"profile": int(live["profile"][i]), "walk": int(live["seq"][i])}
        audit.record(None, "walk.remove", f"journey:{live['slug'][i]}", walk, told)
    return {live["slug"][i] for i in gone}


def _second(cursor: Cursor, live: Columns, becomes: dict[int, int]) -> list[int]:
    """Which of these walks nobody could have entered, had the two been one then.

    Of walks begun at the same instant the survivor's goes on, and of hers the first.
    """
    plans = PLANS.of(cursor, sorted(set(live["version"].tolist())))
    walks = defaultdict(list)
    for i, profile in enumerate(live["profile"].tolist()):
        walks[becomes.get(profile, profile), int(live["journey"][i]), live["key"][i]].append(i)
    gone = []
    for same in walks.values():
        same.sort(key=lambda i: (live["entered"][i], live["profile"][i] in becomes, live["profile"][i], live["seq"][i]))
        alone = [i for i in same[1:] if plans[int(live["version"][i])].settings.reentry.policy != "always"]
        gone += alone
    return sorted(gone)


def _arrays(live: Columns) -> Columns:
    return {name: np.asarray(live[name]) for name in ("journey", "version", "profile", "seq")}


def _leave(cursor: Cursor, roster: Roster, ledger: Ledger, gone: Columns, journey: int, pairs: Pairs) -> None:
    """As the engine ends a walk, without a wave."""
    mine = {name: column[gone["journey"] == journey] for name, column in gone.items()}
    who = np.unique(mine["profile"])
    shards = (who % SHARDS).astype(np.int16)
    rosters.load(cursor, roster, "of_people", {"shards": shards, "profiles": who, "journey": journey})
    for version, profile, seq in zip(mine["version"], mine["profile"], mine["seq"], strict=True):
        here = (roster.journey == journey) & (roster.profile == profile) & (roster.seq == seq)
        at = np.array([wire.micros(pairs.at)], dtype=np.int64)
        goals.end(roster, ledger, int(version), np.flatnonzero(here), at, ExitReason.REMOVED)
