"""The windows of caps: rolling durations, and calendar periods in the person's zone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from itinera.kit.durations import Duration, add
from itinera.kit.zones import DAY, Int64, ZoneArray, to_local, to_utc

Period = Literal["day", "week", "month", "quarter", "year"]

_MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "year": 12}
_MONDAY = 4 * DAY
"""1970-01-05, the first Monday on the local scale."""


@dataclass(frozen=True)
class CapWindow:
    """How long a reservation counts: for a duration, or until its calendar period is over."""

    rolling: Duration | None = None
    calendar: Period | None = None

    def counts_until(self, at: Int64, zones: ZoneArray) -> Int64:
        """The first instant at which a reservation made at `at` no longer counts.

        Rolling: when its age reaches the window. Calendar: when the next period begins.
        """
        if self.rolling is not None:
            return add(at, self.rolling, zones)
        return to_utc(_next_period(to_local(at, zones), self.calendar), zones)

    @classmethod
    def of(cls, stored: Any) -> CapWindow:
        """From what `Cap.window` holds: `"P7D"` or `{"calendar": "day"}`. ValueError if neither."""
        if isinstance(stored, str):
            duration = Duration.parse(stored)
            if duration.is_negative or duration.is_zero:
                raise ValueError("a window lasts longer than nothing")
            return cls(rolling=duration)
        if isinstance(stored, dict) and stored.get("calendar") in get_args(Period):
            return cls(calendar=stored["calendar"])
        raise ValueError("a window is a duration or a calendar period")


def _next_period(local: Int64, period: str | None) -> Int64:
    if period == "day":
        return (local // DAY + 1) * DAY
    if period == "week":
        return ((local - _MONDAY) // (7 * DAY) + 1) * (7 * DAY) + _MONDAY
    months = _MONTHS[str(period)]
    month = (local // DAY).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    following = ((month // months + 1) * months).astype("datetime64[M]")
    return following.astype("datetime64[D]").astype(np.int64) * DAY
