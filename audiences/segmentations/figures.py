"""Figures of a segmentation between days, each under its own name and computed from nothing but the snapshots.

    stock (存量)          how many were in a cell on a day
    share (占比)          the stock over everybody who was in any cell that day
    change (环比)         (stock now - stock before) / stock before, of the same cell; none where it was 0 before
    stock ratio (存量比)  the stock of a stage over the stock of the stage before it, on the same day: two crowds that
                          stand side by side, which says nothing about who moved
    flow (流转)           how many of those in cell a on the first day are in cell b on the last day: the same people
    flow rate (流转率)    the flow from a to b over the stock of a on the first day

In a flow those who were in no cell on the first day are a row of their own (newcomers), those in none on the last
day a column (vanished): so each row adds up to the first day's stock of its cell and each column to the last day's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audiences.bitmaps import Members

DEFINITIONS: Mapping[str, Promise | str] = {
    "stock": _("Stock: how many people were in the cell on that day."),
    "share": _("Share: the stock over everybody who was in any cell on that day."),
    "change": _("Change on the period before: (stock now - stock before) / stock before; none if it was 0 before."),
    "stock_ratio": _(
        "Stock ratio: the stock of a stage over that of the stage before it on the same day. "
        "It compares two crowds and does not say who moved; that is what the flow rate says."
    ),
    "flow": _("Flow: of those in one cell on the first day, how many are in another on the last day."),
    "flow_rate": _("Flow rate: the flow over the stock of the cell on the first day."),
    "newcomers": _("Newcomers: in no cell on the first day, in one on the last."),
    "vanished": _("Vanished: in a cell on the first day, in none on the last."),
}
"""Each figure in words, as pages and the API show it."""


def change(now: int, before: int) -> float | None:
    """环比: the difference over what it was before."""
    return (now - before) / before if before else None


def share(part: int, whole: int) -> float | None:
    """A part of a whole; none of nothing."""
    return part / whole if whole else None


def stock_ratios(stocks: Sequence[int]) -> list[float | None]:
    """存量比 of stages in their order; the first has none before it."""
    return [None, *(share(own, before) for before, own in pairwise(stocks))][: len(stocks)]


@dataclass(frozen=True, slots=True)
class Flow:
    """流转 from the cells of one day to those of another. The last row are newcomers, the last column vanished ones.

    `moves[row][column]` counts people; the corner of newcomers who vanished is nobody. `rates` are the moves over the
    stock of the row on the first day; newcomers had none.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    moves: tuple[tuple[int, ...], ...]

    @property
    def stocks_before(self) -> tuple[int, ...]:
        """By cell, of the first day: each row added up, without newcomers."""
        return tuple(sum(row) for row in self.moves[:-1])

    @property
    def stocks_after(self) -> tuple[int, ...]:
        """By cell, of the last day: each column added up, without vanished ones."""
        return tuple(sum(row[column] for row in self.moves) for column in range(len(self.columns)))

    @property
    def rates(self) -> tuple[tuple[float | None, ...], ...]:
        """流转率, by row and column."""
        told = tuple(
            tuple(share(count, stock) for count in row)
            for row, stock in zip(self.moves, self.stocks_before, strict=False)
        )
        return (*told, tuple(None for _column in (*self.columns, "")))


def flow(before: Mapping[str, Members], after: Mapping[str, Members]) -> Flow:
    """From the cells of the first day, disjoint, to those of the last."""
    moves = []
    left_over = dict(after)
    for members in before.values():
        stays = [members & other for other in after.values()]
        counts = [len(each) for each in stays]
        moves.append((*counts, len(members) - sum(counts)))
        for cell, each in zip(after, stays, strict=True):
            left_over[cell] = left_over[cell] - each
    moves.append((*(len(members) for members in left_over.values()), 0))
    return Flow(tuple(before), tuple(after), tuple(moves))


def movers(
    before: Mapping[str, Members], after: Mapping[str, Members], source: str | None, target: str | None
) -> Members:
    """Who went from one cell to another; None stands for no cell: newcomers, vanished ones."""
    had, has = _of(before, source), _of(after, target)
    return had & has if source and target else had - _all(after) if source else has - _all(before)


def _of(cells: Mapping[str, Members], cell: str | None) -> Members:
    return cells[cell] if cell is not None else Members()


def _all(cells: Mapping[str, Members]) -> Members:
    found = Members()
    for members in cells.values():
        found = found | members
    return found
