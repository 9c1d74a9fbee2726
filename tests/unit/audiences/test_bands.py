"""Bands by quantiles and thresholds: ties stay together, and every rank is worked out exactly."""

from __future__ import annotations

from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiences.segmentations.bands import HIGH, LOW, MIDDLE, bands_of, levels_of, quantile_cuts

VALUES = st.lists(st.integers(-5, 5) | st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=60)


def one_by_one(values: list[float], bands: int) -> list[int]:
    """The definition, person by person, in exact fractions."""
    found = []
    for own in values:
        below, at = sum(each < own for each in values), sum(each == own for each in values)
        found.append(1 + floor(bands * (below + Fraction(at, 2)) / len(values)))
    return found


@given(VALUES, st.integers(2, 10))
def test_everybody_gets_the_band_of_the_middle_of_her_ranks(values: list[float], bands: int) -> None:
    numbers = np.array(values, dtype=np.float64)
    assert bands_of(numbers, quantile_cuts(numbers, bands)).tolist() == one_by_one(numbers.tolist(), bands)


@given(VALUES, st.integers(2, 10))
def test_equal_values_share_a_band_and_higher_ones_are_never_below(values: list[float], bands: int) -> None:
    numbers = np.array(values, dtype=np.float64)
    found = bands_of(numbers, quantile_cuts(numbers, bands))
    order = np.argsort(numbers, kind="stable")
    assert (np.diff(found[order].astype(int)) >= 0).all()
    assert all(len(set(found[numbers == each].tolist())) == 1 for each in numbers)


@given(st.sets(st.integers(0, 10_000), min_size=50, max_size=120), st.integers(3, 5))
def test_without_ties_bands_are_of_about_equal_size(values: set[int], bands: int) -> None:
    numbers = np.array(sorted(values))
    counts = np.bincount(bands_of(numbers, quantile_cuts(numbers, bands)), minlength=bands + 1)[1:]
    assert counts.max() - counts.min() <= 1


def test_of_nobody_no_band_is_reached() -> None:
    cuts = quantile_cuts(np.empty(0), 4)
    assert cuts == (None, None, None)
    assert bands_of(np.array([7.0]), cuts).tolist() == [1]


def test_where_all_are_equal_all_stand_in_the_middle() -> None:
    values = np.full(1000, 3.0)
    assert set(bands_of(values, quantile_cuts(values, 5)).tolist()) == {3}


def test_a_threshold_is_part_of_the_band_above_it() -> None:
    assert bands_of(np.array([9, 10, 11, 99, 100]), (10, 100)).tolist() == [1, 2, 2, 2, 3]


@pytest.mark.parametrize(
    ("count", "levels"),
    [
        (3, [LOW, MIDDLE, HIGH]),
        (4, [LOW, MIDDLE, HIGH, HIGH]),
        (5, [LOW, LOW, MIDDLE, HIGH, HIGH]),
    ],
)
def test_every_number_of_bands_has_all_three_levels(count: int, levels: list[int]) -> None:
    assert levels_of(np.arange(1, count + 1, dtype=np.int8), count).tolist() == levels
