"""Samples of people: blocks of neighbouring numbers from everywhere, and what they say about everybody. Pure."""

from __future__ import annotations

import math

import numpy as np

from itinera.kit.wire import Ids

BLOCK = 16
"""Neighbours lie together on the disk and in the indexes: a block costs little more than one of them."""
_HITS = 5
"""From so few blocks with somebody found nothing is learnt about how alike neighbours are."""
_Z = 1.96
"""Of a normal distribution, 95 % lie within so many standard deviations."""


def spread(highest: int, most: int) -> Ids:
    """The first numbers of at most so many blocks of the numbers 0 to `highest`: one from each of equal stretches.

    They are the same ones each time, so that two estimates differ by their rules and not by chance.
    """
    of = highest // BLOCK + 1
    edges = np.linspace(0, of, min(most, of) + 1)
    drawn = np.random.default_rng(20_260_101).uniform(edges[:-1], edges[1:])
    return np.unique(drawn.astype(np.int64)) * BLOCK


def projected(asked: Ids, found: Ids, starts: Ids, highest: int) -> tuple[int, int, int]:
    """How many of all are like `found`, who are among the people `asked` of some blocks; and the interval that holds
    the true number with 95 % confidence.

    The interval is Wilson's (also where nobody was found) for as many people as would tell as much if they were drawn
    one by one: neighbours are alike, so that blocks tell less (the design effect of Kish, Survey Sampling, 1965).
    """
    times = (highest // BLOCK + 1) / max(len(starts), 1)
    if not len(asked):
        return 0, 0, 0
    share, everybody = len(found) / len(asked), len(asked) * times
    low, high = _wilson(share, len(asked) / _design_effect(asked, found, starts, times))
    size = round(len(found) * times)
    return size, min(math.floor(low * everybody), size), max(math.ceil(high * everybody), size)


def _design_effect(asked: Ids, found: Ids, starts: Ids, times: float) -> float:
    """By how much the variance is that of as many people drawn one by one; at least 1. Where somebody was found in a
    few blocks only, the worst is taken for true: that neighbours are all alike.
    """
    share, people = len(found) / len(asked), len(asked) / len(starts)
    counts = np.bincount(np.searchsorted(starts, found, side="right") - 1, minlength=len(starts))
    hits = np.count_nonzero(counts) if share < 0.5 else np.count_nonzero(counts < counts.max())
    if hits < _HITS:
        return people
    of_blocks = counts.var(ddof=1) * (1 - 1 / times) / len(starts)
    of_people = people / len(starts) * share * (1 - share)
    return max(float(of_blocks / of_people), 1.0)


def _wilson(share: float, people: float) -> tuple[float, float]:
    """Wilson's score interval of a share (E. B. Wilson, JASA 22, 1927)."""
    spread_ = _Z * _Z / people
    centre = (share + spread_ / 2) / (1 + spread_)
    half = _Z / (1 + spread_) * math.sqrt(share * (1 - share) / people + spread_ / (4 * people))
    return max(centre - half, 0.0), min(centre + half, 1.0)
