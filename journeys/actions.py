"""The verbs of a journey: each one transaction and one audit row."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils.translation import gettext as _

from audiences import asking
from audiences.hints import work_arrived
from audiences.models import INTEREST_LOCK, Interest
from audiences.newcomers import register_events
from audiences.partitions import ensure_partitions
from itinera.kit import audit, sqlfile
from itinera.kit.errors import Problem, Refusal
from itinera.kit.wire import django_cursor
from journeys import succession
from journeys.canvas.document import parse_canvas
from journeys.canvas.plan import Plan, compile_plan
from journeys.canvas.problems import check
from journeys.models import Journey, JourneyStatus, Version, VersionStatus
from journeys.schedules import keep_schedules
from journeys.workspace import database_world

SQL = sqlfile.queries(__file__, "actions.sql")
Actor = audit.Actor
_AHEAD = timedelta(days=31)


def save_draft(canvas: Any, actor: Actor) -> Journey:
    """Create a journey or replace its draft; an unpublishable draft is kept, an unreadable one refused."""
    document = parse_canvas(canvas)
    with transaction.atomic():
        journey = Journey.objects.select_for_update().filter(slug=document.slug).first()
        before = None if journey is None else {"revision": journey.revision}
        if journey is None:
            journey = Journey(slug=document.slug, revision=0)
        journey.name, journey.draft, journey.revision = document.name, canvas, journey.revision + 1
        journey.save()
        audit.record(actor, "journey.draft", f"journey:{journey.slug}", before, {"revision": journey.revision})
    return journey


def publish(journey: Journey, actor: Actor, now: datetime) -> Version:
    """Make the draft the version that people enter from now on. Those inside stay on theirs.

    Whom a paused version missed enters the new one.
    """
    checked, plan = journey.revision, _checked(journey.draft, now)
    _make_months(plan, now)
    with transaction.atomic():
        journey = Journey.objects.select_for_update().get(pk=journey.pk)
        asking.hold(journey.draft)
        if journey.revision != checked or any(asking.mentioned(journey.draft)):
            # Somebody has saved another draft meanwhile, or deleted an audience.
            plan = _checked(journey.draft, now)
        replaced = succession.retire(journey, now)
        number = journey.versions.count() + 1
        version = Version.objects.create(
            journey=journey, number=number, canvas=journey.draft, priority=plan.settings.priority,
            published_at=succession.begins(replaced, now), published_by=actor if isinstance(actor, User) else None,
        )  # fmt: skip
        before = journey.status
        journey.live_version, journey.status = version, JourneyStatus.PUBLISHED
        journey.save()
        keep_schedules(journey, version, plan)
        if replaced is not None and before == JourneyStatus.PAUSED:
            succession.hand_over(replaced, version, now)
            transaction.on_commit(work_arrived)
        # Last, and in this order, as ingestion takes them: it waits from here until the commit.
        _name_tags(plan)
        types = register_events(django_cursor(), plan.event_names)
        _lock_interest()
        ask_for(version, types.values())
        audit.record(actor, "journey.publish", f"journey:{journey.slug}", {"status": before}, {"version": number})
    return version


def _checked(draft: Any, now: datetime) -> Plan:
    """The plan of a draft; Refusal with everything that forbids publishing it."""
    problems = [p for p in check(draft, database_world(now)) if p.severity == "error"]
    if problems:
        raise Refusal(problems)
    return compile_plan(parse_canvas(draft))


def pause(journey: Journey, actor: Actor) -> Journey:
    """Nobody enters or moves until resumed. Exits and goals still count."""
    return _switch(journey, actor, "journey.pause", JourneyStatus.PUBLISHED, JourneyStatus.PAUSED)


def resume(journey: Journey, actor: Actor) -> Journey:
    """Go on; what reached the journey while it was paused is given to it now, in its order."""
    with transaction.atomic():
        journey = _switch(journey, actor, "journey.resume", JourneyStatus.PAUSED, JourneyStatus.PUBLISHED)
        succession.give_back(journey)
        transaction.on_commit(work_arrived)
    return journey


def end_version(number: int) -> bool:
    """Walk and feed a version no longer that drains and that nothing can concern any more; False if it is not draining.

    The caller has seen that nobody is inside and that nobody can enter: `journeys.stages.reap`.
    """
    with transaction.atomic():
        if not Version.objects.filter(pk=number, status=VersionStatus.DRAINING).update(status=VersionStatus.ENDED):
            return False
        _lock_interest()
        Interest.objects.filter(version_id=number).delete()
        version = Version.objects.select_related("journey").get(pk=number)
        before, after = {"status": VersionStatus.DRAINING}, {"status": VersionStatus.ENDED}
        name = f"journey:{version.journey.slug}"
        audit.record(None, "version.ended", name, before, {"version": version.number, **after})
    return True


def _switch(journey: Journey, actor: Actor, verb: str, before: str, after: str) -> Journey:
    with transaction.atomic():
        journey = Journey.objects.select_for_update().get(pk=journey.pk)
        if journey.status != before:
            raise Refusal(Problem("wrong_status", _("The journey is %s.") % journey.get_status_display()), status=409)
        journey.status = after
        journey.save()
        states = {JourneyStatus.PAUSED: VersionStatus.PAUSED, JourneyStatus.PUBLISHED: VersionStatus.LIVE}
        journey.versions.filter(pk=journey.live_version_id or 0).update(status=states[JourneyStatus(after)])
        keep_schedules(journey, journey.live_version, None)
        audit.record(actor, verb, f"journey:{journey.slug}", {"status": before}, {"status": after})
    return journey


def _make_months(plan: Plan, now: datetime) -> None:
    """The months into which the first walks fall, in a transaction of its own: waves need not make them."""
    oldest = max((trigger.max_age.micros for trigger in plan.events), default=0)
    with transaction.atomic(), connection.cursor() as cursor:
        ensure_partitions(cursor, "path", now - timedelta(microseconds=oldest), now + _AHEAD)


def _lock_interest() -> None:
    """Ingestion holds this shared from reading the names of interest until its commit: no event slips between."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [INTEREST_LOCK])


def ask_for(version: Version, types: Iterable[int]) -> None:
    """Have ingestion feed events of these types for the version: under the exclusive lock, or some slip by."""
    with connection.cursor() as cursor:
        cursor.execute(SQL["ask_for"], {"version": version.pk, "types": sorted(types)})


def _name_tags(plan: Plan) -> None:
    """Tags that only a journey sets so far enter the catalogue: they can be asked for."""
    with connection.cursor() as cursor:
        cursor.execute(SQL["name_tags"], {"slugs": sorted(plan.tags), "people": plan.settings.people})
