"""The stage that folds what counters have been told."""

from __future__ import annotations

from datetime import datetime

from channels_out.models import MESSAGE_COUNTER
from itinera.kit.stage import StageReport
from itinera.kit.wire import django_cursor
from journeys.models import ENTRY_COUNTER

COUNTERS = (MESSAGE_COUNTER, ENTRY_COUNTER)


def run(now: datetime, limit: int = 20_000) -> StageReport:  # noqa: ARG001  # a stage's signature; a sum knows no time
    """Fold at most `limit` changes of each counter, each in a transaction of its own."""
    folded = {counter.name: counter.fold(django_cursor(), limit) for counter in COUNTERS}
    return StageReport("fold", sum(folded.values()), max(folded.values()) >= limit, folded)
