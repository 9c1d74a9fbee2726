"""Entry by an event: its name, its filters, and how late it may be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from itinera.kit.durations import Duration
from journeys.nodes.needs import EventMatch


@dataclass(frozen=True, slots=True)
class EventTrigger:
    """`node` is the index of the trigger node in the plan: where those who enter begin."""

    node: int
    match: EventMatch
    max_age: Duration
    """Exact (no months)."""

    def in_time(self, at: NDArray[np.int64], now: NDArray[np.int64] | int) -> NDArray[np.bool_]:
        """Whether events of these instants may still start somebody at `now`; exactly max_age old still may."""
        return np.asarray(now - at <= self.max_age.micros)
