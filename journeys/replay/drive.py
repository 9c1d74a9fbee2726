"""Moves the virtual clock from barrier to barrier and walks everybody in between.

Between two barriers nothing happens that concerns people together, and people do not depend on each other, so
the engine may take months in one wave: it goes through each person's instants in rounds. Barriers are the runs of
schedules (who is in the audience is asked there), profile lines, and the daily refreshes of audiences that are read
as they are stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from django.db import transaction

from audiences import asking
from audiences.definitions.base import kind_of
from audiences.models import Audience
from audiences.refreshing import refresh_in_order
from itinera.kit import wire
from itinera.kit.cron import runs
from itinera.kit.wire import django_cursor
from journeys.engine import items as work
from journeys.engine.plans import Plans
from journeys.engine.run import consume
from journeys.engine.wave import Clock, carry
from journeys.engine.world import LiveVersion, World, load
from journeys.models import ScheduleRun, Version
from journeys.replay.stage import Scene, add_people
from journeys.stages.schedule import enter_slice, people_at
from journeys.triggers.schedule import ScheduleTrigger

PEOPLE = 200_000
"""Things per wave: a replay has the connection to itself, so larger sets are only cheaper."""
END_OF_TIME = wire.micros(datetime(9999, 12, 31, tzinfo=UTC))
_SHARDS = np.arange(64, dtype=np.int16)


@dataclass(frozen=True)
class Barrier:
    """Something at an instant (microseconds since 1970) for which everything before must have happened."""

    at: int
    order: int
    people: list[object] | None = None
    audiences: list[str] | None = None
    version: LiveVersion | None = None
    trigger: ScheduleTrigger | None = None


def run(scene: Scene, until: datetime | None) -> int:
    """Live through everything from the scene's beginning to `until`, or until nothing is left to happen.

    A recurring schedule without an end runs until the last line of the input. Answers the rounds walked.
    """
    plans = Plans()
    end = END_OF_TIME if until is None else wire.micros(until) - 1
    rounds = 0
    for barrier in sorted(_barriers(scene, until, plans), key=lambda b: (b.at, b.order)):
        rounds += _walk_until(barrier.at - 1, plans)
        if barrier.people is not None:
            add_people(scene, barrier.people, wire.moment(barrier.at))
        elif barrier.audiences is not None:
            with transaction.atomic():
                refresh_in_order(django_cursor(), barrier.audiences, wire.moment(barrier.at))
        elif barrier.version is not None and barrier.trigger is not None:
            _enter(_world(plans), barrier.version, barrier.trigger, barrier.at)
    return rounds + _walk_until(end, plans)


def _barriers(scene: Scene, until: datetime | None, plans: Plans) -> Iterator[Barrier]:
    end = END_OF_TIME if until is None else wire.micros(until) - 1
    for at, people in scene.later:
        if at <= end:
            yield Barrier(at, 0, people=people)
    stop = until or wire.moment(max(scene.last or 0, wire.micros(scene.begin)))
    world = _world(plans)
    for at in _refreshes(scene.begin, stop, world.zone) if (slugs := _stored(world)) else ():
        yield Barrier(at, 1, audiences=slugs)
    for version in world.versions:
        for trigger in version.plan.schedules:
            # A single run happens whenever it is named; only a recurring one would go on for ever.
            last = stop if trigger.cron is not None and trigger.end is None else (until or wire.moment(END_OF_TIME))
            for run_at in trigger.instants(version.zone, scene.begin, _stop(last, until)):
                yield Barrier(wire.micros(run_at), 2, version=version, trigger=trigger)


def _stop(last: datetime, until: datetime | None) -> datetime:
    """The end of a half-open stretch: `until` is left out, the last line of the input is in."""
    return last if last == until else wire.moment(wire.micros(last) + 1)


def _stored(world: World) -> list[str]:
    """Audiences that canvases ask for, or those rest on, and that are read as of their last refresh: neither rules,
    which are asked at the instant itself, nor fixed lists.
    """
    canvases = Version.objects.filter(pk__in=[version.id for version in world.versions])
    named = {slug for canvas in canvases.values_list("canvas", flat=True) for slug in asking.mentioned(canvas)}
    rows = Audience.objects.filter(slug__in=asking.in_order(asking.graph(), sorted(named)))
    kinds = {row.slug: kind_of(row.definition)[0] for row in rows}
    return sorted(slug for slug, kind in kinds.items() if kind.key != "rule" and not kind.is_static)


def _refreshes(begin: datetime, stop: datetime, zone: str) -> Iterator[int]:
    """The beginning, then each midnight of the zone."""
    yield wire.micros(begin)
    for at in runs("0 0 * * *", zone, begin, stop):
        if at > begin:
            yield wire.micros(at)


def _world(plans: Plans) -> World:
    with transaction.atomic():
        return load(django_cursor(), plans)


def _walk_until(horizon: int, plans: Plans) -> int:
    rounds = 0
    while True:
        with transaction.atomic():
            cursor = django_cursor()
            world = load(cursor, plans)
            intake = work.read(cursor, _SHARDS, horizon, PEOPLE * len(_SHARDS), [])
            if not len(intake.items):
                return rounds
            wave = carry(cursor, world, intake.items, Clock(horizon, intake.horizons), replay=True)
            consume(cursor, intake)
            rounds += wave.rounds


def _enter(world: World, version: LiveVersion, trigger: ScheduleTrigger, at: int) -> None:
    with transaction.atomic():
        one = ScheduleRun.objects.create(version_id=version.id, node=trigger.node, at=wire.moment(at))
        cursor = django_cursor()
        enter_slice(cursor, version, trigger, one, people_at(cursor, world, version, trigger, one.at))
