"""What policy is asked and what it answers: the values, without the questions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from channels_out.caps import CapRule
from channels_out.quiet import QuietRule
from itinera.kit.wire import NEVER, Ids, Instants

Mask = NDArray[np.bool_]

REASONS: tuple[str, ...] = (
    "",
    "holdout",
    "no_address",
    "suppressed",
    "opted_out",
    "no_consent",
    "quiet_hours",
    "capped",
    "budget",
    "stale",
    "missing_variable",
)
"""Why a message did not leave; `Verdicts.reason` indexes it, 0 = no refusal."""


class Verdict(IntEnum):
    """What policy says about one message."""

    SEND = 0  # may leave; its place under every cap is reserved
    HOLD = 1  # ask again at `until`; nothing is reserved
    SKIPPED = 2  # refused; the person goes on
    CAPPED = 3  # a cap had no room, and holding is over or not wanted
    UNREACHABLE = 4  # no address, or suppressed


@dataclass(frozen=True)
class SendSpec:
    """What is the same for everybody at one message node.

    `caps` and `quiet` may be all of the workspace's; those that do not concern this message are
    passed over. `hold_for` in microseconds, None = as long as it takes. `stale_after` in
    microseconds, None = never stale here. `zone` stands for people without their own.
    """

    channel: str
    category: str
    journey: str
    zone: str
    transactional: bool = False
    holdout: bool = True
    on_quiet: Literal["hold", "drop"] = "hold"
    on_capped: Literal["continue", "hold", "exit"] = "continue"
    hold_for: int | None = None
    stale_after: int | None = None
    caps: tuple[CapRule, ...] = ()
    quiet: tuple[QuietRule, ...] = ()


@dataclass(frozen=True)
class Intents:
    """One row per message asked for; arrays of one length.

    `at` is when the person's step was due (after a hold: when the hold ended), `asked` policy's
    wall clock, `first_refused` when a cap first refused this message (NEVER = not yet).
    """

    shard: NDArray[np.int16]
    profile: Ids
    at: Instants
    asked: Instants
    first_refused: Instants
    ready: NDArray[np.bool_] | None = None
    """Whose text could be written; None = everybody's."""


@dataclass(frozen=True)
class Verdicts:
    """The answers, row by row in the order of the intents.

    `until` is set for HOLD, else NEVER. `first_refused` is what to keep with a held message.
    """

    status: NDArray[np.int8]
    reason: NDArray[np.int8]
    until: Instants
    first_refused: Instants
    address: list[str | None]


class Ballot:
    """The answers so far: whoever has been refused or held is not asked again."""

    def __init__(self, spec: SendSpec, intents: Intents) -> None:
        rows = len(intents.profile)
        self.spec, self.intents = spec, intents
        self.status = np.full(rows, Verdict.SEND, dtype=np.int8)
        self.reason = np.zeros(rows, dtype=np.int8)
        self.until = np.full(rows, NEVER, dtype=np.int64)
        self.first_refused = intents.first_refused.copy()
        self.address: list[str | None] = [None] * rows

    @property
    def open(self) -> Mask:
        """Who has passed everything asked until now."""
        return np.equal(self.status, Verdict.SEND)

    def settle(self, who: Mask, status: Verdict, reason: str) -> None:
        """Give an answer to those of `who` who have none yet."""
        mine = who & self.open
        self.status[mine] = status
        self.reason[mine] = REASONS.index(reason)

    def hold(self, who: Mask, until: Instants, reason: str) -> None:
        mine = who & self.open
        self.until[mine] = until[mine]
        self.settle(mine, Verdict.HOLD, reason)

    def verdicts(self) -> Verdicts:
        return Verdicts(self.status, self.reason, self.until, self.first_refused, self.address)
