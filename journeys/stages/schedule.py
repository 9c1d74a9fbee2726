"""The stage that lets schedules in: at each nominal instant the rule is read, its people become entries."""

from __future__ import annotations

import logging
from datetime import datetime

import psycopg
from django.db import transaction

from audiences.hints import work_arrived
from audiences.oneid.lock import hold_people
from audiences.rules import select_ids
from itinera.kit import sqlfile
from itinera.kit.stage import StageReport
from itinera.kit.wire import Cursor, django_cursor
from journeys.engine.faults import kind_of
from journeys.engine.world import LiveVersion, World, load
from journeys.models import ScheduleRun, Version, VersionStatus
from journeys.schedules import note_runs, stopped
from journeys.triggers.schedule import ScheduleTrigger

SQL = sqlfile.queries(__file__, "schedule.sql")
log = logging.getLogger(__name__)


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
        return 0


def _run_due(world: World, version: LiveVersion, trigger: ScheduleTrigger, now: datetime, limit: int) -> int:
    """The runs that nobody has read to the end, oldest first."""
    _note_due(version, trigger, now)
    runs = ScheduleRun.objects.filter(version_id=version.id, node=trigger.node, finished_at=None).order_by("at")
    return sum(_read(world, version, trigger, one, now, limit) for one in list(runs))


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
    """Slice by slice, each its own transaction that remembers how far it came: a crash resumes there."""
    while True:
        with transaction.atomic():
            locked = ScheduleRun.objects.select_for_update().get(id=one.id)
            if locked.finished_at is not None or locked.version_id != version.id:
                return locked.people
            if enter_slice(django_cursor(), world, version, trigger, locked, limit) < limit:
                locked.finished_at = now
            locked.save()
            transaction.on_commit(work_arrived)


def enter_slice(
    cursor: Cursor, world: World, version: LiveVersion, trigger: ScheduleTrigger, one: ScheduleRun, limit: int
) -> int:
    """The next `limit` people of a run as chunks of entries; fewer than `limit` says that these were the last."""
    rule = world.compiled(trigger.rule)
    ids = select_ids(
        cursor, rule, one.at, version.zone, version.people, after=one.cursor, most=limit, journey=version.slug
    )
    if not len(ids):
        return 0
    # Whoever was merged while the rule was read is looked for below, when nobody can be any more.
    hold_people(cursor)
    place = {"journey": version.journey, "version": version.id, "node": trigger.node}
    values = {"ids": ids, "after": one.cursor, "at": one.at, **place}
    cursor.execute(SQL["enter_slice"], values)
    (known,) = cursor.fetchone()
    one.people += known
    one.cursor = int(ids[-1])
    return len(ids)
