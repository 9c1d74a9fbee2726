"""The stage that lets schedules in: at each nominal instant the rule is read, its people become entries."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import numpy as np
import psycopg
from django.db import connection, transaction

from audiences.definitions.base import Scope
from audiences.hints import work_arrived
from audiences.oneid.lock import hold_people
from audiences.select import members_of
from itinera.kit import sqlfile
from itinera.kit.errors import Refusal
from itinera.kit.stage import StageReport
from itinera.kit.wire import Cursor, Ids, django_cursor
from journeys.engine.faults import kind_of
from journeys.engine.world import LiveVersion, World, load
from journeys.models import ScheduleRun, Version, VersionStatus
from journeys.schedules import note_runs, stopped
from journeys.triggers.schedule import ScheduleTrigger

SQL = sqlfile.queries(__file__, "schedule.sql")
log = logging.getLogger(__name__)
RUNS_LOCK = 7_406
"""First part of the advisory locks of whoever makes the runs of a schedule."""


def run(now: datetime, limit: int = 50_000, *, version_id: int | None = None) -> StageReport:
    """Make every run that has become due, of one version or of all; `limit` profiles per transaction.

    A run that was missed (beat was down) is made for its own instant. A paused journey makes none, nor does a
    schedule whose row an admin has switched off. A version that drains only finishes what was due before.
    """
    world = load(django_cursor())
    done = 0
    for version in world.versions:
        if not version.paused and version_id in (None, version.id):
            done += _of_version(world, version, now, limit)
    return StageReport("schedule", done)


def _of_version(world: World, version: LiveVersion, now: datetime, limit: int) -> int:
    """The runs of one version. A rule that cannot be read stops no other journey; it is tried again next time."""
    off = stopped(version.slug) if version.plan.schedules else frozenset()
    wanted = [each for each in version.plan.schedules if version.plan.by_index[each.node].id not in off]
    try:
        return sum(_run_due(world, version, trigger, now, limit) for trigger in wanted)
    except (psycopg.OperationalError, psycopg.InterfaceError):
        raise
    except psycopg.Error as error:
        log.error("a run of journey %s could not be made: %s", version.slug, kind_of(error))
    except Refusal as refusal:
        log.error("a run of journey %s could not be made: %s", version.slug, refusal.problems[0].code)
    return 0


def _run_due(world: World, version: LiveVersion, trigger: ScheduleTrigger, now: datetime, limit: int) -> int:
    """The runs that nobody has read to the end, oldest first.

    Two tasks come at once: that of the schedule's own row, and the tick. One of them makes the runs.
    """
    _note_due(version, trigger, now)
    runs = ScheduleRun.objects.filter(version_id=version.id, node=trigger.node, finished_at=None).order_by("at")
    if not (left := list(runs)):
        return 0
    with _alone_with(version, trigger) as is_ours:
        return sum(_read(world, version, trigger, one, now, limit) for one in left if is_ours)


@contextmanager
def _alone_with(version: LiveVersion, trigger: ScheduleTrigger) -> Iterator[bool]:
    """Whether nobody else makes the runs of this schedule, as long as the block lasts; no transaction is needed."""
    lock = {"lock": (RUNS_LOCK << 48) + (version.id << 12) + trigger.node}
    with connection.cursor() as cursor:
        cursor.execute(SQL["claim"], lock)
        (is_ours,) = cursor.fetchone()
        try:
            yield is_ours
        finally:
            if is_ours:
                cursor.execute(SQL["let_go"], lock)


def _note_due(version: LiveVersion, trigger: ScheduleTrigger, now: datetime) -> None:
    """Only while it is live, and not beside a publication: what is due afterwards is the next version's."""
    rows = Version.objects.select_for_update(no_key=True, of=["self"]).order_by("pk")
    with transaction.atomic():
        live = rows.filter(pk=version.id, status=VersionStatus.LIVE).first()
        if live is not None:
            note_runs(live, trigger, version.plan.settings.zone, now)


def _read(
    world: World, version: LiveVersion, trigger: ScheduleTrigger, one: ScheduleRun, now: datetime, limit: int
) -> int:
    """Find everybody, then let them in slice by slice, each its own transaction that remembers how far it came:
    after a crash they are found again, as of the run's own instant, and those who are left are let in.
    """
    ids: Ids | None = None
    while True:
        with transaction.atomic():
            locked = ScheduleRun.objects.select_for_update().get(id=one.id)
            if locked.finished_at is not None or locked.version_id != version.id:
                return locked.people
            if ids is not None:
                ids = ids[np.searchsorted(ids, locked.cursor, side="right") :]
                enter_slice(django_cursor(), version, trigger, locked, ids[:limit])
                if len(ids) <= limit:
                    locked.finished_at = now
                locked.save()
                transaction.on_commit(work_arrived)
        if ids is None:
            # In no transaction: nothing is locked, and no snapshot is held, for longer than a statement.
            ids = people_at(django_cursor(), world, version, trigger, one.at, f"run:{one.pk}")


def people_at(
    cursor: Cursor, world: World, version: LiveVersion, trigger: ScheduleTrigger, at: datetime, run: str = ""
) -> Ids:  # fmt: skip
    """The numbers, ascending, of everybody whom a run at this instant takes, however late it is made: rules are asked
    as of then, those of audiences too; fixed lists are read as they are.
    """
    scope = Scope(
        cursor, at, version.zone, version.people, world.catalogue, live=True, known_by=at, journey=version.slug, run=run
    )
    return np.sort(members_of(trigger.rule, scope).ids())


def enter_slice(cursor: Cursor, version: LiveVersion, trigger: ScheduleTrigger, one: ScheduleRun, ids: Ids) -> None:
    """These people of a run as chunks of entries."""
    if not len(ids):
        return
    # Whoever was merged while the rule was read is looked for below, when nobody can be any more.
    hold_people(cursor)
    place = {"journey": version.journey, "version": version.id, "node": trigger.node, "kind": version.people}
    cursor.execute(SQL["enter_slice"], {"ids": ids, "after": one.cursor, "at": one.at, **place})
    (known,) = cursor.fetchone()
    one.people += known
    one.cursor = int(ids[-1])
