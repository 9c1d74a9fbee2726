"""One run of a segmentation as a long job: measure piece by piece, settle, give everybody the tag of her cell.

All pieces look at people as of one instant, that of the first slice. When it has settled, the snapshot of the day is
there for everybody who asks; the tags follow, some tens of thousands at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from audiences.bitmaps import Members
from audiences.models import Segmentation, SegmentationRun, Tag, Workspace
from audiences.refreshing import scope_at
from audiences.segmentations import snapshots
from audiences.segmentations.base import TYPES
from audiences.tagging import Part, assign
from itinera.kit.errors import Refusal
from itinera.kit.jobs import JOBS, JobKind, Slice
from itinera.kit.models import Job
from itinera.kit.pace import Pace, Unfinished
from itinera.kit.sqlfile import queries
from itinera.kit.wire import django_cursor

JOB = "segmentation.run"
SECONDS = 3.0
"""One slice looks for so long for everybody whom a rule holds for; what it found until then is kept."""
TAGGED_AT_ONCE = 50_000
"""So many people get another tag in one slice."""
_MEASURED, _SETTLED, _ALL = 60, 70, 100
"""How far a run is when it has measured, settled, tagged, in hundredths."""

_SQL = queries(__file__, "../sql/segmentations.sql")
State = Mapping[str, Any]


def subject(slug: str) -> str:
    """How jobs name a segmentation."""
    return f"segmentation:{slug}"


class RunJob(JobKind):
    """`done` of `total` are hundredths of the way."""

    lease = timedelta(minutes=5)

    def slice(self, job: Job, now: datetime) -> Slice:
        segmentation = Segmentation.objects.filter(slug=job.subject.partition(":")[2]).first()
        if segmentation is None:
            raise Refusal.because("not_found", _("This segmentation is gone."), status=404)
        state = job.cursor or _begin(segmentation, now)
        phases = {"measure": _measure, "settle": _settle, "tag": _tag}
        return phases[state["phase"]](segmentation, state, now)


def _begin(segmentation: Segmentation, now: datetime) -> State:
    """What an earlier run has left behind is dropped. The settings stay those of this moment until the end."""
    django_cursor().execute(_SQL["drop_pieces"], {"segmentation": segmentation.pk})
    start = {"after": None, "number": 0, "share": 0.0}
    return {"phase": "measure", "at": now.isoformat(), "config": segmentation.config, **start}


def _measure(segmentation: Segmentation, state: State, _now: datetime) -> Slice:
    kind = TYPES[segmentation.type]
    at, done = datetime.fromisoformat(state["at"]), int(state["share"] * _MEASURED)
    scope = scope_at(django_cursor(), at, segmentation.kind, pace=Pace.within(SECONDS))
    try:
        piece = kind.piece(kind.read(state["config"]), scope, state["after"])
    except Unfinished:
        return Slice(state, done, _ALL)
    params = {"segmentation": segmentation.pk, "number": state["number"], "body": piece.body}
    scope.cursor.execute(_SQL["add_piece"], params)
    measured = {**state, "after": piece.after, "number": state["number"] + 1, "share": piece.share}
    if piece.after is None:
        return Slice({**measured, "phase": "settle"}, _MEASURED, _ALL)
    return Slice(measured, int(piece.share * _MEASURED), _ALL)


def _settle(segmentation: Segmentation, state: State, now: datetime) -> Slice:
    kind, at = TYPES[segmentation.type], datetime.fromisoformat(state["at"])
    settled = kind.settle(kind.read(state["config"]), lambda: _pieces(segmentation, state["number"]))
    before = segmentation.runs.order_by("-day").first()
    moved = _moved(snapshots.members(before) if before else {}, settled.cells)
    took = (now - at) // timedelta(milliseconds=1)
    occasion = snapshots.Occasion(_local_day(at), at, state["config"], took)
    run = snapshots.keep(segmentation, occasion, settled)
    django_cursor().execute(_SQL["drop_pieces"], {"segmentation": segmentation.pk})
    result = {"day": run.day.isoformat(), "people": run.people, "moved": moved}
    return Slice({"phase": "tag", "run": run.pk, "reached": 0, "moved": moved}, _SETTLED, _ALL, result)


def _tag(segmentation: Segmentation, state: State, now: datetime) -> Slice:
    run = SegmentationRun.objects.select_related("segmentation").get(pk=state["run"])
    tag = Tag.objects.filter(slug=segmentation.slug).first()
    if tag is None:
        raise Refusal.because("not_found", _("The tag of this segmentation is gone."), status=404)
    part = Part(state["reached"], TAGGED_AT_ONCE)
    done = assign(django_cursor(), tag, snapshots.members(run), now, subject(segmentation.slug), part=part)
    if done.left:
        share = 1 - min(done.left / max(state["moved"], 1), 1)
        return Slice({**state, "reached": done.reached}, _SETTLED + int(share * (_ALL - _SETTLED)), _ALL)
    snapshots.forget(segmentation, run.day)
    return Slice(None, _ALL, _ALL)


def _pieces(segmentation: Segmentation, count: int) -> Iterator[bytes]:
    cursor = django_cursor()
    for number in range(count):
        cursor.execute(_SQL["piece"], {"segmentation": segmentation.pk, "number": number})
        yield bytes(cursor.fetchone()[0])


def _moved(before: Mapping[str, Members], now: Mapping[str, Members]) -> int:
    """How many are in another cell than before, or newly in one: about so many tags change."""
    return sum(len(members - before.get(cell, Members())) for cell, members in now.items())


def _local_day(at: datetime) -> Any:
    zone = Workspace.objects.values_list("zone", flat=True).get()
    return at.astimezone(ZoneInfo(zone)).date()


def register() -> None:
    """Called once when the app starts."""
    JOBS.register(JOB, RunJob())
