"""Runs waves: claim, read, walk, commit; retries what only collided, isolates what cannot be walked."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import psycopg
from django.db import connection, transaction
from numpy.typing import NDArray
from psycopg.errors import DeadlockDetected, DuplicateTable, SerializationFailure

from audiences.partitions import ensure_partitions
from channels_out.hints import messages_queued
from itinera.kit import wire
from itinera.kit.wire import Cursor, django_cursor
from journeys.engine import claim, commit
from journeys.engine import items as work
from journeys.engine.faults import WalkFailed, kind_of, pause_faulty, trace_of
from journeys.engine.items import Intake, Items
from journeys.engine.wave import Clock, Wave, carry
from journeys.engine.world import World, load
from journeys.models import WalkError

log = logging.getLogger(__name__)
PEOPLE = 20_000
"""About how many things one wave takes: smaller claims cost more per person, larger ones hold shards longer."""
_TRIES = 5
_MOST_ERRORS = 50
"""So many people of one wave may leave as `error`; more, and it is the journey or the code that is at fault."""


class JourneyFaulty(Exception):
    """The steps of one version raise for whoever comes: nobody is put out, the journey is to be paused.

    `paused` says that it is: then it is an exit rule or a goal that raises.
    """

    def __init__(self, version: int, error: Exception, *, paused: bool) -> None:
        super().__init__(_told(error))
        self.version = version
        self.paused = paused


Changed = Callable[[str], None]


@dataclass
class WaveReport:
    """What one wave did. `left` says that work was left over: a cut, or shards that were held."""

    people: int = 0
    transitions: int = 0
    entered: int = 0
    messages: int = 0
    errors: int = 0
    rounds: int = 0
    left: bool = False

    def add(self, wave: Wave) -> None:
        self.transitions += wave.ledger.transitions
        self.entered += wave.ledger.entered
        self.messages += sum(len(block.profile) for block in wave.ledger.messages)
        self.rounds += wave.rounds


def wave(now: int, people: int, offset: int, changed: Changed) -> WaveReport | None:
    """Run one wave at `now` (microseconds since 1970); None when there is nothing to do.

    `changed` is told, after the commit, the slugs of the journeys whose counters moved.
    """
    tries, deaf = 0, frozenset[int]()
    while tries < _TRIES:
        cursor = django_cursor()
        paused = [v.id for v in load(cursor).versions if v.paused]
        candidates = claim.with_work(cursor, now, paused)
        if not len(candidates):
            return None
        try:
            return _in_transaction(candidates, now, people, offset + tries, changed, deaf)
        except JourneyFaulty as fault:
            # Nothing of the wave was written; everybody stays where she is until somebody has looked.
            if not fault.paused:
                pause_faulty(fault.version, str(fault), wire.moment(now))
                return WaveReport(left=True, errors=1)
            deaf |= {fault.version}
        except (SerializationFailure, DeadlockDetected, DuplicateTable):
            # Another wave committed between our snapshot and our lock, or made the same month. Nothing of ours
            # was written.
            tries += 1
    return WaveReport(left=True)


def _in_transaction(
    candidates: NDArray[np.int16], now: int, people: int, offset: int, changed: Changed, deaf: frozenset[int]
) -> WaveReport:
    with transaction.atomic():
        connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor = django_cursor()
        held = claim.take(cursor, candidates, now, offset)
        if not len(held.shards):
            return WaveReport(left=True)
        world = load(cursor)
        world.deaf = deaf
        intake = work.read(cursor, held.shards, held.at, people, world.paused)
        make_room(cursor, intake.items, held.at, world.sets)
        report = WaveReport(left=intake.more or len(held.shards) < len(candidates))
        waves = _carry_safely(cursor, world, intake.items, Clock(held.at, intake.horizons), report)
        consume(cursor, intake)
        _tell(world, waves, changed)
    return report


def make_room(cursor: Cursor, items: Items, at: int, sets: bool) -> None:
    """Partitions for the paths that these items will leave, and for what is set on the way; made here only where
    nobody made them ahead.
    """
    for table in ("path", "profile_change") if sets else ("path",):
        if len(items):
            ensure_partitions(cursor, table, wire.moment(items.at.min()), wire.moment(at))


def consume(cursor: Cursor, intake: Intake) -> None:
    commit.consume(cursor, intake.feed_shards, intake.feed_ids, intake.chunk_ids)


def _carry_safely(cursor: Cursor, world: World, items: Items, clock: Clock, report: WaveReport) -> list[Wave]:
    """Carry these items in a savepoint; if that raises, each half of the people by itself."""
    if not len(items):
        return []
    people = np.unique(items.profile)
    try:
        with transaction.atomic():
            wave = carry(cursor, world, items, clock, replay=False)
    except (psycopg.OperationalError, psycopg.InterfaceError, JourneyFaulty):
        # The connection, the server, a collision or a whole journey: no person's fault.
        raise
    except Exception as error:  # noqa: BLE001  # whatever a node or a row can raise: found by halving, never dropped
        if len(people) == 1:
            return _expel(cursor, world, items, clock, error, report)
        first = np.isin(items.profile, people[: len(people) // 2])
        halves = (items.pick(first), items.pick(~first))
        return [wave for half in halves for wave in _carry_safely(cursor, world, half, clock, report)]
    report.people += len(people)
    report.add(wave)
    return [wave]


def _expel(
    cursor: Cursor, world: World, items: Items, clock: Clock, error: Exception, report: WaveReport
) -> list[Wave]:
    """One person's step raised: her walks in the version at fault end as `error`; her others go on."""
    versions = _at_fault(world, error)
    profile = int(items.profile[0])
    report.errors += 1
    if report.errors > _MOST_ERRORS:
        if isinstance(error, WalkFailed):
            raise JourneyFaulty(error.version, error, paused=error.version in world.paused)
        raise error
    log.error("a step raised; the person leaves as error", extra={"profile_id": profile, "versions": sorted(versions)})
    _keep(items, error, versions, clock.at)
    report.people += 1
    while True:
        try:
            with transaction.atomic():
                wave = carry(cursor, world, items, clock, replay=False, quarantine=versions)
        except (psycopg.OperationalError, psycopg.InterfaceError):
            raise
        except Exception as again:  # noqa: BLE001  # kept beside the first; a wider quarantine is tried next
            wider = versions | _at_fault(world, again)
            _keep(items, again, wider - versions, clock.at)
            if wider == versions:
                return []
            versions = wider
            continue
        report.add(wave)
        return [wave]


def _at_fault(world: World, error: Exception) -> frozenset[int]:
    """The version whose step raised; all of them where nobody can say."""
    return frozenset({error.version} if isinstance(error, WalkFailed) else {v.id for v in world.versions})


def _told(error: Exception) -> str:
    return str(error) if isinstance(error, WalkFailed) else kind_of(error)


def _keep(items: Items, error: Exception, versions: frozenset[int], at: int) -> None:
    WalkError.objects.create(
        shard=int(items.shard[0]),
        version_id=min(versions) if len(versions) == 1 else None,
        profile_id=int(items.profile[0]),
        at=wire.moment(at),
        error=_told(error)[:2000],
        trace=trace_of(error)[-20_000:],
        items=[
            {"kind": int(k), "at": wire.moment(t).isoformat(), "version": int(v), "node": int(n), "seq": int(s)}
            for k, t, v, n, s in zip(items.kind, items.at, items.version, items.node, items.seq, strict=True)
        ],
    )


def _tell(world: World, waves: list[Wave], changed: Changed) -> None:
    """After the commit: canvases hear that counters moved, dispatch hears of messages."""
    slugs = {v.slug for wave in waves for v in world.versions if v.id in wave.ledger.touched_versions()}
    for slug in sorted(slugs):
        transaction.on_commit(lambda slug=slug: changed(slug))  # type: ignore[misc]
    if any(wave.ledger.messages for wave in waves):
        transaction.on_commit(messages_queued)
