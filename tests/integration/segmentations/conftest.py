"""A few people, a segmentation over them, and its runs as the job does them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from audiences.models import Profile, Segmentation, SegmentationRun
from audiences.segmentations import actions, snapshots
from audiences.segmentations.documents import read_segmentation
from itinera.kit import jobs
from itinera.kit.models import Job, JobState
from tests.integration.audiences.conftest import NOW, World, world

__all__ = ["NOW", "World", "world"]


def segmentation(type_: str, config: Mapping[str, Any] | None = None, **more: Any) -> Segmentation:
    """A saved one, its short name that of its type unless told."""
    entry = {"slug": type_, "name": type_, "type": type_, "config": config or {}, **more}
    return actions.save("tester", read_segmentation(entry)).segmentation


def run(found: Segmentation, now: datetime = NOW) -> SegmentationRun:
    """The snapshot of a run that began at this instant."""
    job = actions.run(None, found, now)
    jobs.run(now)
    job = Job.objects.get(pk=job.pk)
    assert job.state == JobState.DONE, job.detail
    return found.runs.select_related("segmentation").get(day=job.result["day"])


def cells(run_: SegmentationRun) -> dict[int, str]:
    """By profile the cell she was in."""
    return {number: cell for cell, members in snapshots.members(run_).items() for number in members.ids().tolist()}


def tags(slug: str) -> dict[int, Any]:
    """By profile the value of a tag, of those who have it."""
    return {p.id: p.tags[slug] for p in Profile.objects.all() if slug in p.tags}
