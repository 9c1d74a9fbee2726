"""The stage that ends versions: those which people no longer enter, nobody is inside of, and nothing can concern.

Nobody enters a version that drains, but for the runs of its schedules that were due before; once these are read and
walked, a shard in which nobody is stays so. So each thing may be looked at by itself, without holding waves up.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from audiences.models import SHARDS
from audiences.rules.clock import shift
from itinera.kit import sqlfile, wire
from itinera.kit.stage import StageReport
from itinera.kit.wire import django_cursor
from journeys.actions import end_version
from journeys.canvas.settings import Goal
from journeys.engine import claim
from journeys.engine.plans import PLANS

SQL = sqlfile.queries(__file__, "reap.sql")
log = logging.getLogger(__name__)
LATE = timedelta(days=4)
"""How long a goal may still be met after its last window: an event may come a day late, as for triggers; three days
more because a month counted in one zone may end so much later than in another."""


@dataclass(frozen=True)
class Drained:
    """A version in which, by the counters, nobody is; `until` is the end of its goals' last window, if it has any."""

    id: int
    until: datetime | None


def run(now: datetime, limit: int = 100) -> StageReport:
    """End what can be ended, of at most `limit` versions that look like it."""
    found = [each for each in _drained() if each.until is None or each.until + LATE <= now]
    if found:
        # A wave that began before the next version was published may still let people in.
        with transaction.atomic():
            claim.hold_all(django_cursor())
    ended = [each.id for each in found[:limit] if _is_over(each) and end_version(each.id)]
    for number in ended:
        for shard in range(SHARDS):
            django_cursor().execute(SQL["drop_chunks"], {"shard": shard, "version": number})
    return StageReport("reap", len(ended), len(found) > limit, {"versions": ended})


def _drained() -> list[Drained]:
    cursor = django_cursor()
    cursor.execute(SQL["drained"])
    rows = cursor.fetchall()
    plans = PLANS.of(cursor, [number for number, _ in rows])
    return [Drained(number, _last_window(plans[number].settings.goal, replaced)) for number, replaced in rows]


def _last_window(goal: Goal | None, replaced: datetime) -> datetime | None:
    """Whoever entered last did so before the version was replaced."""
    return None if goal is None else wire.moment(shift(wire.micros(replaced), goal.within, "UTC"))


def _is_over(version: Drained) -> bool:
    """Look at the rows themselves, shard by shard: no statement lasts long, however many have ever entered."""
    asked = {"version": version.id, "until": version.until}
    if _answer("unread", asked):
        return False
    if any(_answer("remains", {**asked, "shard": shard}) for shard in range(SHARDS)):
        log.info("version %d does not end yet: somebody is inside or about to enter", version.id)
        return False
    return True


def _answer(query: str, asked: Mapping[str, object]) -> bool:
    cursor = django_cursor()
    cursor.execute(SQL[query], asked)
    (found,) = cursor.fetchone()
    return bool(found)
