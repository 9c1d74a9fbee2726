"""The snapshots of a segmentation: who was in which cell on which day; written by a run, read by everybody else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from audiences.bitmaps import Members
from audiences.models import Segmentation, SegmentationRun
from audiences.models.profile import SHARDS
from audiences.oneid.lock import hold_people
from audiences.oneid.log import as_now
from audiences.segmentations.base import TYPES, Cell, Settled
from audiences.segmentations.documents import Spot
from audiences.segmentations.figures import movers
from itinera.kit.errors import Refusal
from itinera.kit.sqlfile import queries
from itinera.kit.wire import django_cursor

KEPT = timedelta(days=400)
"""So long every day is kept; of older months the last day."""

_SQL = queries(__file__, "../sql/segmentations.sql")


@dataclass(frozen=True, slots=True)
class Occasion:
    """Of which day a snapshot is, as of which instant, by which settings."""

    day: date
    at: datetime
    config: Mapping[str, Any]
    took_ms: int


def keep(segmentation: Segmentation, occasion: Occasion, settled: Settled) -> SegmentationRun:
    """Write the snapshot of a day, in the place of the one that is there. Within the caller's transaction."""
    hold_people(django_cursor())
    cells = _as_now(settled.cells, occasion.at)
    drop(segmentation.runs.filter(day=occasion.day))
    sizes = {cell: len(members) for cell, members in cells.items()}
    run = SegmentationRun.objects.create(
        segmentation=segmentation, day=occasion.day, at=occasion.at, config=dict(occasion.config),
        cuts=dict(settled.cuts), sizes=sizes, people=sum(sizes.values()), took_ms=occasion.took_ms,
    )  # fmt: skip
    rows = [(cell, shard, bits) for cell, members in cells.items() for shard, bits in members.dumped()]
    params = {
        "run": run.pk, "cells": [cell for cell, _, _ in rows], "shards": [shard for _, shard, _ in rows],
        "members": [bits for _, _, bits in rows],
    }  # fmt: skip
    django_cursor().execute(_SQL["add_members"], params)
    return run


def _as_now(cells: Mapping[str, Members], since: datetime) -> dict[str, Members]:
    """Who was merged since is in the cell of her survivor, or brings hers along if that one was in none."""
    nobody = Members()
    everybody = nobody.union(cells.values())
    found: dict[str, Members] = {}
    for cell, members in cells.items():
        now = as_now(django_cursor(), members, since)
        came = (now - members) - everybody
        found[cell], everybody = (now & members) | came, everybody | came
    return found


def drop(runs: Iterable[SegmentationRun]) -> None:
    """Forget snapshots."""
    numbers = [run.pk for run in runs]
    if numbers:
        django_cursor().execute(_SQL["drop_members"], {"runs": numbers})
        SegmentationRun.objects.filter(pk__in=numbers).delete()


def drop_all(segmentation: Segmentation) -> None:
    """Forget every snapshot, and what a run under way has measured."""
    drop(segmentation.runs.all())
    django_cursor().execute(_SQL["drop_pieces"], {"segmentation": segmentation.pk})


def forget(segmentation: Segmentation, today: date) -> None:
    """Drop what is older than `KEPT`, except the last snapshot of each month."""
    old = list(segmentation.runs.filter(day__lt=today - KEPT).order_by("-day"))
    months = {(run.day.year, run.day.month): run.pk for run in reversed(old)}
    drop(run for run in old if run.pk not in months.values())


def members(run: SegmentationRun, cells: Iterable[str] | None = None) -> dict[str, Members]:
    """Who was in each cell (or in these only), in the order in which the cells are shown. Cells of nobody too."""
    wanted = [cell.slug for cell in cells_of(run)]
    if cells is not None:
        asked = set(cells)
        wanted = [slug for slug in wanted if slug in asked]
    found: dict[str, list[tuple[int, bytes]]] = {slug: [] for slug in wanted}
    cursor = django_cursor()
    cursor.execute(_SQL["members"], {"run": run.pk, "cells": wanted})
    for cell, shard, bits in cursor.fetchall():
        found[cell].append((shard, bits))
    return {cell: Members.loaded(parts) for cell, parts in found.items()}


def people_at(segmentation: Segmentation, at: Spot, then: Spot | None) -> Members:
    """Who was at a spot, and then at the other one if there is one. Refusal `unknown_cell` if there is no such cell."""
    first = _cells_at(segmentation, at, "at")
    if then is None:
        return first[at.cell or ""]
    return movers(first, _cells_at(segmentation, then, "then"), at.cell, then.cell)


def _cells_at(segmentation: Segmentation, spot: Spot, path: str) -> dict[str, Members]:
    found = members(run_at(segmentation, spot.day))
    if spot.cell is not None and spot.cell not in found:
        words = _("There is no cell %(cell)s.") % {"cell": spot.cell}
        raise Refusal.because("unknown_cell", words, path=f"{path}.cell")
    return found


def cell_of(run: SegmentationRun, profile: int) -> str | None:
    """The cell that one person was in, None if in none."""
    cursor, asked = django_cursor(), np.array([profile], dtype=np.int64)
    cursor.execute(_SQL["members_of_shard"], {"run": run.pk, "shard": profile % SHARDS})
    found = (cell for cell, shard, bits in cursor.fetchall() if Members.loaded([(shard, bits)]).has(asked)[0])
    return next(found, None)


def cells_of(run: SegmentationRun) -> tuple[Cell, ...]:
    """The cells that there were then, in their order and in the reader's language."""
    kind = TYPES[run.segmentation.type]
    return kind.cells(kind.read(run.config))


def run_at(segmentation: Segmentation, day: date | None) -> SegmentationRun:
    """The latest snapshot of this day or before (None: the latest of all). Refusal `no_snapshot` if there is none."""
    runs = segmentation.runs.select_related("segmentation")
    found = (runs.filter(day__lte=day) if day else runs).order_by("-day").first()
    if found is None:
        words = _("There is no snapshot of this day or before.")
        raise Refusal.because("no_snapshot", words, status=404)
    return found
