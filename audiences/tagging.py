"""Makes a tag say of everybody exactly what some sets of profiles say, writing only what differs.

    assign(cursor, tag, {True: members}, now, "tag:vip")                      # a plain tag
    assign(cursor, tag, {"gold": some, "silver": others}, now, "tag:level")   # one with values
    put(cursor, tag, members, "gold", now, "user:li")                         # some people only; None takes it away

A million profiles are written at some tens of thousands a second: a long job takes a few shards a slice, or a `Part`
after the other. Done again, what is so already costs one scan of the profiles.
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
NOBODY = Members()

_SQL = queries(__file__, "tagging.sql")


@dataclass(frozen=True, slots=True)
class Assigned:
    """How many profiles got the tag, have another value of it now, and lost it.

    `left` says how many are still to be written; all of them have numbers above `reached`.
    """

    added: int = 0
    changed: int = 0
    removed: int = 0
    left: int = 0
    reached: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """Of those who are to be written the next `most` whose numbers are above `after`."""

    after: int = 0
    most: int | None = None


WHOLE = Part()


@dataclass(frozen=True, slots=True)
class _Stored:
    """Who has which of some values (by position; -1: another one), and how many have the tag in all shards."""

    by_code: Mapping[int, Members]
    people: int

    def having(self, code: int) -> Members:
        return self.by_code.get(code, NOBODY)

    @property
    def everybody(self) -> Members:
        found = NOBODY
        for members in self.by_code.values():
            found = found | members
        return found


def assign(
    cursor: Cursor, tag: Tag, cells: Mapping[Any, Members], now: datetime, source: str,
    shards: Collection[int] = range(SHARDS), part: Part = WHOLE,
) -> Assigned:  # fmt: skip
    """Give everybody of the tag's kind of people, in these shards, the value of the set she is in, or none.

    The sets are disjoint. Within the caller's transaction, and one tag in each: profiles are locked in order of
    id, as ingestion does, and a second tag would begin again from below. `cursor` speaks numpy (`wire`); `source`
    stands in the history, as `tag:vip`. Keeps `Tag.people` and `Tag.refreshed_at`.
    """
    values = [_json(value) for value in cells]
    wanted = [members.within(shards) for members in cells.values()]
    stored = _stored(cursor, tag, values, shards)
    lost = stored.everybody
    for members in wanted:
        lost = lost - members
    differing = [(code, members - stored.having(code)) for code, members in enumerate(wanted)]
    return _bring(cursor, tag, values, [*differing, (-1, lost)], stored.people, now, source, part)


def put(
    cursor: Cursor, tag: Tag, members: Members, value: Any, now: datetime, source: str, part: Part = WHOLE
) -> Assigned:  # fmt: skip
    """Give these people of the tag's kind one value, or take the tag from them (None); others stay as they are."""
    values = [] if value is None else [_json(value)]
    stored = _stored(cursor, tag, values, range(SHARDS))
    differing = (-1, members & stored.everybody) if value is None else (0, members - stored.having(0))
    return _bring(cursor, tag, values, [differing], stored.people, now, source, part)


def _stored(cursor: Cursor, tag: Tag, values: Sequence[str], shards: Collection[int]) -> _Stored:
    params = {"slug": tag.slug, "kind": tag.kind, "values": list(values), "shards": list(shards)}
    cursor.execute(_SQL["stored"], params)
    rows = cursor.fetchall()
    return _Stored({code: Members.of(ids) for code, ids, _ in rows if ids is not None}, sum(row[2] for row in rows))


def _bring(
    cursor: Cursor, tag: Tag, values: Sequence[str], differing: Sequence[tuple[int, Members]], people: int,
    now: datetime, source: str, part: Part,
) -> Assigned:  # fmt: skip
    """Write the values of those who differ, lowest id first."""
    changes.prepare(cursor, now)
    ids = np.concatenate([members.ids() for _, members in differing])
    codes = np.repeat([code for code, _ in differing], [len(members) for _, members in differing])
    order = np.argsort(ids)
    order = order[np.searchsorted(ids, part.after, side="right", sorter=order) :]
    mine = order[: part.most]
    done = [0, 0, 0]
    for some in _pieces(mine):
        texts = [None if code < 0 else values[code] for code in codes[some].tolist()]
        done = [sum(each) for each in zip(done, _write(cursor, tag, ids[some], texts, now, source), strict=True)]
    added, changed, removed = done
    tag.people, tag.refreshed_at = people + added - removed, now
    tag.save(update_fields=["people", "refreshed_at"])
    return Assigned(added, changed, removed, len(order) - len(mine), int(ids[mine[-1]]) if len(mine) else part.after)


def _pieces(order: Ids) -> Iterator[Ids]:
    for start in range(0, len(order), MOST_AT_ONCE):
        yield order[start : start + MOST_AT_ONCE]


def _write(
    cursor: Cursor, tag: Tag, ids: Ids, texts: Sequence[str | None], now: datetime, source: str
) -> tuple[int, int, int]:
    """Write these profiles, but for those who are of another kind by now; how many got the tag, changed it, lost it."""
    cursor.execute(_SQL["lock"], {"slug": tag.slug, "kind": tag.kind, "ids": ids, "values": texts})
    found, before, after = cursor.fetchone()
    if found is None:
        return 0, 0, 0
    cursor.execute(_SQL["write"], {"slug": tag.slug, "ids": found, "values": after, "now": now})
    at = np.full(len(found), micros(now))
    changes.record_column(cursor, changes.Column("tag", tag.slug, found, at, before, after), source)
    added, removed = before.count(None), after.count(None)
    return added, len(found) - added - removed, removed


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
