"""What a sample says about everybody: right on the average, and as sure as it says."""

from __future__ import annotations

import numpy as np
import pytest

from audiences import sampling
from itinera.kit.wire import Ids

HIGHEST = 199_999


def asked_of(starts: Ids) -> Ids:
    numbers = (starts[:, None] + np.arange(sampling.BLOCK)).ravel()
    return numbers[numbers <= HIGHEST]


def test_a_sample_comes_from_everywhere_and_stays_the_same() -> None:
    starts = sampling.spread(HIGHEST, 64)
    assert (starts == sampling.spread(HIGHEST, 64)).all()
    assert len(starts) == 64
    assert np.diff(starts).max() < 2 * HIGHEST / 63
    assert len(sampling.spread(100, 64)) == 7


@pytest.mark.parametrize("alike", [1, 40], ids=["each by herself", "neighbours alike"])
@pytest.mark.parametrize("share", [0.0005, 0.02, 0.3, 0.97])
def test_the_interval_holds_the_truth_as_often_as_it_says(share: float, alike: int) -> None:
    """Over many towns with the same sample: at least 92 of 100 (95 on the average, and chance)."""
    starts = sampling.spread(HIGHEST, 1_024)
    asked, draws = asked_of(starts), np.random.default_rng(1)
    held, sizes, truths = 0, [], []
    for _turn in range(200):
        groups = draws.random(HIGHEST // alike + 1) < share
        town = np.repeat(groups, alike)[: HIGHEST + 1]
        size, low, high = sampling.projected(asked, asked[town[asked]], starts, HIGHEST)
        assert low <= size <= high
        held += low <= town.sum() <= high
        sizes.append(size)
        truths.append(town.sum())
    assert held >= 184
    assert np.mean(sizes) == pytest.approx(np.mean(truths), rel=0.2 if share < 0.01 else 0.02)


def test_who_was_not_found_may_still_be_there() -> None:
    starts = sampling.spread(HIGHEST, 64)
    size, low, high = sampling.projected(asked_of(starts), np.empty(0, np.int64), starts, HIGHEST)
    assert (size, low) == (0, 0)
    assert 0 < high < 0.06 * HIGHEST
    assert sampling.projected(asked_of(starts)[:0], np.empty(0, np.int64), starts, HIGHEST) == (0, 0, 0)


def test_where_all_blocks_are_asked_nothing_is_left_to_chance_but_single_people() -> None:
    starts = sampling.spread(1_000, 64)
    asked = np.concatenate([start + np.arange(sampling.BLOCK) for start in starts])
    size, low, high = sampling.projected(asked, asked[::2], starts, 1_000)
    assert low <= len(asked) / 2 <= high
    assert size == round(len(asked) / 2)
