"""Dates and instants out of attribute values, for whole columns. What is neither is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from audiences.rules.fields import read_day, read_instant
from itinera.kit.wire import NEVER
from itinera.kit.zones import DAY, Int64

_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Moments:
    """Per person either a plain date (`local`: its midnight on the wall clock), or an instant (`at`), or neither."""

    local: Int64
    at: Int64


def moments(values: Sequence[object]) -> Moments:
    """Read dates and instants as rules read them."""
    found = Moments(np.full(len(values), NEVER), np.full(len(values), NEVER))
    for row, value in enumerate(values):
        if not isinstance(value, str):
            continue
        day, instant = read_day(value), read_instant(value)
        if day is not None:
            found.local[row] = (day.toordinal() - _EPOCH) * DAY
        elif instant is not None:
            found.at[row] = instant
    return found
