"""Where one person stands in a segmentation, and why: by the cuts of the latest run, as she was at that instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from audiences.models import Profile, Segmentation
from audiences.refreshing import scope_at
from audiences.segmentations import snapshots
from audiences.segmentations.base import TYPES, Standing
from itinera.kit.wire import django_cursor


@dataclass(frozen=True, slots=True)
class Placed:
    """The cell in which the snapshot of a day has her (None: in none), and what it follows from.

    `standing` is found anew by the same statement; if events of before came in since, it may name another cell.
    It is None where she is not among those whom the segmentation divides.
    """

    day: date
    cell: str | None
    label: str
    standing: Standing | None


def place(segmentation: Segmentation, profile: Profile, day: date | None = None) -> Placed:
    """On a day, or by the latest snapshot. Refusal `no_snapshot` if there is none."""
    run = snapshots.run_at(segmentation, day)
    kind = TYPES[segmentation.type]
    cell = snapshots.cell_of(run, profile.pk)
    label = next((each.label for each in snapshots.cells_of(run) if each.slug == cell), "")
    if profile.kind != segmentation.kind:
        return Placed(run.day, cell, label, None)
    scope = scope_at(django_cursor(), run.at, segmentation.kind)
    standing = kind.explain(kind.read(run.config), scope, run.cuts, profile.pk)
    return Placed(run.day, cell, label, standing)
