"""What is told of steps that raise; a journey whose steps raise for everybody is paused, with the reason."""

from __future__ import annotations

import logging
import traceback
from datetime import datetime

from django.db import transaction

from itinera.kit import audit
from journeys.models import Journey, JourneyStatus, VersionStatus
from journeys.schedules import keep_schedules

log = logging.getLogger(__name__)


def kind_of(error: BaseException) -> str:
    """What raised, without its words: they quote values, and the values are a person's."""
    state = getattr(error, "sqlstate", None)
    return type(error).__name__ + (f" ({state})" if state else "")


def trace_of(error: BaseException) -> str:
    """Where it raised, the cause first; without words, for the same reason."""
    parts: list[str] = []
    found: BaseException | None = error
    while found is not None:
        parts.append("".join(traceback.format_tb(found.__traceback__)) + kind_of(found))
        found = found.__cause__ or found.__context__
    return "\n\n".join(reversed(parts))


class WalkFailed(Exception):
    """A step raised. Carries where, so that one person's failure can be laid at one version's door."""

    def __init__(self, version: int, node: str, error: BaseException) -> None:
        place = f"version {version}, node {node}" if node else f"version {version}"
        super().__init__(f"{place}: {kind_of(error)}")
        self.version = version
        self.node = node


def pause_faulty(version_id: int, error: str, now: datetime) -> None:
    """Pause the version's journey, in all of its versions, so that the others go on.

    One transaction, one audit row; the actor is the engine.
    """
    with transaction.atomic():
        journey = Journey.objects.select_for_update().get(versions=version_id)
        log.error("journey %s is paused: its steps raise: %s", journey.slug, error)
        if journey.status == JourneyStatus.PUBLISHED:
            journey.status = JourneyStatus.PAUSED
            journey.save()
            journey.versions.filter(status=VersionStatus.LIVE).update(status=VersionStatus.PAUSED)
            keep_schedules(journey, journey.live_version, None)
        after = {"error": error[:500], "at": now.isoformat()}
        audit.record(None, "journey.fault", f"journey:{journey.slug}", None, after)
