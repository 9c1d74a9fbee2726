"""What journeys adds to the layers below: a hint, a door, a loader, a growing table, followers, holders of a kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from audiences import hints
from audiences.asking import ASKERS, mentions
from audiences.followers import FOLLOWERS
from audiences.kind_changes import HOLDERS
from audiences.panels import PANELS
from audiences.partitions import GROWING
from audiences.uses import USERS
from audiences.workspace_loaders import LOADERS, WRITERS, Loaded, Occasion, load_each
from channels_out.door import Stop, door
from channels_out.owed import Owed
from itinera.kit import sqlfile
from itinera.kit.wire import Cursor, Ids, fetch_columns
from journeys import panel
from journeys.actions import save_draft
from journeys.following.walks import WalkErrors, Walks
from journeys.models import Journey, Version, VersionStatus
from journeys.tasks import wave
from journeys.uses import journeys_that_use

SQL = sqlfile.queries(__file__, "door.sql")
KINDS = sqlfile.queries(__file__, "kinds.sql")
_ASK_AGAIN = timedelta(seconds=30)


def register() -> None:
    """Called once at start."""
    hints.on_work_arrived(wave.delay)
    door.register("journeys", ask_journeys)
    LOADERS.register("journeys", load_journeys)
    FOLLOWERS.register("walks", Walks())
    FOLLOWERS.register("walk_errors", WalkErrors())
    WRITERS.register("journeys", write_journeys)
    ASKERS.register("journeys", journeys_that_ask)
    HOLDERS.register("walks", walking)
    USERS.register("journeys", journeys_that_use)
    PANELS.register("journeys", panel.Walks())
    if "path" not in GROWING:
        GROWING.append("path")


def ask_journeys(cursor: Cursor, messages: Sequence[Owed], now: datetime) -> Mapping[int, Stop]:
    """A paused journey's messages wait for its resume; those of walks that left by a rule are not sent."""
    asked = {"messages": [message.id for message in messages]}
    cursor.execute(SQL["paused"], asked)
    stops = {number: Stop("paused", now + _ASK_AGAIN) for (number,) in cursor.fetchall()}
    cursor.execute(SQL["left"], asked)
    return stops | {number: Stop("left_journey") for (number,) in cursor.fetchall()}


def walking(cursor: Cursor, profiles: Ids) -> Ids:
    """Of these people, those who are inside a journey: they stay of its kind of people."""
    found: Ids = fetch_columns(cursor, KINDS["walking"], {"profiles": profiles})["profiles"]
    return found


def load_journeys(section: Any, occasion: Occasion) -> Loaded:
    """Canvas documents, each kept as the draft of its journey."""
    return load_each(section, lambda canvas: save_draft(canvas, occasion.actor))


def write_journeys() -> list[Any]:
    """The drafts, which are the newest words of each journey."""
    return list(Journey.objects.order_by("slug").values_list("draft", flat=True))


def journeys_that_ask(slug: str) -> Iterator[str]:
    """Journeys that ask for an audience in a version that somebody may still be inside of."""
    walked = Version.objects.exclude(status=VersionStatus.ENDED).select_related("journey").order_by("journey__slug")
    found = {version.journey.slug: None for version in walked if mentions(version.canvas, slug)}
    return (_("journey %(name)s") % {"name": each} for each in found)
