"""Entry by the calendar: one instant, or the instants of a cron line; each run asks the rule anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from audiences.rules.ast import Rule
from itinera.kit.cron import runs


@dataclass(frozen=True, slots=True)
class ScheduleTrigger:
    """`node` is the index of the trigger node in the plan; `rule` says who enters at each run."""

    node: int
    rule: Rule
    at: datetime | None
    cron: str | None
    begin: datetime | None
    end: datetime | None

    def instants(self, zone: str, start: datetime, stop: datetime) -> Iterator[datetime]:
        """The runs in `[start, stop)`, ascending, in UTC. `zone` is the journey's, else the workspace's."""
        if self.at is not None:
            yield from (at for at in (self.at.astimezone(UTC),) if start <= at < stop)
        if self.cron is not None:
            first = max(start, self.begin) if self.begin else start
            last = min(stop, self.end) if self.end else stop
            yield from runs(self.cron, zone, first, last)
