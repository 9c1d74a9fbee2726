"""The 11 segments of RFM as one table of rules: the first line that holds names the segment. Pure.

    who            | recency | frequency and money                  | segment
    ---------------|---------|--------------------------------------|--------------------
    bought before the window only                                    | Lost
    buyer          | high    | both high                            | Champion
    buyer          | high    | frequency high                       | Loyal
    buyer          | high    | any                                  | Promising
    buyer          | middle  | one of them at least middle          | Need attention
    buyer          | middle  | both low                             | Sleepers
    buyer          | low     | one of them high                     | Cannot lose
    buyer          | low     | one of them middle                   | Sleepers
    buyer          | low     | both low                             | Lost
    never bought   | began a checkout of late                       | Abandoned checkouts
    never bought   | known, or showed interest, only just           | Fresh leads
    never bought   | showed interest repeatedly of late             | Warm leads
    never bought   |                                                | Cold leads

High, middle and low are the levels of `bands`. Somebody always falls into the last line at the latest (complete),
and only the first one that holds counts (disjoint).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from audiences.segmentations.bands import HIGH, LOW, MIDDLE

Truth = NDArray[np.bool_]
Levels = NDArray[np.int8]

SEGMENTS: Mapping[str, Promise | str] = {
    "champions": _("Champion"),
    "loyal": _("Loyal"),
    "promising": _("Promising"),
    "fresh_leads": _("Fresh leads"),
    "abandoned_checkouts": _("Abandoned checkouts"),
    "warm_leads": _("Warm leads"),
    "cold_leads": _("Cold leads"),
    "need_attention": _("Need attention"),
    "cannot_lose": _("Cannot lose"),
    "sleepers": _("Sleepers"),
    "lost": _("Lost"),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What the table looks at, a row per person. The levels of somebody who never bought mean nothing."""

    bought: Truth
    lately: Truth
    recency: Levels
    frequency: Levels
    money: Levels
    began: Truth
    fresh: Truth
    warm: Truth


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    segment: str
    why: Promise | str
    holds: Callable[[Seen], Any]


TABLE: tuple[Line, ...] = (
    Line("lost", _("bought before the window only"), lambda x: x.bought & ~x.lately),
    Line(
        "champions",
        _("recency, frequency and money high"),
        lambda x: x.bought & (x.recency == HIGH) & (x.frequency == HIGH) & (x.money == HIGH),
    ),
    Line(
        "loyal",
        _("recency and frequency high"),
        lambda x: x.bought & (x.recency == HIGH) & (x.frequency == HIGH),
    ),
    Line("promising", _("recency high, frequency not yet"), lambda x: x.bought & (x.recency == HIGH)),
    Line(
        "need_attention",
        _("recency in the middle, frequency or money at least in the middle"),
        lambda x: x.bought & (x.recency == MIDDLE) & ((x.frequency >= MIDDLE) | (x.money >= MIDDLE)),
    ),
    Line(
        "sleepers",
        _("recency in the middle, frequency and money low"),
        lambda x: x.bought & (x.recency == MIDDLE),
    ),
    Line(
        "cannot_lose",
        _("recency low, frequency or money high"),
        lambda x: x.bought & (x.recency == LOW) & ((x.frequency == HIGH) | (x.money == HIGH)),
    ),
    Line(
        "sleepers",
        _("recency low, frequency or money in the middle"),
        lambda x: x.bought & (x.recency == LOW) & ((x.frequency == MIDDLE) | (x.money == MIDDLE)),
    ),
    Line("lost", _("recency, frequency and money low"), lambda x: x.bought),
    Line("abandoned_checkouts", _("never bought; began a checkout of late"), lambda x: x.began),
    Line("fresh_leads", _("never bought; known, or showed interest, only just"), lambda x: x.fresh),
    Line("warm_leads", _("never bought; showed interest repeatedly of late"), lambda x: x.warm),
    Line("cold_leads", _("never bought; little or no interest of late"), lambda x: np.ones_like(x.bought)),
)


def lines_of(seen: Seen) -> NDArray[np.int64]:
    """For each person the line of the table that names her segment."""
    return np.argmax(np.stack([line.holds(seen) for line in TABLE]), axis=0)


_PLACES = np.array([list(SEGMENTS).index(line.segment) for line in TABLE], dtype=np.int16)


def segments_of(seen: Seen) -> NDArray[np.int16]:
    """For each person her segment, as its place in `SEGMENTS`."""
    return _PLACES[lines_of(seen)]
