"""Who is in an audience: bitmaps per shard, written as a whole, with what has changed since the time before."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import numpy as np

from audiences import changes
from audiences.bitmaps import Members
from audiences.models import SHARDS, Audience, AudienceRefresh
from audiences.oneid.lock import hold_people
from audiences.oneid.log import as_now
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor

_SQL = queries(__file__, "members.sql")


def load(cursor: Cursor, audiences: Collection[int]) -> dict[int, Members]:
    """The members of some audiences by number, all as one instant saw them: nobody sees half a refresh."""
    parts: dict[int, list[tuple[int, bytes]]] = {number: [] for number in audiences}
    if parts:
        cursor.execute(_SQL["load"], {"audiences": list(parts)})
        for number, shard, members in cursor.fetchall():
            parts[number].append((shard, members))
    return {number: Members.loaded(each) for number, each in parts.items()}


def load_shard(cursor: Cursor, audience: int, shard: int) -> tuple[int, Members] | None:
    """The first shard from this one on that holds members, and they; None if there is none."""
    cursor.execute(_SQL["load_shard"], {"audience": audience, "shard": shard})
    row = cursor.fetchone()
    return None if row is None else (row[0], Members.loaded([row]))


def store(cursor: Cursor, audience: Audience, members: Members, at: datetime, took_ms: int) -> AudienceRefresh:
    """Make these its members as of `at`, note who came and went, and tell the journeys that ask.

    The caller holds the audience's row, and its transaction: whoever reads sees all of it or nothing. Who was merged
    since `at` is in it as whom she is now.
    """
    hold_people(cursor)
    members = as_now(cursor, members, at)
    before = load(cursor, [audience.pk])[audience.pk]
    entered, left = members - before, before - members
    refresh = AudienceRefresh.objects.create(
        audience=audience, at=at, size=len(members), entered=len(entered), left=len(left), took_ms=took_ms
    )
    _write(cursor, audience.pk, members, sorted({*entered.shards(), *left.shards()}))
    _note(cursor, refresh.pk, entered, left)
    audience.size, audience.refreshed_at = len(members), at
    audience.save(update_fields=["size", "refreshed_at"])
    for event, people in ((changes.AUDIENCE_LEFT, left), (changes.AUDIENCE_ENTERED, entered)):
        changes.feed_set(cursor, event, audience.slug, people.ids(), {"audience": audience.slug}, at)
    return refresh


def load_shift(cursor: Cursor, refresh: int, shard: int, side: str) -> tuple[int, Members] | None:
    """The first shard from this one on in which anybody came or went, and who `entered` or `left` in it."""
    cursor.execute(_SQL["shift"], {"refresh": refresh, "shard": shard})
    row = cursor.fetchone()
    return None if row is None else (row[0], Members.loaded([(row[0], row[1 if side == "entered" else 2])]))


def has(cursor: Cursor, audience: int, profile: int) -> bool:
    """Whether somebody is in it."""
    shard = profile % SHARDS
    found = load_shard(cursor, audience, shard)
    return found is not None and found[0] == shard and bool(found[1].has(np.array([profile], dtype=np.int64))[0])


def audiences_of(cursor: Cursor, profile: int) -> list[dict[str, str]]:
    """The audiences that somebody is in, as of their last refreshes: `{"slug", "name"}`."""
    cursor.execute(_SQL["of_shard"], {"shard": profile % SHARDS})
    wanted = np.array([profile], dtype=np.int64)
    return [
        {"slug": slug, "name": name}
        for slug, name, members in cursor.fetchall()
        if Members.loaded([(profile % SHARDS, members)]).has(wanted)[0]
    ]


def _write(cursor: Cursor, audience: int, members: Members, shards: Collection[int]) -> None:
    """Only the shards in which anything differs."""
    dumped = dict(members.within(shards).dumped())
    empty = [shard for shard in shards if shard not in dumped]
    if empty:
        cursor.execute(_SQL["drop"], {"audience": audience, "shards": empty})
    if dumped:
        cursor.execute(_SQL["put"], {"audience": audience, "shards": list(dumped), "members": list(dumped.values())})


def _note(cursor: Cursor, refresh: int, entered: Members, left: Members) -> None:
    came, went = dict(entered.dumped()), dict(left.dumped())
    shards = sorted({*came, *went})
    if not shards:
        return
    params = {
        "refresh": refresh, "shards": shards,
        "entered": [came.get(shard, b"") for shard in shards],
        "left": [went.get(shard, b"") for shard in shards],
    }  # fmt: skip
    cursor.execute(_SQL["add_shift"], params)
