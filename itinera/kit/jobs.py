"""Long jobs: rows with a lease, progress and a stop button, done in slices by whoever is free.

    JOBS.register("audience.refresh", RefreshJob())           # when the app starts
    job = ask("audience.refresh", "audience:vip", actor, now)  # a row; a worker hears of it on commit
    run(now, clock=clock.now)                                  # what the task does

A slice is one transaction together with its progress, so each is done once however often a worker dies: the next
worker goes on from `cursor`. A slice lasts seconds at most: what reads for longer keeps rows from being vacuumed.
"""

from __future__ import annotations

import logging
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

import psycopg
from django.contrib.auth.models import User
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.utils.translation import gettext as _

from itinera.kit import audit, sqlfile
from itinera.kit.errors import Refusal
from itinera.kit.models import Job, JobState
from itinera.kit.registry import Registry
from itinera.kit.stage import StageReport

SQL = sqlfile.queries(__file__, "jobs.sql")
log = logging.getLogger(__name__)
TRIES = 3
"""So often a job may be taken anew without coming a slice further before it has failed."""


@dataclass(frozen=True)
class Slice:
    """What one slice did: where the next begins (None: it was the last), and how far the job has come by now."""

    cursor: Mapping[str, Any] | None
    done: int
    total: int | None = None
    result: Mapping[str, Any] = field(default_factory=dict)


class JobKind(ABC):
    """One kind of long job. `lease` is longer than a slice takes, so that nobody looks for its work in vain."""

    lease: ClassVar[timedelta] = timedelta(minutes=2)

    @abstractmethod
    def slice(self, job: Job, now: datetime) -> Slice:
        """Do the next piece, within a transaction that the caller commits. A Refusal fails the job, in its words."""


JOBS: Registry[JobKind] = Registry("jobs")


def ask(
    kind: str, subject: str, actor: object, now: datetime, params: Mapping[str, Any] | None = None,
    cursor: Mapping[str, Any] | None = None,
) -> Job:  # fmt: skip
    """A job of this kind about this thing: a new one, or the one that is already under way."""
    assert kind in JOBS
    person = actor if isinstance(actor, User) else None
    try:
        with transaction.atomic():
            job = Job.objects.create(
                kind=kind, subject=subject, params=dict(params or {}), cursor=dict(cursor or {}), asked_by=person,
                asked_at=now,
            )  # fmt: skip
    except IntegrityError:
        under_way = Job.objects.filter(kind=kind, subject=subject, state__in=[JobState.QUEUED, JobState.RUNNING])
        found = under_way.first()
        if found is None:
            # It ended between our attempt and our look.
            return ask(kind, subject, actor, now, params, cursor)
        return found
    transaction.on_commit(lambda: _tell(job.pk))
    return job


def stop(job_id: int, actor: audit.Actor, now: datetime) -> Job:
    """Ask a job to stop: at once if nobody works on it, else after its present slice. Refusal if it is over."""
    with transaction.atomic():
        job = Job.objects.select_for_update().get(pk=job_id)
        if not job.is_open:
            raise Refusal.because("wrong_status", _("This job is over already."), status=409)
        job.stop_asked = True
        if job.state == JobState.QUEUED:
            _end(job, JobState.STOPPED, now)
        job.save()
        audit.record(actor, "job.stop", f"job:{job.pk}", None, {"kind": job.kind, "subject": job.subject})
    return job


def run(
    now: datetime, limit: int = 1_000, *, job_id: int | None = None, clock: Callable[[], datetime] | None = None
) -> StageReport:
    """Work on open jobs, one after the other (or on one only), `limit` slices at most.

    With `clock` it reads the time anew before each slice.
    """
    tell = clock or (lambda: now)
    slices = 0
    while slices < limit and (job := _claim(tell(), job_id)) is not None:
        going = True
        while going and slices < limit:
            slices += 1
            going = _go_on(job, tell)
        if going:
            _let_go(job)
    return StageReport("jobs", slices, slices >= limit)


def _claim(now: datetime, job_id: int | None) -> Job | None:
    """The oldest job that nobody holds. Its row is ours until the lease runs out.

    One that was taken a few times and never came a slice further has failed: it may be what kills its workers.
    """
    with connection.cursor() as cursor:
        cursor.execute(SQL["claim"], {"lease": uuid.uuid4(), "now": now, "id": job_id})
        row = cursor.fetchone()
    if row is None:
        return None
    job = Job.objects.get(pk=row[0])
    if job.tries <= TRIES:
        return job
    _fail(job, "internal", _("This broke off %(tries)d times; the log says more.") % {"tries": TRIES}, now)
    return _claim(now, job_id)


def _go_on(job: Job, clock: Callable[[], datetime]) -> bool:
    """One slice; whether there is another."""
    try:
        with transaction.atomic():
            now = clock()
            if not _still_ours(job, now):
                return False
            if job.stop_asked:
                _end(job, JobState.STOPPED, now)
            else:
                _advance(job, JOBS[job.kind].slice(job, now), now)
            job.save()
    except Refusal as refusal:
        _fail(job, refusal.problems[0].code, refusal.problems[0].detail, clock())
    except (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError):
        # The server, a collision, a statement that took too long: the lease runs out, and somebody tries again.
        raise
    except Exception:
        log.exception("a slice of job %d (%s) broke off", job.pk, job.kind)
        _let_go(job)
        return False
    return job.state == JobState.RUNNING


def _still_ours(job: Job, now: datetime) -> bool:
    """Lock the row and read it anew; somebody may have taken it over while we were slow."""
    fresh = Job.objects.select_for_update().get(pk=job.pk)
    if fresh.lease != job.lease or fresh.state != JobState.RUNNING:
        return False
    job.stop_asked = fresh.stop_asked
    job.leased_until = now + JOBS[job.kind].lease
    return True


def _advance(job: Job, made: Slice, now: datetime) -> None:
    job.done, job.total, job.tries = made.done, made.total if made.total is not None else job.total, 0
    job.result = {**job.result, **made.result}
    if made.cursor is None:
        _end(job, JobState.DONE, now)
    else:
        job.cursor = dict(made.cursor)


def _end(job: Job, state: JobState, now: datetime) -> None:
    job.state, job.finished_at, job.lease, job.leased_until = state, now, None, None


def _fail(job: Job, code: str, detail: str, now: datetime) -> None:
    with transaction.atomic():
        if _still_ours(job, now):
            job.code, job.detail = code, detail
            _end(job, JobState.FAILED, now)
            job.save()


def _let_go(job: Job) -> None:
    """Give the job back as it is: whoever comes next goes on."""
    Job.objects.filter(pk=job.pk, lease=job.lease, state=JobState.RUNNING).update(lease=None, leased_until=None)


def _tell(job_id: int) -> None:
    """A hint; if it is lost, the tick finds the row."""
    from itinera.kit.tasks import run_jobs  # late: the task imports this module

    run_jobs.delay(job_id)
