"""Long work on tags: found anew by their rules, given to a whole audience, taken from everybody."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import psycopg
from django.utils.translation import gettext as _

from audiences import membership
from audiences.bitmaps import Members
from audiences.models import Audience, Tag, TagSource
from audiences.refreshing import cannot_compute, scope_at
from audiences.rules import parse_rule
from audiences.select import members_of
from audiences.tagging import WHOLE, Assigned, Part, assign, put
from audiences.uses import Thing, refuse_if_used
from itinera.kit.errors import Refusal
from itinera.kit.jobs import JOBS, JobKind, Slice, ask
from itinera.kit.models import Job
from itinera.kit.pace import Pace, Unfinished
from itinera.kit.wire import Cursor, django_cursor

REFRESH, APPLY, DELETE = "tag.refresh", "tag.apply", "tag.delete"
SECONDS, AT_ONCE = 3.0, 1.0
"""One slice looks for people so long. What took longer than `AT_ONCE` is written by the next slices, which find it
kept."""
MOST = 40_000
"""So many profiles are written by one slice."""

_NEXT = {"after": 0, "total": 0, "added": 0, "changed": 0, "removed": 0}


def ask_refresh(slug: str, actor: object, now: datetime) -> Job:
    """A job that refreshes a tag, or the one that is under way."""
    return ask(REFRESH, f"tag:{slug}", actor, now, {"slug": slug})


def refresh_at_once(cursor: Cursor, slug: str, at: datetime) -> None:
    """A tag by rule as of this instant, all of it. For a replay, which has the tables to itself."""
    tag = Tag.objects.get(slug=slug)
    assign(cursor, tag, cells_of(cursor, tag, at), at, f"tag:{slug}")


def cells_of(cursor: Cursor, tag: Tag, at: datetime, **given: Any) -> dict[Any, Members]:
    """Who is to have which value: everybody that of the first case that holds for her. Unfinished when time is up."""
    cells: dict[Any, Members] = {}
    taken = Members()
    scope = scope_at(cursor, at, tag.kind, **given)
    for place, case in enumerate(tag.cases):
        mine = members_of(parse_rule(case["rule"], f"cases[{place}].rule"), scope) - taken
        cells[case["value"]] = cells.get(case["value"], Members()) | mine
        taken = taken | mine
    return cells


class TagJob(JobKind):
    """`params`: `{"slug", …}`. `cursor`: the work's instant, how far it has come, and what it has done."""

    def slice(self, job: Job, now: datetime) -> Slice:
        cursor = dict(job.cursor) or {"at": now.isoformat(), "found": False, **_NEXT}
        tag = Tag.objects.select_for_update(no_key=True).filter(slug=job.params["slug"]).first()
        if tag is None:
            raise Refusal.because("not_found", _("There is no such tag."), status=404)
        done = self.work(job, tag, cursor, now)
        if done is None:
            return Slice(cursor, written(cursor))
        for name in ("added", "changed", "removed"):
            cursor[name] += getattr(done, name)
        cursor["after"], cursor["total"] = done.reached, max(cursor["total"], written(cursor) + done.left)
        if done.left:
            return Slice(cursor, written(cursor), cursor["total"])
        self.finish(tag)
        counts = {name: cursor[name] for name in ("added", "changed", "removed")}
        return Slice(None, written(cursor), cursor["total"], {**counts, "people": tag.people})

    def work(self, job: Job, tag: Tag, cursor: dict[str, Any], now: datetime) -> Assigned | None:
        """The next piece; None if there is nothing to be written yet."""
        raise NotImplementedError

    def finish(self, tag: Tag) -> None:
        """After the last piece."""


def written(cursor: Mapping[str, Any]) -> int:
    """How many profiles the job has written so far."""
    return int(cursor["added"] + cursor["changed"] + cursor["removed"])


class RefreshTag(TagJob):
    """Finds who is to have a tag by rule, and makes it so; of others, counts how many have it."""

    def work(self, job: Job, tag: Tag, cursor: dict[str, Any], now: datetime) -> Assigned | None:
        connection, at = django_cursor(), datetime.fromisoformat(cursor["at"])
        if tag.source != TagSource.RULE:
            return put(connection, tag, Members(), None, now, "count", WHOLE)
        began = time.monotonic()
        try:
            cells = cells_of(connection, tag, at, run=f"job:{job.pk}", pace=Pace.within(SECONDS))
        except Unfinished:
            return None
        except psycopg.DataError as error:
            raise cannot_compute(error) from error
        if time.monotonic() - began > AT_ONCE and not cursor["found"]:
            cursor["found"] = True
            return None
        return assign(connection, tag, cells, now, f"tag:{tag.slug}", part=Part(cursor["after"], MOST))


class ApplyTag(TagJob):
    """Gives a manual tag to everybody in an audience, or takes it from them. `params`: also `Applying` and `by`."""

    def work(self, job: Job, tag: Tag, cursor: dict[str, Any], now: datetime) -> Assigned:
        if tag.source != TagSource.MANUAL:
            raise Refusal.because("kept_tag", _("Meanwhile this tag is kept by a rule or model."), status=409)
        audience = Audience.objects.filter(slug=job.params["audience"]).first()
        if audience is None:
            raise Refusal.because("not_found", _("There is no such audience, or it is archived."), status=404)
        connection = django_cursor()
        members = membership.load(connection, [audience.pk])[audience.pk]
        value = None if job.params["remove"] else job.params["value"]
        source, part = f"user:{job.params['by']}", Part(cursor["after"], MOST)
        return put(connection, tag, members, value, now, source, part)


class DeleteTag(TagJob):
    """Takes a tag from everybody, then out of the catalogue."""

    def work(self, job: Job, tag: Tag, cursor: dict[str, Any], now: datetime) -> Assigned:
        refuse_if_used(Thing("tag", tag.slug))
        return assign(django_cursor(), tag, {}, now, f"tag:{tag.slug}", part=Part(cursor["after"], MOST))

    def finish(self, tag: Tag) -> None:
        tag.delete()


def register() -> None:
    """Called once when the app starts."""
    JOBS.register(REFRESH, RefreshTag())
    JOBS.register(APPLY, ApplyTag())
    JOBS.register(DELETE, DeleteTag())
