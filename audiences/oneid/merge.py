"""Makes one profile of several, with everything they own, in the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.contrib.auth.models import User
from django.db import transaction

from audiences import changes
from audiences.followers import FOLLOWERS, Pairs
from audiences.hints import work_arrived
from audiences.oneid import pairs
from audiences.oneid.facts import Known, Taken, take_over
from audiences.oneid.groups import Formed, Group, Wanted, form
from audiences.oneid.people import People
from itinera.kit import audit
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor, Ids

_SQL = queries(__file__, "merge.sql")


@dataclass(frozen=True)
class _Step:
    """One profile that goes into another."""

    survivor: int
    merged: int
    wanted: Wanted
    taken: Taken
    lift: int


def prepare(cursor: Cursor, now: datetime) -> None:
    """What must be there before anything is locked. In a transaction of its own."""
    changes.prepare(cursor, now)
    for follower in FOLLOWERS.values():
        follower.prepare(cursor, now)


def merge(cursor: Cursor, wanted: Sequence[Wanted], now: datetime, actor: audit.Actor = None) -> Formed:
    """Merge these pairs; what became of them. The caller is alone with everybody named (`lock.alone_with`).

    Pairs that must not be merged are left: those that contradict each other become conflicts.
    """
    numbers = {number for pair in wanted for number in (pair.one, pair.other)}
    kept = pairs.apart(pairs.around(cursor, numbers))
    people = People(cursor, np.array(sorted(numbers), dtype=np.int64))
    formed = form(wanted, people.persons, kept)
    pairs.contradict(cursor, {pair.number: why for pair, why in formed.refused if pair.number and why != "apart"})
    if formed.groups:
        _merge_groups(cursor, formed.groups, people, now, actor)
    return formed


def _merge_groups(cursor: Cursor, groups: Sequence[Group], people: People, now: datetime, actor: audit.Actor) -> None:
    survivors = {group.survivor.id for group in groups}
    everybody = [*survivors, *(person.id for group in groups for person, _ in group.merged)]
    known = people.known(np.array(sorted(everybody), dtype=np.int64))
    highest = _highest(cursor, everybody)
    steps = [step for group in groups for step in _steps(group, known, highest)]
    numbers = _log(cursor, steps, now, actor)
    going = Pairs(
        np.array([numbers[step.merged] for step in steps], dtype=np.int64),
        np.array([step.survivor for step in steps], dtype=np.int64),
        np.array([step.merged for step in steps], dtype=np.int64),
        np.array([step.lift for step in steps], dtype=np.int32),
        now,
    )
    _follow(cursor, going)
    cursor.execute(_SQL["move_identities"], {"survivor": going.survivor, "merged": going.merged})
    pairs.follow(cursor, {step.merged: step.survivor for step in steps})
    _take_over(cursor, steps, known, numbers, now)
    cursor.execute(_SQL["drop"], {"merged": going.merged})
    for step in steps:
        told = {"merged": step.merged, "merge": numbers[step.merged], "source": step.wanted.source}
        audit.record(actor, "profile.merge", f"profile:{step.survivor}", None, told)
    transaction.on_commit(work_arrived)


def _highest(cursor: Cursor, profiles: Sequence[int]) -> dict[int, int]:
    """The highest number of any walk of each."""
    asked: Ids = np.array(profiles, dtype=np.int64)
    found = np.zeros(len(asked), dtype=np.int64)
    for follower in FOLLOWERS.values():
        found = np.maximum(found, follower.highest(cursor, asked))
    return dict(zip(profiles, found.tolist(), strict=True))


def _steps(group: Group, known: dict[int, Known], highest: dict[int, int]) -> list[_Step]:
    """One after the other: what is known of the survivor grows, and so do the numbers of her walks."""
    stays = group.survivor.id
    steps = []
    for person, wanted in group.merged:
        taken = take_over(known[stays], known[person.id])
        steps.append(_Step(stays, person.id, wanted, taken, highest[stays]))
        highest[stays] += highest[person.id]
    return steps


def _log(cursor: Cursor, steps: Sequence[_Step], now: datetime, actor: audit.Actor) -> dict[int, int]:
    """The numbers of the log's new rows, by who goes."""
    params = {
        "survivors": np.array([step.survivor for step in steps], dtype=np.int64),
        "merged": np.array([step.merged for step in steps], dtype=np.int64),
        "kinds": [step.wanted.kind for step in steps],
        "sources": [step.wanted.source for step in steps],
        "lifts": np.array([step.lift for step in steps], dtype=np.int32),
        "changed": [_json(step.taken.changed()) for step in steps],
        "taken": [_json(step.taken.facts) for step in steps],
        "by": actor.pk if isinstance(actor, User) else None,
        "now": now,
    }
    cursor.execute(_SQL["log"], params)
    return {merged: number for number, merged in cursor.fetchall()}


def _follow(cursor: Cursor, going: Pairs) -> None:
    for follower in FOLLOWERS.values():
        follower.hold(cursor, going)
    moved = [
        (number, name, _json(what))
        for name, follower in FOLLOWERS.items()
        for number, what in follower.move(cursor, going).items()
    ]
    params = {
        "merges": np.array([number for number, _, _ in moved], dtype=np.int64),
        "followers": [name for _, name, _ in moved],
        "moved": [what for _, _, what in moved],
    }
    cursor.execute(_SQL["log_moved"], params)


def _take_over(
    cursor: Cursor, steps: Sequence[_Step], known: dict[int, Known], numbers: dict[int, int], now: datetime
) -> None:
    """What the survivors know now. It is kept as history, and told to no journey: nothing happened to anybody."""
    for step in steps:
        change = changes.Change(step.survivor, _differing(step.taken.attributes), _differing(step.taken.tags))
        changes.keep(cursor, [change], now, f"merge:{numbers[step.merged]}")
    rows = [_written(number, known[number], steps) for number in dict.fromkeys(step.survivor for step in steps)]
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    cursor.execute(_SQL["take_over"], {**columns, "ids": np.array(columns["ids"], dtype=np.int64), "now": now})


def _written(number: int, known: Known, steps: Sequence[_Step]) -> dict[str, Any]:
    """What changes in the row of one survivor."""
    names = {name for step in steps if step.survivor == number for name in step.taken.attributes}
    return {
        "ids": number,
        "attributes": _json({name: known.attributes[name] for name in names & known.attributes.keys()}),
        "gone": _json(sorted(names - known.attributes.keys())),
        "tags": _json(known.tags),
        "consents": _json(known.consent),
        "suppressed": _json(sorted(known.suppressed)),
        "zones": known.zone,
    }


def _differing(sides: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return {name: pair for name, pair in sides.items() if pair[0] != pair[1]}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
