"""Makes a tag say of everybody exactly what some sets of profiles say, writing only what differs.

    assign(cursor, tag, {True: members}, now, "tag:vip")                      # a plain tag
    assign(cursor, tag, {"gold": some, "silver": others}, now, "tag:level")   # one with values
    assign(cursor, tag, cells, now, "tag:level", shards=range(0, 8))          # a slice of a long job

A million profiles are written at some tens of thousands a second: a job takes a few shards a slice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import orjson

from audiences import changes
from audiences.bitmaps import Members
from audiences.models.profile import SHARDS
from audiences.models.tag import Tag
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor, Ids, micros

MOST_AT_ONCE = 20_000
"""So many profiles of one statement: what it carries stays small in memory."""

_SQL = queries(__file__, "tagging.sql")


@dataclass(frozen=True, slots=True)
class Assigned:
    """How many profiles got the tag, have another value of it now, and lost it."""

    added: int = 0
    changed: int = 0
    removed: int = 0

    def __add__(self, other: Assigned) -> Assigned:
        return Assigned(self.added + other.added, self.changed + other.changed, self.removed + other.removed)


def assign(
    cursor: Cursor, tag: Tag, cells: Mapping[Any, Members], now: datetime, source: str,
    shards: Collection[int] = range(SHARDS),
) -> Assigned:  # fmt: skip
    """Give everybody of the tag's kind of people, in these shards, the value of the set she is in, or none.

    The sets are disjoint. Within the caller's transaction, and one tag in each: profiles are locked in order of
    id, as ingestion does, and a second tag would begin again from below. `cursor` speaks numpy (`wire`); `source`
    stands in the history, as `tag:vip`. Keeps `Tag.people` and `Tag.refreshed_at`.
    """
    changes.prepare(cursor, now)
    values = [orjson.dumps(value).decode() for value in cells]
    wanted = [members.within(shards) for members in cells.values()]
    stored, everybody = _stored(cursor, tag, values, shards)
    done = Assigned()
    for ids, codes in _pieces(*_differences(stored, wanted)):
        texts = [None if code < 0 else values[code] for code in codes.tolist()]
        done += _write(cursor, tag, ids, texts, now, source)
    tag.people, tag.refreshed_at = everybody + done.added - done.removed, now
    tag.save(update_fields=["people", "refreshed_at"])
    return done


def _stored(
    cursor: Cursor, tag: Tag, values: Sequence[str], shards: Collection[int]
) -> tuple[Mapping[int, Members], int]:
    """Who has which of the values (by position; -1: another one) in these shards, and how many have the tag at all."""
    params = {"slug": tag.slug, "kind": tag.kind, "values": list(values), "shards": list(shards)}
    cursor.execute(_SQL["stored"], params)
    rows = cursor.fetchall()
    return {code: Members.of(ids) for code, ids, _ in rows if ids is not None}, sum(count for _, _, count in rows)


def _differences(stored: Mapping[int, Members], wanted: Sequence[Members]) -> tuple[Ids, Ids]:
    """Whose value differs, ascending, with the position of the new one; -1 where she loses the tag."""
    nobody = Members()
    found = [(code, members - stored.get(code, nobody)) for code, members in enumerate(wanted)]
    lost = nobody
    for members in stored.values():
        lost = lost | members
    for members in wanted:
        lost = lost - members
    found.append((-1, lost))
    ids = np.concatenate([members.ids() for _, members in found])
    codes = np.repeat([code for code, _ in found], [len(members) for _, members in found])
    order = np.argsort(ids)
    return ids[order], codes[order]


def _pieces(ids: Ids, codes: Ids) -> Iterator[tuple[Ids, Ids]]:
    for start in range(0, len(ids), MOST_AT_ONCE):
        yield ids[start : start + MOST_AT_ONCE], codes[start : start + MOST_AT_ONCE]


def _write(cursor: Cursor, tag: Tag, ids: Ids, texts: Sequence[str | None], now: datetime, source: str) -> Assigned:
    """Lock these profiles and give them their values, except those who are of another kind by now, or gone."""
    cursor.execute(_SQL["lock"], {"slug": tag.slug, "kind": tag.kind, "ids": ids, "values": texts})
    found, before, after = cursor.fetchone()
    if found is None:
        return Assigned()
    cursor.execute(_SQL["write"], {"slug": tag.slug, "ids": found, "values": after, "now": now})
    at = np.full(len(found), micros(now))
    changes.record_column(cursor, changes.Column("tag", tag.slug, found, at, before, after), source)
    added, removed = before.count(None), after.count(None)
    return Assigned(added, len(found) - added - removed, removed)
