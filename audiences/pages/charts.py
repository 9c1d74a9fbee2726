"""Charts as numbers for an SVG of a page: where lines and marks go. Pure; the drawing is the template's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

WIDTH, HEIGHT = 640, 160
"""Of the drawing, in its own units."""
_TOP, _BOTTOM = 8, 8


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of the line, with what it stands for."""

    x: float
    y: float
    at: datetime
    value: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line over time: its path, the area under it, its marks, and the values at the edges of the drawing."""

    path: str
    area: str
    marks: tuple[Mark, ...]
    low: int
    high: int


def line(points: Sequence[tuple[datetime, int]]) -> Line | None:
    """A line through points in order of time; None for fewer than two: one point is no course.

    The scale begins at zero unless the values move in a band so narrow that nothing would be seen.
    """
    if len(points) < 2:
        return None
    values = [value for _, value in points]
    low, high = _scale(min(values), max(values))
    first, last = points[0][0], points[-1][0]
    span = max((last - first).total_seconds(), 1.0)
    marks = tuple(
        Mark(
            round(WIDTH * (at - first).total_seconds() / span, 1),
            round(HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * (value - low) / max(high - low, 1), 1),
            at,
            value,
        )
        for at, value in points
    )
    path = "M" + "L".join(f"{mark.x} {mark.y}" for mark in marks)
    return Line(path, f"{path}L{WIDTH} {HEIGHT}L0 {HEIGHT}Z", marks, low, high)


def _scale(low: int, high: int) -> tuple[int, int]:
    """A band that takes less than a fifth of its height from zero is shown by itself, with some room."""
    if high - low >= high / 5:
        return 0, high
    room = max((high - low) // 4, 1)
    return max(low - room, 0), high + room
