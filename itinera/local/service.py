"""What can be started and kept running: a description, without any process yet."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from itinera.local.account import Identity
from itinera.local.home import PROJECT, home
from itinera.local.processes import MARK


def always() -> bool:
    """For a service that counts as ready as soon as it runs."""
    return True


@dataclass(frozen=True)
class Service:
    """One program of the stack.

    `ready` is asked, in a thread, until it says yes; `patience` bounds that, in seconds. `tidy` runs before each start
    and removes what a crash may have left in the way. `farewell` is the signal for an orderly end; after `grace`
    seconds it is killed.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path = PROJECT
    identity: Identity = field(default_factory=Identity)
    ready: Callable[[], bool] = always
    patience: float = 60.0
    tidy: Callable[[], None] | None = None
    farewell: signal.Signals = signal.SIGTERM
    grace: float = 10.0

    def full_environment(self) -> dict[str, str]:
        """Ours, its own, and the mark by which a later start finds what we leave."""
        return {**os.environ, "PYTHONUNBUFFERED": "1", **self.environment, MARK: str(home())}
