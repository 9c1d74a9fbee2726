"""What a version leaves to the one that replaces it: nobody who was about to enter is lost, or enters twice.

A run of a schedule belongs to the version that was live at its instant, however late it is read: whom it found
enters there, though the version drains. A version that was paused lets nobody in any more: what it missed is its
heir's. Callers hold the journey's row.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Max

from itinera.kit import sqlfile
from itinera.kit.wire import django_cursor
from journeys.canvas.plan import Plan
from journeys.engine import claim
from journeys.engine.plans import PLANS
from journeys.models import Journey, ScheduleRun, Version, VersionStatus
from journeys.schedules import note_runs, stopped

SQL = sqlfile.queries(__file__, "succession.sql")
_NEXT = timedelta(microseconds=1)


def retire(journey: Journey, now: datetime) -> Version | None:
    """Let the version that people enter drain, with the runs that are its own; None if there was none.

    Holds its row from here on: no further run is noted for it.
    """
    entered = [VersionStatus.LIVE, VersionStatus.PAUSED]
    rows = Version.objects.select_for_update(no_key=True, of=["self"]).order_by("pk")
    version = rows.filter(journey=journey, status__in=entered).first()
    if version is None:
        return None
    plan, off = plan_of(version), stopped(journey.slug)
    for trigger in plan.schedules:
        if plan.by_index[trigger.node].id not in off:
            note_runs(version, trigger, plan.settings.zone, now)
    version.status = VersionStatus.DRAINING
    version.save(update_fields=["status"])
    return version


def begins(replaced: Version | None, now: datetime) -> datetime:
    """From when on a version is live that is published `now`: a run that was just noted is the older one's."""
    last = None if replaced is None else ScheduleRun.objects.filter(version=replaced).aggregate(last=Max("at"))["last"]
    return now if last is None else max(now, last + _NEXT)


def give_back(journey: Journey) -> None:
    """What reached the paused versions of a journey, to each its own."""
    with connection.cursor() as cursor:
        claim.hold_all(cursor)
        cursor.execute(SQL["give_back"], {"journey": journey.pk, "replaced": None, "heir": None})


def hand_over(replaced: Version, heir: Version, now: datetime) -> None:
    """The same, when a paused version has been replaced; what would have let people in goes to the heir.

    That are events, runs that nobody has read to the end, and the people of runs whom no wave has let in yet. Runs go
    on for the trigger that has stayed the same; those of a trigger that was changed or taken away end.
    """
    triggers = {node.id: node for node in plan_of(heir).by_index if node.type == "trigger.schedule"}
    kept = [node for node in plan_of(replaced).by_index if node.id in triggers]
    pairs = [(node.index, triggers[node.id].index) for node in kept if node.config == triggers[node.id].config]
    given: dict[str, Any] = {"journey": replaced.journey_id, "replaced": replaced.pk, "heir": heir.pk, "now": now}
    nodes: dict[str, Any] = {"nodes": [old for old, _ in pairs], "to_nodes": [new for _, new in pairs]}
    with connection.cursor() as cursor:
        # A run that is being read is waited for; not with the shards held, which comes after.
        cursor.execute(SQL["hand_over_runs"], {**given, **nodes})
        cursor.execute(SQL["close_runs"], given)
        claim.hold_all(cursor)
        cursor.execute(SQL["give_back"], given)
        cursor.execute(SQL["hand_over_entries"], {**given, **nodes})
        cursor.execute(SQL["drop_entries"], given)


def plan_of(version: Version) -> Plan:
    """As the engine walks it."""
    return PLANS.of(django_cursor(), [version.pk])[version.pk]
