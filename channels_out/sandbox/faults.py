"""The fault switch: what goes wrong, where, how often."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass

KINDS: Mapping[str, str] = {
    "delay": "answers late by `seconds`",
    "drop_before": "closes the connection before the message was handled",
    "drop_after": "delivers, then closes the connection without an answer",
    "error_after": "delivers, then answers with an error of the server",
    "truncate": "delivers, then cuts the answer off in the middle",
    "malformed": "delivers, then answers with something that is not the agreed format",
    "throttle": "refuses: too fast",
    "token": "refuses the credentials",
    "reject": "refuses this recipient for good",
    "later": "refuses this message for now",
}


class BadFault(ValueError):
    """The fault that was asked for makes no sense; the text says why."""


@dataclass
class Fault:
    """One thing that goes wrong at an endpoint (`sms`, `email`, `*`).

    `probability` of striking a message, `times` it may still strike (None = always), `match` a piece
    of the recipient's address.
    """

    kind: str
    endpoint: str = "*"
    seconds: float = 0.0
    probability: float = 1.0
    times: int | None = None
    match: str = ""
    id: int = 0

    def strikes(self, endpoint: str, recipient: str, dice: random.Random) -> bool:
        if self.endpoint not in ("*", endpoint) or self.match not in recipient or self.times == 0:
            return False
        if self.probability < 1 and dice.random() >= self.probability:
            return False
        if self.times is not None:
            self.times -= 1
        return True


class Faults:
    """The faults that are switched on, in the order in which they were."""

    def __init__(self, seed: int = 0) -> None:
        self._on: list[Fault] = []
        self._last = 0
        self._dice = random.Random(seed)

    def add(self, asked: Mapping[str, object]) -> Fault:
        """Switch one on. BadFault if its kind or a field is not known."""
        if asked.get("kind") not in KINDS:
            raise BadFault(f"kind must be one of {', '.join(KINDS)}")
        try:
            fault = Fault(**{**asked, "id": self._last + 1})  # type: ignore[arg-type]
            fault.probability, fault.seconds = float(fault.probability), float(fault.seconds)
        except (TypeError, ValueError) as bad:
            raise BadFault(str(bad)) from None
        self._last += 1
        self._on.append(fault)
        return fault

    def strike(self, endpoint: str, recipient: str) -> dict[str, Fault]:
        """Every kind that strikes this message."""
        if not self._on:
            return {}
        return {fault.kind: fault for fault in self._on if fault.strikes(endpoint, recipient, self._dice)}

    def remove(self, number: int | None = None) -> None:
        """Switch one off, or all of them."""
        self._on = [fault for fault in self._on if number is not None and fault.id != number]

    def listed(self) -> list[dict[str, object]]:
        return [asdict(fault) for fault in self._on]
