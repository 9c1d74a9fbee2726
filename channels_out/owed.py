"""Messages in a dispatcher's hands: claiming them, opening them for calls, letting them go again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection
from django.db.backends.utils import CursorWrapper

from itinera.kit.sqlfile import queries
from itinera.kit.wire import django_cursor

_SQL = queries(__file__, "dispatch.sql")

CLAIM_LEASE = timedelta(seconds=60)
"""How long a claim is respected: far longer than a dispatcher keeps messages in hand."""
CALL_LEASE = timedelta(seconds=75)
"""How long a call may be open before its worker counts as dead: above every deadline (at most 30 s) and a
stall of the process besides."""


@dataclass(frozen=True, slots=True, eq=False)
class Owed:
    """One claimed message: what the door asks about, and what the call needs."""

    id: int
    shard: int
    profile: int
    version: int
    seq: int
    node: int
    journey: str
    channel: str
    category: str
    transactional: bool
    drop_in_quiet: bool
    wants_outcome: bool
    zone: str | None
    tries: int
    address: str | None
    content: Mapping[str, str]
    at: datetime
    stale_at: datetime | None
    reserved_at: datetime
    claim: datetime

    @property
    def key(self) -> str:
        """The same for every attempt at this message, and for no other message of any database."""
        return f"m{self.id}-{int(self.at.timestamp() * 1e6):x}"


@dataclass(frozen=True, slots=True)
class Opened:
    """A message whose call has been committed; `until` is the lease of the call."""

    owed: Owed
    attempt: int
    until: datetime


def claim(cursor: CursorWrapper, account: int, most: int, now: datetime) -> list[Owed]:
    """Take up to `most` messages of an account: those due for another try first, then the oldest."""
    until = now + CLAIM_LEASE
    asked: dict[str, Any] = {"account": account, "most": most, "until": until, "now": now}
    cursor.execute(_SQL["claim_due"], asked)
    ids = [row[0] for row in cursor.fetchall()]
    if len(ids) < most:
        cursor.execute(_SQL["claim_fresh"], {**asked, "most": most - len(ids)})
        ids += [row[0] for row in cursor.fetchall()]
    return _read(ids)


def open_calls(cursor: CursorWrapper, chosen: Sequence[Owed], now: datetime) -> list[Opened]:
    """Open an attempt for each message that is still ours. The caller commits before it calls."""
    if not chosen:
        return []
    until = now + CALL_LEASE
    claims: dict[str, Any] = {"ids": [each.id for each in chosen], "claims": [each.claim for each in chosen]}
    cursor.execute(_SQL["open"], {**claims, "until": until, "now": now})
    attempts = {message: attempt for attempt, message in cursor.fetchall()}
    return [Opened(each, attempts[each.id], until) for each in chosen if each.id in attempts]


def unopen(cursor: CursorWrapper, never_called: Sequence[Opened], now: datetime) -> None:
    """Take back openings whose commit was not seen to end. None of them was called."""
    if never_called:
        ids, untils = [each.owed.id for each in never_called], [each.until for each in never_called]
        cursor.execute(_SQL["unopen"], {"ids": ids, "untils": untils, "now": now})


def expired_calls(cursor: CursorWrapper, most: int, now: datetime) -> list[tuple[int, Opened]]:
    """Calls whose lease is over, taken over for one lease: (account, message)."""
    until = now + CALL_LEASE
    cursor.execute(_SQL["expired_calls"], {"most": most, "until": until, "now": now})
    found = {message: (account, attempt) for message, account, attempt in cursor.fetchall()}
    return [(found[each.id][0], Opened(each, found[each.id][1], until)) for each in _read(list(found))]


def expired_claims(cursor: CursorWrapper, most: int, now: datetime) -> None:
    """Claims whose holder is gone are owed again."""
    cursor.execute(_SQL["expired_claims"], {"most": most, "now": now})


def release(messages: Iterable[Owed], now: datetime) -> None:
    """Give claims back untouched."""
    held = list(messages)
    if held:
        with connection.cursor() as cursor:
            asked: dict[str, Any] = {
                "ids": [each.id for each in held],
                "claims": list({each.claim for each in held}),
                "now": now,
            }
            cursor.execute(_SQL["release"], asked)


def adopt(most: int) -> None:
    """Give messages that have no account the default one of their channel."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL["adopt"], {"most": most})


def accounts_with_work(now: datetime) -> list[int]:
    """Enabled accounts that have a message to send at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL["backlog"], {"now": now})
        return [row[0] for row in cursor.fetchall()]


def _read(ids: Sequence[int]) -> list[Owed]:
    """Oldest first. In binary: twenty columns a message, and text would be parsed value by value."""
    if not ids:
        return []
    cursor = django_cursor()
    cursor.execute(_SQL["read"], {"ids": np.array(ids, dtype=np.int64)})
    return [Owed(*row) for row in cursor.fetchall()]
