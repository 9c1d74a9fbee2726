"""Celery's part of long jobs: a hint that one has been asked for. The row is the job."""

from __future__ import annotations

from celery import shared_task

from itinera.kit import clock, jobs

SLICES = 20
"""One task does so many slices, then hints at itself: short jobs do not wait for long ones."""


@shared_task(name="itinera.kit.tasks.run_jobs")
def run_jobs(job_id: int | None = None) -> None:
    """Work on one job, or on whatever is open; come again at once if there is more."""
    if jobs.run(clock.now(), SLICES, job_id=job_id, clock=clock.now).more:
        run_jobs.delay()
