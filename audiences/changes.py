"""Changes of attributes and tags: kept as history, and fed to the journeys that ask for them.

Whoever writes `profile.attributes` or `profile.tags` says here what it changed, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

import numpy as np
import orjson
from django.db import transaction
from numpy.typing import NDArray

from audiences.hints import work_arrived
from audiences.models.feed import INTEREST_LOCK
from audiences.partitions import ensure_partitions
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor, Ids, Instants, instants

_SQL = queries(__file__, "changes.sql")
ATTRIBUTE_CHANGED, TAG_ADDED, TAG_CHANGED, TAG_REMOVED = "attribute.changed", "tag.added", "tag.changed", "tag.removed"
AUDIENCE_ENTERED, AUDIENCE_LEFT = "audience.entered", "audience.left"
OWN_CHANGES = (ATTRIBUTE_CHANGED, TAG_ADDED, TAG_CHANGED, TAG_REMOVED, AUDIENCE_ENTERED, AUDIENCE_LEFT)
"""Events that are fed and not kept in `event`: the history and the shifts of audiences hold them already."""

MOST_AT_ONCE = 50_000
"""So many lines of one statement."""

Sides = Mapping[str, Sequence[Any]]
"""By name, what it was and what it is; None where there was or is nothing."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one source changed about one profile at once."""

    profile: int
    attributes: Sides
    tags: Sides


@dataclass(frozen=True, slots=True)
class Column:
    """What one source changed about one attribute or tag of many profiles, each at its own instant.

    `before` and `after` are JSON texts; None where there was or is nothing. Each profile stands here once.
    """

    kind: Literal["attribute", "tag"]
    name: str
    profiles: Ids
    at: Instants
    before: Sequence[str | None]
    after: Sequence[str | None]


class Newest(NamedTuple):
    """By name: when it changed last, and by which source."""

    attributes: dict[str, tuple[datetime, str]]
    tags: dict[str, tuple[datetime, str]]


class _Told(NamedTuple):
    """One line for the feed."""

    event: str
    subject: str
    profile: int
    body: Mapping[str, Any]


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The names whose values differ, with both sides."""
    names = [name for name in {**before, **after} if _json(before.get(name)) != _json(after.get(name))]
    return {name: [before.get(name), after.get(name)] for name in names}


def prepare(cursor: Cursor, at: datetime) -> None:
    """The month of the history, before anything else is locked."""
    ensure_partitions(cursor, "profile_change", at, at)


def record(cursor: Cursor, changes: Sequence[Change], at: datetime, source: str) -> None:
    """Keep these changes, and feed those that a live journey asks for. Empty ones are left out."""
    real = keep(cursor, changes, at, source)
    if real:
        feed(cursor, (told for each in real for told in _told(each.profile, each.attributes, each.tags)), at)


def keep(cursor: Cursor, changes: Sequence[Change], at: datetime, source: str) -> list[Change]:
    """Keep these changes as history alone; answers those that were not empty."""
    real = [each for each in changes if each.attributes or each.tags]
    if not real:
        return real
    params = {
        "profiles": np.array([each.profile for each in real], dtype=np.int64),
        "attributes": [_json(each.attributes) if each.attributes else None for each in real],
        "tags": [_json(each.tags) if each.tags else None for each in real],
        "at": at,
        "source": source,
    }
    cursor.execute(_SQL["add_changes"], params)
    return real


def feed_sides(cursor: Cursor, profiles: Ids, sides: str, at: datetime) -> None:
    """Feed what is in the history already: JSON `[[attributes, tags], …]` in step with the profiles."""
    if not len(profiles) or not (wanted := _wanted(cursor)):
        return
    read = zip(profiles.tolist(), orjson.loads(sides), strict=True)
    _feed(cursor, wanted, (told for profile, both in read for told in _told(profile, both[0] or {}, both[1] or {})), at)


def record_column(cursor: Cursor, column: Column, source: str) -> None:
    """The same for one name of many profiles, at a fraction of the price: no object per profile is made."""
    if not len(column.profiles):
        return
    params = {
        "kind": column.kind,
        "name": column.name,
        "profiles": column.profiles,
        "at": instants(column.at),
        "before": column.before,
        "after": column.after,
    }
    cursor.execute(_SQL["add_column"], {**params, "source": source})
    types = _types(_wanted(cursor), column)
    if types.any():
        cursor.execute(_SQL["feed_column"], {**params, "types": types})
        transaction.on_commit(work_arrived)


def newest(cursor: Cursor, profiles: Ids) -> dict[int, Newest]:
    """When each attribute and each tag of these (few) profiles was last changed, and by which source.

    A name that is not there has never changed since its profile was made.
    """
    cursor.execute(_SQL["newest"], {"profiles": profiles})
    found = {number: Newest({}, {}) for number in profiles.tolist()}
    for profile, kind, name, at, source in cursor.fetchall():
        column = found[profile].attributes if kind == "attribute" else found[profile].tags
        column[name] = (at, source)
    return found


def feed(cursor: Cursor, told: Iterable[tuple[str, str, int, Mapping[str, Any]]], at: datetime) -> None:
    """Lines `(event, subject, profile, properties)` into the feed, where a live journey asks for that subject."""
    if wanted := _wanted(cursor):
        _feed(cursor, wanted, told, at)


def _feed(
    cursor: Cursor, wanted: Mapping[tuple[str, str], int], told: Iterable[tuple[str, str, int, Mapping[str, Any]]],
    at: datetime,
) -> None:  # fmt: skip
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


def feed_set(
    cursor: Cursor, event: str, subject: str, profiles: Ids, properties: Mapping[str, Any], at: datetime
) -> None:  # fmt: skip
    """The same line for a whole set of profiles, as large as it may be, if a live journey asks for it."""
    if not len(profiles):
        return
    wanted = _type(_wanted(cursor), event, subject)
    if wanted is None:
        return
    body = orjson.dumps(properties).decode()
    for start in range(0, len(profiles), MOST_AT_ONCE):
        part = profiles[start : start + MOST_AT_ONCE]
        cursor.execute(_SQL["feed_set"], {"type": wanted, "profiles": part, "at": at, "body": body})
    transaction.on_commit(work_arrived)


def _wanted(cursor: Cursor) -> dict[tuple[str, str], int]:
    """The types of events that live journeys ask for, by event and subject."""
    cursor.execute(_SQL["interest_lock"], {"lock": INTEREST_LOCK})
    cursor.execute(_SQL["interest"], {"names": list(OWN_CHANGES)})
    return {(name, subject): number for name, subject, number in cursor.fetchall()}


def _types(wanted: Mapping[tuple[str, str], int], column: Column) -> NDArray[np.int32]:
    """For each change the type of event to feed it as; 0 where nobody asks."""
    if not wanted:
        return np.zeros(len(column.profiles), dtype=np.int32)
    events = [_event(column.kind, before, after) for before, after in zip(column.before, column.after, strict=True)]
    return np.array([_type(wanted, event, column.name) or 0 for event in events], dtype=np.int32)


def _event(kind: str, before: object, after: object) -> str:
    if kind == "attribute":
        return ATTRIBUTE_CHANGED
    return TAG_ADDED if before is None else TAG_REMOVED if after is None else TAG_CHANGED


def _type(wanted: Mapping[tuple[str, str], int], event: str, subject: str) -> int | None:
    found = wanted.get((event, subject))
    return found if found is not None else wanted.get((event, ""))


def _told(profile: int, attributes: Sides, tags: Sides) -> Iterator[_Told]:
    for kind, sides in (("attribute", attributes), ("tag", tags)):
        for name, (before, after) in sides.items():
            yield _Told(_event(kind, before, after), name, profile, {kind: name, "before": before, "after": after})


def _json(value: object) -> str:
    """As text, in which true is not one."""
    return orjson.dumps(value).decode()
