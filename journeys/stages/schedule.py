"""The stage that lets schedules in: at each nominal instant the rule is read, its people become entries."""

from __future__ import annotations

import logging
from datetime import datetime

import psycopg
from django.db import transaction

from audiences.hints import work_arrived
from audiences.rules import select_sql
from itinera.kit import sqlfile
from itinera.kit.stage import StageReport
from itinera.kit.wire import Cursor, django_cursor
from journeys.engine.faults import kind_of
from journeys.engine.world import LiveVersion, World, load
from journeys.models import ScheduleRun, Version
from journeys.schedules import stopped
from journeys.triggers.schedule import ScheduleTrigger

SQL = sqlfile.queries(__file__, "schedule.sql")
log = logging.getLogger(__name__)


def run(now: datetime, limit: int = 50_000, *, version_id: int | None = None) -> StageReport:
    """Make every run that has become due, of one version or of all; `limit` profiles per transaction.

    A run that was missed (beat was down) is made for its own instant. A paused journey makes none, nor does a
    schedule whose row an admin has switched off.
    """
    world = load(django_cursor())
    done = 0
    for version in world.versions:
        if version.admits and version_id in (None, version.id):
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
    """The runs since the last finished one (or since publication), oldest first."""
    made = ScheduleRun.objects.filter(version_id=version.id, node=trigger.node)
    for unfinished in made.filter(finished_at=None).order_by("at"):
        _read(world, version, trigger, unfinished, now, limit)
    last = made.order_by("-at").values_list("at", flat=True).first()
    since = last or _published(version.id)
    done = 0
    for at in trigger.instants(version.zone, since, now):
        if last is None or at > last:
            one, _ = ScheduleRun.objects.get_or_create(version_id=version.id, node=trigger.node, at=at)
            done += _read(world, version, trigger, one, now, limit)
    return done


def _published(version_id: int) -> datetime:
    return Version.objects.values_list("published_at", flat=True).get(id=version_id)


def _read(
    world: World, version: LiveVersion, trigger: ScheduleTrigger, one: ScheduleRun, now: datetime, limit: int
) -> int:
    """Slice by slice, each its own transaction that remembers how far it came: a crash resumes there."""
    while True:
        with transaction.atomic():
            locked = ScheduleRun.objects.select_for_update().get(id=one.id)
            if locked.finished_at is not None:
                return locked.people
            if enter_slice(django_cursor(), world, version, trigger, locked, limit) < limit:
                locked.finished_at = now
            locked.save()
            transaction.on_commit(work_arrived)


def enter_slice(
    cursor: Cursor, world: World, version: LiveVersion, trigger: ScheduleTrigger, one: ScheduleRun, limit: int
) -> int:
    """The next `limit` people of a run as chunks of entries; fewer than `limit` says that these were the last."""
    sql, params = select_sql(world.compiled(trigger.rule), one.at, version.zone)
    values = {**params, "after": one.cursor, "limit": limit, "version": version.id, "node": trigger.node, "at": one.at}
    values["kind"] = version.people
    cursor.execute(SQL["enter_slice"].replace("{people}", sql), values)
    count, last, known = cursor.fetchone()
    one.people += known
    one.cursor = last or one.cursor
    return int(count)
