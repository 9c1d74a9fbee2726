"""The holdout: people kept out of everything, to measure what all of it is worth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from itinera.kit.buckets import COUNT, buckets


def in_holdout(salt: str, percent: int, units: Sequence[str | None]) -> NDArray[np.bool_]:
    """Whether each unit belongs to the holdout: the first `percent` per cent of the buckets."""
    if not percent:
        return np.zeros(len(units), dtype=bool)
    known = np.fromiter((unit is not None for unit in units), bool, len(units))
    return known & (buckets(salt, [unit or "" for unit in units]) < percent * COUNT // 100)
