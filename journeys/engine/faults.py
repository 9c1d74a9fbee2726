"""A journey whose steps raise for everybody is paused, with the reason where people look for it."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from itinera.kit import audit
from journeys.models import Journey, JourneyStatus, Version, VersionStatus

log = logging.getLogger(__name__)


def pause_faulty(version_id: int, error: str, now: datetime) -> None:
    """Pause the version (and its journey, if it is the live one), so that the others go on.

    One transaction, one audit row; the actor is the engine.
    """
    with transaction.atomic():
        version = Version.objects.select_for_update().get(pk=version_id)
        journey = Journey.objects.select_for_update().get(pk=version.journey_id)
        log.error("journey %s is paused: its steps raise: %s", journey.slug, error)
        if journey.live_version_id == version.pk and journey.status == JourneyStatus.PUBLISHED:
            journey.status = JourneyStatus.PAUSED
            journey.save()
        if version.status == VersionStatus.LIVE:
            version.status = VersionStatus.PAUSED
            version.save()
        after = {"error": error[:500], "at": now.isoformat()}
        audit.record(None, "journey.fault", f"journey:{journey.slug}", None, after)
