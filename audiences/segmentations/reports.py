"""What pages and the API show of a segmentation: figures of a day, flows between two, history; each in its own name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from audiences.models import Segmentation, SegmentationRun
from audiences.segmentations import snapshots
from audiences.segmentations.base import TYPES
from audiences.segmentations.figures import DEFINITIONS, change, flow, share, stock_ratios

MOST_DAYS = 800
"""So many snapshots of a history at once."""


def cells_report(segmentation: Segmentation, day: date | None, against: date | None) -> dict[str, Any]:
    """Stock, share and change of every cell on a day, stock ratios too where cells are stages.

    Each day asked for means the latest snapshot of that day or before: the answer says which it is. Without `day`
    the latest of all; without `against` the one of the day before it, if there is one.
    """
    run = snapshots.run_at(segmentation, day)
    before = _before(segmentation, run, against)
    cells = snapshots.cells_of(run)
    stocks = [run.sizes.get(cell.slug, 0) for cell in cells]
    ordered = TYPES[segmentation.type].is_ordered
    ratios = stock_ratios(stocks) if ordered else [None] * len(stocks)
    return {
        "run": _run(run),
        "against": _run(before) if before else None,
        "ordered": ordered,
        "people": run.people,
        "cells": [
            {
                "cell": cell.slug, "label": cell.label, "stock": stock, "share": share(stock, run.people),
                **_compared(cell.slug, stock, before), "stock_ratio": ratio,
            }
            for cell, stock, ratio in zip(cells, stocks, ratios, strict=True)
        ],
        "definitions": _words("stock", "share", "change", *(("stock_ratio",) if ordered else ())),
    }  # fmt: skip


def flow_report(segmentation: Segmentation, first: date, last: date | None) -> dict[str, Any]:
    """Who went from which cell to which between the snapshots of two days (or the latest ones before them)."""
    one, other = snapshots.run_at(segmentation, first), snapshots.run_at(segmentation, last)
    found = flow(snapshots.members(one), snapshots.members(other))
    return {
        "from": _run(one),
        "to": _run(other),
        "rows": [*_labelled(one, found.rows, found.stocks_before), _no_cell(_("Newcomers"))],
        "columns": [*_labelled(other, found.columns, found.stocks_after), _no_cell(_("Vanished"))],
        "moves": found.moves,
        "rates": found.rates,
        "definitions": _words("flow", "flow_rate", "newcomers", "vanished"),
    }


def history_report(segmentation: Segmentation, first: date | None, last: date | None) -> dict[str, Any]:
    """The stock of every cell on every day that is kept, oldest first; the newest `MOST_DAYS` of them."""
    runs = segmentation.runs.select_related("segmentation")
    runs = runs.filter(day__gte=first) if first else runs
    runs = runs.filter(day__lte=last) if last else runs
    newest = list(runs.order_by("-day")[:MOST_DAYS])
    cells = [{"cell": cell.slug, "label": cell.label} for cell in snapshots.cells_of(newest[0])] if newest else []
    days = [{**_run(run), "people": run.people, "stocks": run.sizes} for run in reversed(newest)]
    return {"cells": cells, "days": days, "definitions": _words("stock")}


def _before(segmentation: Segmentation, run: SegmentationRun, against: date | None) -> SegmentationRun | None:
    asked = against or run.day - timedelta(days=1)
    return segmentation.runs.select_related("segmentation").filter(day__lte=asked).order_by("-day").first()


def _compared(cell: str, stock: int, before: SegmentationRun | None) -> dict[str, Any]:
    if before is None or cell not in before.sizes:
        return {"before": None, "change": None}
    return {"before": before.sizes[cell], "change": change(stock, before.sizes[cell])}


def _no_cell(label: str) -> dict[str, Any]:
    return {"cell": None, "label": label, "stock": None}


def _labelled(run: SegmentationRun, cells: Iterable[str], stocks: Iterable[int]) -> list[dict[str, Any]]:
    labels = {cell.slug: cell.label for cell in snapshots.cells_of(run)}
    return [{"cell": cell, "label": labels[cell], "stock": stock} for cell, stock in zip(cells, stocks, strict=True)]


def _run(run: SegmentationRun) -> dict[str, Any]:
    return {"day": run.day, "at": run.at}


def _words(*names: str) -> dict[str, str]:
    return {name: str(DEFINITIONS[name]) for name in names}
