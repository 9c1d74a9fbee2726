"""A desk: one account's messages in one dispatcher's hands, from the claim to the answer."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from django.db.backends.utils import CursorWrapper

from channels_out import door, results
from channels_out.accounts import SendingAccount
from channels_out.calls import Call
from channels_out.owed import Opened, Owed, claim, open_calls, unopen
from channels_out.providers.base import Envelope
from channels_out.rate import RateLimiter
from channels_out.reservations import drift
from itinera.kit.wire import django_cursor

DOOR_VALID = timedelta(seconds=1)
"""What the door said is trusted for this long; a message that waits longer is asked about again."""
_MOST_CLAIMED = 256
"""Claimed at a time: little enough that the door's answer stays fresh, much enough to be worth a query."""


class Desk:
    """Claims what it can send within about a second, and keeps at most `concurrency` calls in flight.

    `fill` and `open` work inside the caller's transaction; `landed` says that it was committed, `lost` that nobody
    saw its end.
    """

    def __init__(self, account: SendingAccount, rates: RateLimiter) -> None:
        self.account = account
        self.waiting: deque[Owed] = deque()
        self.in_flight = 0
        self.dry = False  # the last claim found nothing more
        self.closed = False  # the account rests or was disabled: nothing new leaves
        self.stopped = 0
        self._rates = rates
        self._asked_at: datetime | None = None
        self._opening: list[Opened] = []
        self._never_called: list[Opened] = []

    @property
    def may_open(self) -> bool:
        """There is a message in hand and room for its call; only the rate may object."""
        return bool(self.waiting) and not self.closed and self.in_flight < self.account.concurrency

    @property
    def wants_more(self) -> bool:
        return not self.dry and not self.closed and len(self.waiting) < self.account.concurrency

    def fill(self, cursor: CursorWrapper, now: datetime, most: int) -> None:
        """Claim more and take them through the door."""
        size = min(_MOST_CLAIMED, max(self.account.concurrency, self.account.rate), most)
        found = claim(cursor, self.account.id, size, now)
        self.dry = len(found) < size
        if not self.waiting:
            self._asked_at = now
        self.waiting.extend(self._through_the_door(cursor, found, now))

    def open(self, cursor: CursorWrapper, now: datetime, most: int) -> int:
        """Open as many calls as room, rate and `most` allow; answers how many."""
        unopen(cursor, self._never_called, now)
        wanted = min(self.account.concurrency - self.in_flight, len(self.waiting), most)
        if wanted <= 0 or self.closed:
            return 0
        if self._asked_at is None or now - self._asked_at > DOOR_VALID:
            self.waiting = deque(self._through_the_door(cursor, list(self.waiting), now))
            self._asked_at = now
            wanted = min(wanted, len(self.waiting))
        granted = self._rates.take(self.account.id, self.account.rate, wanted) if wanted else 0
        chosen = [self.waiting.popleft() for _ in range(granted)]
        self._opening = open_calls(cursor, chosen, now)
        drift(cursor, [each.owed for each in self._opening], now)
        return len(self._opening)

    def landed(self, now: datetime) -> list[Call]:
        """The transaction was committed: the calls to make."""
        opened, self._opening, self._never_called = self._opening, [], []
        self.in_flight += len(opened)
        size = self.account.capabilities.max_batch
        envelopes = [Envelope(each.owed.key, each.owed.address or "", each.owed.content, now) for each in opened]
        return [
            Call(self.account, opened[start : start + size], envelopes[start : start + size])
            for start in range(0, len(opened), size)
        ]

    def lost(self) -> None:
        """The transaction's end was not seen. What was claimed runs out by itself; nothing of it was called."""
        self._never_called += self._opening
        self._opening = []
        self.waiting.clear()
        self.dry = False

    def _through_the_door(self, cursor: CursorWrapper, messages: list[Owed], now: datetime) -> list[Owed]:
        if not messages:
            return []
        stops = door.ask(django_cursor(), messages, now)
        if not stops:
            return messages
        results.stop(cursor, messages, stops, now)
        self.stopped += len(stops)
        return [each for each in messages if each.id not in stops]
