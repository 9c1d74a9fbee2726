"""Dispatch: messages owed become calls, calls become results. One bounded run.

claim → door → open (committed) → call → close. All of the database's part happens in this thread, in short
transactions, each of which closes what has been answered and opens what takes its place; the calls run meanwhile
in a thread of their own (`calls`). A dead worker leaves at most `concurrency` calls open per account: those, and
only those, are in doubt.
"""

from __future__ import annotations

import logging
import queue
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TypeVar

import psycopg
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper

from channels_out import recover
from channels_out.accounts import SendingAccount, UnusableAccount, is_usable, load
from channels_out.calls import Answered, CallThread, call_thread
from channels_out.desk import Desk
from channels_out.models import Account
from channels_out.models.attempt import AttemptOutcome as Outcome
from channels_out.owed import accounts_with_work, adopt, release
from channels_out.providers.base import Result
from channels_out.rate import RateLimiter
from channels_out.results import block, close, decide
from itinera.kit.stage import StageReport

log = logging.getLogger(__name__)

RUN_SECONDS = 20.0
"""A run opens nothing new after this; calls in flight are waited for."""
_LOOK_SECONDS = 1.0
"""How often accounts are looked at again: disabled, blocked, new."""
_GATHER = (0.002, 0.02)
"""Seconds, at least and at most, for which a turn gathers answers once there is one: half as long as the last turn
took. With a slow database turns become fuller, with slow providers they start with what there is."""
_IDLE_SECONDS = 0.02
"""How long it waits while the rate allows nothing."""
_MOST_ADOPTED = 1_000
_PATIENCE = 30
"""Times that something is tried, a second apart, while the database is away: answers must not be lost."""
_AWAY = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
"""Django's cursors and those that speak numpy say it differently."""

T = TypeVar("T")


def run(now: datetime, limit: int) -> StageReport:
    """Send up to `limit` messages, starting at `now`; ends when nothing is left or the time is up."""
    return _Dispatch(now, limit, call_thread(), RateLimiter()).run()


class _Dispatch:
    def __init__(self, now: datetime, limit: int, calls: CallThread, rates: RateLimiter) -> None:
        self._started, self._now, self._limit = time.monotonic(), now, limit
        self._calls, self._rates = calls, rates
        self._desks: dict[int, Desk] = {}
        self._incoming: queue.SimpleQueue[Answered] = queue.SimpleQueue()
        self._answered: list[Answered] = []
        self._looked = -_LOOK_SECONDS
        self._opened = 0
        self._turn_seconds = 0.0
        self._outcomes: Counter[str] = Counter()

    @property
    def _elapsed(self) -> float:
        return time.monotonic() - self._started

    def _clock(self) -> datetime:
        return self._now + timedelta(seconds=self._elapsed)

    def run(self) -> StageReport:
        adopt(_MOST_ADOPTED)
        recover.run(self._clock(), self._calls)
        try:
            while self._patiently(self._look):
                self._patiently(self._turn)
                self._listen()
        finally:
            release((each for desk in self._desks.values() for each in desk.waiting), self._clock())
        stopped = sum(desk.stopped for desk in self._desks.values())
        return StageReport("dispatch", self._opened, self._is_over(), {**self._outcomes, "stopped": stopped})

    def _is_over(self) -> bool:
        """The time or the number of messages is used up."""
        return self._opened >= self._limit or self._elapsed >= RUN_SECONDS

    def _flying(self) -> int:
        return sum(desk.in_flight for desk in self._desks.values())

    def _look(self) -> bool:
        """Whether to go on; once a second, which accounts have work and may send."""
        if self._answered or self._flying():
            going_on = True
        elif self._is_over():
            return False
        else:
            going_on = any(desk.may_open or desk.wants_more for desk in self._desks.values())
        if self._elapsed - self._looked < _LOOK_SECONDS:
            return going_on
        self._looked = self._elapsed
        now = self._clock()
        with_work = set(accounts_with_work(now))
        for account in Account.objects.filter(pk__in=with_work | set(self._desks)):
            self._place(account, now)
        return going_on or bool(with_work)

    def _place(self, account: Account, now: datetime) -> None:
        loaded = self._load(account, now) if is_usable(account, now) else None
        desk = self._desks.get(account.pk)
        if desk is None:
            if loaded is not None:
                self._desks[account.pk] = Desk(loaded, self._rates)
            return
        desk.closed = loaded is None
        desk.account = loaded or desk.account
        desk.dry = False

    def _load(self, account: Account, now: datetime) -> SendingAccount | None:
        try:
            return load(account)
        except UnusableAccount as unusable:
            log.error("account %s cannot send: %s %s", account.slug, unusable.code, unusable)
            with connection.cursor() as cursor:
                block(cursor, account.pk, Result(Outcome.CREDENTIALS, unusable.code), now)
            return None

    def _turn(self) -> None:
        """One transaction: close what was answered, open what takes its place. Then the calls."""
        begun = time.monotonic()
        with transaction.atomic(), connection.cursor() as cursor:
            self._close(cursor)
            opened = self._open(cursor)
        self._turn_seconds = time.monotonic() - begun
        self._opened += opened
        self._land()
        now = self._clock()
        calls = [call for desk in self._desks.values() for call in desk.landed(now)]
        self._calls.submit(calls, self._incoming)

    def _patiently(self, action: Callable[[], T]) -> T:
        """Do it; again if the database went away meanwhile. Answers wait, so that nothing falls into doubt."""
        for left in range(_PATIENCE, 0, -1):
            try:
                return action()
            except _AWAY as gone:
                log.warning("database away (%s); %s answers wait for it", type(gone).__name__, len(self._answered))
                if left == 1:
                    raise
            for desk in self._desks.values():
                desk.lost()
            connection.close()
            time.sleep(1)
        raise AssertionError("left the loop without a result")

    def _open(self, cursor: CursorWrapper) -> int:
        if self._is_over():
            return 0
        left = self._limit - self._opened
        for desk in self._desks.values():
            if desk.wants_more and left > 0:
                desk.fill(cursor, self._clock(), left)
            left -= desk.open(cursor, self._clock(), left)
        return self._limit - self._opened - left

    def _results(self) -> Iterator[tuple[Answered, Result, int]]:
        for answered in self._answered:
            for place, result in enumerate(answered.results):
                yield answered, result, place

    def _close(self, cursor: CursorWrapper) -> None:
        now = self._clock()
        closings = [
            decide(
                answered.call.opened[place],
                result,
                now,
                idempotent=answered.call.account.capabilities.idempotent,
            )
            for answered, result, place in self._results()
        ]
        close(cursor, closings, now)
        faults = {each.call.account: result for each, result, _ in self._results() if result.account_fault}
        for account, result in faults.items():
            self._desks[account.id].closed = True
            block(cursor, account.id, result, now)
            log.warning("account %s rests: %s", account.slug, result.code)

    def _land(self) -> None:
        """What was closed has been committed."""
        for answered, result, _ in self._results():
            self._desks[answered.call.account.id].in_flight -= 1
            self._outcomes[result.outcome.name.lower()] += 1
        self._answered = []

    def _listen(self) -> None:
        """Wait for answers, gathering a few."""
        held_back = any(desk.may_open for desk in self._desks.values())
        if not self._flying():
            if held_back:
                time.sleep(_IDLE_SECONDS)
            return
        flying, until = self._flying(), time.monotonic() + (_IDLE_SECONDS if held_back else _LOOK_SECONDS)
        while (left := until - time.monotonic()) > 0 or not self._incoming.empty():
            try:
                self._answered.append(self._incoming.get(timeout=max(left, 0)))
            except queue.Empty:
                return
            if len(self._answered) == 1:
                until = time.monotonic() + min(max(self._turn_seconds / 2, _GATHER[0]), _GATHER[1])
            if len(self._answered) >= flying:
                return
