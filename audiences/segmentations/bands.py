"""Bands: values become grades from 1 (lowest) to k by the cuts between them, given or found. Pure.

Where a value stands among all is the middle of the ranks of everybody who has it (Hazen's plotting position, 1914):

    p(x) = (people below x + half of the people at x) / all people        band(x) = 1 + floor(k · p(x))

So people of equal values always share a band, and a value that very many have stands where its middle stands: it is
not torn apart, nor does it drag everybody to one end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[Any]
Cuts = tuple[float | None, ...]
"""The lowest value of band 2, 3, … k; None where no value stands so high. Ascending."""


def quantile_cuts(values: Values, bands: int) -> Cuts:
    """The cuts that divide these people into so many bands of about equal size. Nobody: no band is reached."""
    distinct, counts = np.unique(values, return_counts=True)
    below = np.cumsum(counts) - counts
    # k · p(x) ≥ b - 1 in whole numbers, so that no rounding ever moves a cut.
    place, everybody = bands * (2 * below + counts), 2 * len(values)
    first = [int(np.searchsorted(place, everybody * band)) for band in range(1, bands)]
    return tuple(float(distinct[at]) if at < len(distinct) else None for at in first)


def bands_of(values: Values, cuts: Sequence[float | None]) -> NDArray[np.int8]:
    """The band of each value: 1 and the number of cuts that it reaches."""
    reached = np.array([np.inf if cut is None else cut for cut in cuts], dtype=np.float64)
    return (1 + np.searchsorted(reached, values, side="right")).astype(np.int8)


LOW, MIDDLE, HIGH = 0, 1, 2


def levels_of(bands: NDArray[np.int8], count: int) -> NDArray[np.int8]:
    """Of three to five bands: the upper half is high, the lower half low, what is between is the middle.

    Of 5 bands 4 and 5 are high, 3 is the middle; of 4 bands 3 and 4 are high and 2 is the middle; of 3 each is one.
    """
    is_high, is_low = bands > count - count // 2, bands <= (count - 1) // 2
    return np.select([is_high, is_low], [HIGH, LOW], MIDDLE).astype(np.int8)
