"""What came of calls, and of the door: written in bulk, told to whoever waits for it.

Decisions about trying again live here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from django.db import transaction
from django.db.backends.utils import CursorWrapper

from audiences.hints import work_arrived
from channels_out.door import Stop
from channels_out.models.attempt import AttemptOutcome as Outcome
from channels_out.models.message import MessageStatus as Status
from channels_out.owed import Opened, Owed
from channels_out.providers.base import Result
from channels_out.reservations import give_back, move
from itinera.kit.sqlfile import queries

_SQL, _DOOR_SQL = queries(__file__, "results.sql"), queries(__file__, "dispatch.sql")

MOST_TRIES = 6
"""Tries of one message that the provider could not serve for now; troubles of the account do not count."""
_BACK_OFF = (10, 30, 90, 270, 810)
"""Seconds before the second, third, … try."""
_PAUSE = {Outcome.THROTTLED: 2.0, Outcome.CREDENTIALS: 60.0, Outcome.RETRY: 5.0}
"""Seconds that an account rests after trouble that is not one message's, unless the provider names a time."""
_LONGEST_PAUSE = 900.0


class OutcomePort(IntEnum):
    """Which way a person goes who waited at her node to hear (`feed.port`)."""

    NEXT = 0  # sent, or skipped by the door; also unknown: she may have got it, so no second channel
    FAILED = 1
    UNREACHABLE = 2


_PORT = {Status.FAILED: OutcomePort.FAILED, Status.UNREACHABLE: OutcomePort.UNREACHABLE}


@dataclass(frozen=True, slots=True)
class Closing:
    """Where one message stands after a call."""

    opened: Opened
    result: Result
    status: Status
    retry_at: datetime | None
    untried: bool

    @property
    def reason(self) -> str | None:
        return None if self.status == Status.SENT else self.result.code or None


def decide(opened: Opened, result: Result, now: datetime, *, idempotent: bool) -> Closing:
    """Sent, failed, unknown, or queued for another try."""
    fault = result.account_fault
    if result.outcome == Outcome.ACCEPTED:
        return Closing(opened, result, Status.SENT, None, False)
    if result.outcome == Outcome.REJECTED:
        return Closing(opened, result, Status.FAILED, None, False)
    if result.outcome == Outcome.UNKNOWN and not idempotent:
        return Closing(opened, result, Status.UNKNOWN, None, False)
    tries = opened.owed.tries + 1
    if not fault and tries >= MOST_TRIES:
        ended = Status.UNKNOWN if result.outcome == Outcome.UNKNOWN else Status.FAILED
        return Closing(opened, result, ended, None, False)
    wait = pause_of(result) if fault else float(_BACK_OFF[min(tries, len(_BACK_OFF)) - 1])
    return Closing(opened, result, Status.QUEUED, now + timedelta(seconds=wait), fault)


def pause_of(result: Result) -> float:
    """Seconds that the account rests after this result."""
    wished = result.retry_after if result.retry_after is not None else _PAUSE.get(result.outcome, 5.0)
    return min(max(wished, 0.5), _LONGEST_PAUSE)


def close(cursor: CursorWrapper, closings: Sequence[Closing], now: datetime) -> None:
    """Write results: attempts closed, messages moved on, outcomes fed, places under caps given back."""
    if not closings:
        return
    results = [each.result for each in closings]
    attempts: dict[str, Any] = {
        "attempts": [each.opened.attempt for each in closings],
        "outcomes": [int(each.outcome) for each in results],
        "codes": [each.code for each in results],
        "details": [each.detail for each in results],
        "numbers": [each.provider_id for each in results],
        "now": now,
    }
    cursor.execute(_SQL["close_attempts"], attempts)
    messages: dict[str, Any] = {
        "ids": [each.opened.owed.id for each in closings],
        "claims": [each.opened.until for each in closings],
        "statuses": [int(each.status) for each in closings],
        "reasons": [each.reason for each in closings],
        "retry_at": [each.retry_at for each in closings],
        "untried": [int(each.untried) for each in closings],
        "now": now,
    }
    cursor.execute(_SQL["close_messages"], messages)
    closed = {row[0] for row in cursor.fetchall()}
    if len(closed) < len(closings):
        cursor.execute(_SQL["close_late"], messages)
    mine = [each for each in closings if each.opened.owed.id in closed]
    final = {each.opened.owed: each.status for each in mine if each.status != Status.QUEUED}
    _tell(cursor, final, now)
    give_back(cursor, [each.opened.owed.id for each in mine if each.result.outcome == Outcome.REJECTED])


def stop(cursor: CursorWrapper, messages: Sequence[Owed], stops: Mapping[int, Stop], now: datetime) -> None:
    """Write what the door said about claimed messages."""
    later = [(each, stops[each.id]) for each in messages if each.id in stops and stops[each.id].again_at]
    ended = [(each, stops[each.id]) for each in messages if each.id in stops and not stops[each.id].again_at]
    if later:
        held = {each.id: stop.again_at for each, stop in later if stop.again_at and stop.reason == "quiet_hours"}
        asked: dict[str, Any] = {
            "again": [stop.again_at for _, stop in later],
            "held": [each.id in held for each, _ in later],
        }
        cursor.execute(_DOOR_SQL["put_off"], {**_named(later, now), **asked})
        # Only what was still ours; its row is locked, so whoever it is for cannot change until this is committed.
        mine = {row[0] for row in cursor.fetchall()}
        move(cursor, {number: again for number, again in held.items() if number in mine})
    if ended:
        statuses: dict[str, Any] = {"statuses": [int(stop.status) for _, stop in ended]}
        cursor.execute(_DOOR_SQL["refuse"], {**_named(ended, now), **statuses})
        gone = {row[0] for row in cursor.fetchall()}
        _tell(cursor, {each: stop.status for each, stop in ended if each.id in gone}, now)
        give_back(cursor, gone)


def block(cursor: CursorWrapper, account: int, result: Result, now: datetime) -> None:
    """Let an account rest after trouble that concerns all of it."""
    until = now + timedelta(seconds=pause_of(result))
    cursor.execute(_SQL["block_account"], {"account": account, "until": until, "code": result.code[:64]})


def _named(stopped: Sequence[tuple[Owed, Stop]], now: datetime) -> dict[str, Any]:
    return {
        "ids": [each.id for each, _ in stopped],
        "claims": [each.claim for each, _ in stopped],
        "reasons": [stop.reason for _, stop in stopped],
        "now": now,
    }


def _tell(cursor: CursorWrapper, final: Mapping[Owed, Status], now: datetime) -> None:
    """Feed rows for those who wait at their node; the next wave takes them."""
    waiting = [(each, status) for each, status in final.items() if each.wants_outcome]
    if not waiting:
        return
    told: dict[str, Any] = {
        "ids": [each.id for each, _ in waiting],
        "ports": [int(_PORT.get(status, OutcomePort.NEXT)) for _, status in waiting],
        "statuses": [status.name.lower() for _, status in waiting],
        "now": now,
    }
    cursor.execute(_SQL["feed_outcomes"], told)
    hint: Callable[[], None] = work_arrived
    transaction.on_commit(hint)
