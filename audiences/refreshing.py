"""Finds anew who belongs to an audience, and to those that it rests on: in slices, each done once."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import psycopg
from django.db import transaction
from django.utils.translation import gettext as _

from audiences import asking, membership
from audiences.bitmaps import Members
from audiences.definitions.base import Scope
from audiences.models import Audience, AudienceRefresh, Workspace
from audiences.reading import compute
from audiences.rules import load_catalogue
from itinera.kit.errors import Problem, Refusal
from itinera.kit.jobs import JOBS, JobKind, Slice, ask
from itinera.kit.models import Job
from itinera.kit.pace import Pace, Unfinished
from itinera.kit.wire import Cursor, django_cursor

KIND = "audience.refresh"
SECONDS = 3.0
"""One slice looks for so long. What took longer than `AT_ONCE` is written by the next slice, which finds it kept."""
AT_ONCE = 1.0


class RefreshJob(JobKind):
    """`params`: `{"slug"}`. `cursor`: as of when, which audiences are to come, and about the first of them for how
    many milliseconds was looked already, and whether everybody is `found` and kept.
    """

    def slice(self, job: Job, now: datetime) -> Slice:
        cursor = dict(job.cursor) or _begin(job.params["slug"], now)
        todo, of = cursor["todo"], cursor["of"]
        try:
            finished = _step(cursor, f"job:{job.pk}")
        except Refusal as refusal:
            raise _about(todo[0], refusal) from refusal
        if not finished:
            return Slice(cursor, of - len(todo), of)
        if len(todo) > 1:
            return Slice({**cursor, **_NEXT, "todo": todo[1:]}, of - len(todo) + 1, of)
        return Slice(None, of, of, _result(job.params["slug"]))


_NEXT = {"spent": 0, "found": False}


def ask_refresh(slug: str, actor: object, now: datetime) -> Job:
    """A job that refreshes an audience, or the one that is under way."""
    return ask(KIND, f"audience:{slug}", actor, now, {"slug": slug})


def scope_at(cursor: Cursor, at: datetime, kind: str, **given: Any) -> Scope:
    """A scope over the workspace as it is now."""
    zone = Workspace.objects.values_list("zone", flat=True).get()
    return Scope(cursor, at, zone, kind, load_catalogue(cursor), **given)


def refresh_in_order(cursor: Cursor, slugs: list[str], at: datetime) -> None:
    """These audiences and all that they rest on, at once, as of this instant; those that are as new already are left.

    For a replay, which has the tables to itself.
    """
    for row in _stale(slugs, at):
        _write(cursor, row, compute(row, scope_at(cursor, at, row.kind, known_by=at)), at, 0)


def _begin(slug: str, now: datetime) -> dict[str, Any]:
    todo = [row.slug for row in _stale([slug], now)]
    if slug not in todo:
        raise _not_there()
    return {"at": now.isoformat(), "todo": todo, "of": len(todo), **_NEXT}


def _stale(slugs: list[str], at: datetime) -> list[Audience]:
    """These audiences and, of all that they rest on, those that are older; each after those that it rests on."""
    rows = {row.slug: row for row in Audience.objects.filter(archived_at=None)}
    ordered = asking.in_order({slug: row.asks for slug, row in rows.items()}, slugs)
    found = (rows[slug] for slug in ordered if slug in rows)
    return [row for row in found if row.slug in slugs or row.refreshed_at is None or row.refreshed_at < at]


def _step(cursor: dict[str, Any], run: str) -> bool:
    """Look for the members of the first audience, and write them; whether that is done. Notes what was spent."""
    began, at = time.monotonic(), datetime.fromisoformat(cursor["at"])
    row = Audience.objects.filter(slug=cursor["todo"][0], archived_at=None).first()
    if row is None:
        raise _not_there()
    if row.refreshed_at is not None and row.refreshed_at > at:
        return True  # somebody else was here meanwhile
    connection = django_cursor()
    try:
        members = _found(connection, row, at, run)
    except Unfinished:
        members = None
    took = int((time.monotonic() - began) * 1000)
    cursor["spent"] += took
    if members is None:
        return False
    if took > AT_ONCE * 1000 and not cursor["found"]:
        cursor["found"] = True
        return False
    if _write(connection, row, members, at, cursor["spent"]):
        return True
    cursor["found"] = False
    return False


def _found(cursor: Cursor, row: Audience, at: datetime, run: str) -> Members:
    try:
        return compute(row, scope_at(cursor, at, row.kind, run=run, pace=Pace.within(SECONDS)))
    except psycopg.DataError as error:
        raise cannot_compute(error) from error


def cannot_compute(error: psycopg.DataError) -> Refusal:
    """What is told of it is what kind of error it is: the database's own words may hold somebody's data."""
    words = _("The database cannot compute this for somebody's data: %(reason)s.")
    return Refusal.because("cannot_compute", words % {"reason": type(error).__name__})


def _write(cursor: Cursor, row: Audience, members: Members, at: datetime, took: int) -> bool:
    """False if the audience has changed since it was read: what was found is of no use then."""
    with transaction.atomic():
        fresh = Audience.objects.select_for_update(no_key=True).filter(pk=row.pk).first()
        if fresh is None or fresh.revision != row.revision:
            return False
        if fresh.refreshed_at is None or fresh.refreshed_at <= at:
            membership.store(cursor, fresh, members, at, took)
        return True


def _not_there() -> Refusal:
    return Refusal.because("not_found", _("There is no such audience, or it is archived."), status=404)


def _result(slug: str) -> Mapping[str, Any]:
    last = AudienceRefresh.objects.filter(audience__slug=slug).order_by("-at").first()
    return {} if last is None else {"refresh": last.pk, "size": last.size, "entered": last.entered, "left": last.left}


def _about(slug: str, refusal: Refusal) -> Refusal:
    """The same, with the name of the audience that it is about: it may be one that the asked one rests on."""
    told = [Problem(each.code, f"{slug}: {each.detail}", each.path) for each in refusal.problems]
    return Refusal(told, refusal.status)


def register() -> None:
    """Called once when the app starts."""
    JOBS.register(KIND, RefreshJob())
