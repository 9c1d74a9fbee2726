"""Changes of attributes and tags: kept as history, and fed to the journeys that ask for them.

Whoever writes `profile.attributes` or `profile.tags` says here what it changed, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
import orjson
from django.db import transaction

from audiences.hints import work_arrived
from audiences.models.feed import INTEREST_LOCK
from audiences.partitions import ensure_partitions
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor

_SQL = queries(__file__, "changes.sql")
ATTRIBUTE_CHANGED, TAG_ADDED, TAG_CHANGED, TAG_REMOVED = "attribute.changed", "tag.added", "tag.changed", "tag.removed"
AUDIENCE_ENTERED, AUDIENCE_LEFT = "audience.entered", "audience.left"
OWN_CHANGES = (ATTRIBUTE_CHANGED, TAG_ADDED, TAG_CHANGED, TAG_REMOVED, AUDIENCE_ENTERED, AUDIENCE_LEFT)
"""Events that are fed and not kept in `event`: the history and the shifts of audiences hold them already."""

Sides = Mapping[str, Sequence[Any]]
"""By name, what it was and what it is; None where there was or is nothing."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one source changed about one profile at once."""

    profile: int
    attributes: Sides
    tags: Sides


class _Told(NamedTuple):
    """One line for the feed."""

    event: str
    subject: str
    profile: int
    body: Mapping[str, Any]


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The names whose values differ, with both sides."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {name: [before.get(name), after.get(name)] for name in names}


def prepare(cursor: Cursor, at: datetime) -> None:
    """The month of the history, before anything else is locked."""
    ensure_partitions(cursor, "profile_change", at, at)


def record(cursor: Cursor, changes: Sequence[Change], at: datetime, source: str) -> None:
    """Keep these changes, and feed those that a live journey asks for. Empty ones are left out."""
    real = keep(cursor, changes, at, source)
    if real:
        feed(cursor, (told for each in real for told in _events(each)), at)


def keep(cursor: Cursor, changes: Sequence[Change], at: datetime, source: str) -> list[Change]:
    """Keep these changes as history alone; answers those that were not empty."""
    real = [each for each in changes if each.attributes or each.tags]
    if not real:
        return real
    params = {
        "profiles": np.array([each.profile for each in real], dtype=np.int64),
        "attributes": [_json(each.attributes) for each in real],
        "tags": [_json(each.tags) for each in real],
        "at": at,
        "source": source,
    }
    cursor.execute(_SQL["add_changes"], params)
    return real


def feed(cursor: Cursor, told: Iterable[tuple[str, str, int, Mapping[str, Any]]], at: datetime) -> None:
    """Lines `(event, subject, profile, properties)` into the feed, where a live journey asks for that subject."""
    cursor.execute(_SQL["interest_lock"], {"lock": INTEREST_LOCK})
    cursor.execute(_SQL["interest"], {"names": list(OWN_CHANGES)})
    wanted = {(name, subject): number for name, subject, number in cursor.fetchall()}
    if not wanted:
        return
    rows = [(_type(wanted, each[0], each[1]), *each) for each in told]
    asked = [row for row in rows if row[0] is not None]
    if not asked:
        return
    params = {
        "types": np.array([row[0] for row in asked], dtype=np.int32),
        "profiles": np.array([row[3] for row in asked], dtype=np.int64),
        "bodies": [orjson.dumps(row[4]).decode() for row in asked],
        "at": at,
    }
    cursor.execute(_SQL["add_feed"], params)
    transaction.on_commit(work_arrived)


def _type(wanted: Mapping[tuple[str, str], int], event: str, subject: str) -> int | None:
    found = wanted.get((event, subject))
    return found if found is not None else wanted.get((event, ""))


def _events(change: Change) -> Iterator[_Told]:
    for name, (before, after) in change.attributes.items():
        yield _Told(ATTRIBUTE_CHANGED, name, change.profile, {"attribute": name, "before": before, "after": after})
    for slug, (before, after) in change.tags.items():
        event = TAG_ADDED if before is None else TAG_REMOVED if after is None else TAG_CHANGED
        yield _Told(event, slug, change.profile, {"tag": slug, "before": before, "after": after})


def _json(sides: Sides) -> str | None:
    return orjson.dumps(sides).decode() if sides else None
