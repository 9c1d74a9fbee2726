"""Makes steps and configs for tests of nodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from itinera.kit.wire import NEVER, micros, moment
from itinera.kit.zones import ZoneArray
from journeys.nodes import NODES
from journeys.nodes.base import ARRIVES, Decision, Step
from journeys.nodes.needs import Column


def step(at: Sequence[datetime], zones: Sequence[str] | str = "Asia/Shanghai", **more: Any) -> Step:
    """People who arrive at these instants. Datetimes in `entered_at` and `came` are turned into numbers."""
    rows = len(at)
    entered = more.pop("entered_at", at)
    names = [zones] * rows if isinstance(zones, str) else list(zones)
    given: dict[str, Any] = {
        "profile": np.arange(1, rows + 1),
        "at": instants(at),
        "entered_at": instants(entered),
        "resumed": np.full(rows, ARRIVES, dtype=np.int8),
        "answer": np.full(rows, -1, dtype=np.int16),
        "zones": ZoneArray.of(names, "Asia/Shanghai"),
    }
    return Step(**{**given, **more})


def instants(values: Sequence[datetime | None]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Aware datetimes as the engine's numbers; None is NEVER."""
    return np.array([NEVER if value is None else micros(value) for value in values], dtype=np.int64)


def decide(type_: str, config: Mapping[str, Any], people: Step, *wired: str) -> Decision:
    """What the node answers, with these ports wired."""
    node = NODES[type_]
    return node.decide(node.Config.model_validate(config), frozenset(wired), people)


def until(decision: Decision, zone: str = "Asia/Shanghai") -> list[str | None]:
    """The due times on the wall clock; None for those who do not wait for a time."""
    return [None if value == NEVER else _wall(int(value), zone) for value in decision.until]


def _wall(value: int, zone: str) -> str:
    return moment(value).astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat(sep=" ", timespec="auto")


def wall(text: str, zone: str = "Asia/Shanghai") -> datetime:
    """An aware datetime from what the wall clock shows."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def profile(name: str, values: Sequence[object]) -> dict[Column, Sequence[object]]:
    """One column of attribute values."""
    return {Column("profile", name): values}
