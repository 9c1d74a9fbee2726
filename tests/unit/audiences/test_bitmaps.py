"""Sets of profiles: the same answers as Python's sets."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from audiences.bitmaps import Members

NUMBERS = st.sets(st.integers(1, 5_000) | st.integers(2**34, 2**34 + 200), max_size=300)


@given(NUMBERS, NUMBERS)
def test_algebra_is_that_of_sets(one: set[int], other: set[int]) -> None:
    a, b = Members.of(one), Members.of(other)
    assert set((a & b).ids().tolist()) == one & other
    assert set((a | b).ids().tolist()) == one | other
    assert set((a - b).ids().tolist()) == one - other
    assert (len(a), bool(a), a == b) == (len(one), bool(one), one == other)


@given(NUMBERS, NUMBERS)
def test_who_is_in_it_is_told_for_many_at_once(one: set[int], asked: set[int]) -> None:
    numbers = np.array(sorted(asked), dtype=np.int64)
    assert Members.of(one).has(numbers).tolist() == [number in one for number in sorted(asked)]


@given(NUMBERS)
def test_what_is_written_is_read_again(one: set[int]) -> None:
    members = Members.of(one)
    assert Members.loaded(members.dumped()) == members
    assert members.within(range(32)) | members.within(range(32, 64)) == members


@given(NUMBERS, st.integers(1, 50))
def test_a_sample_is_spread_and_stays_the_same(one: set[int], most: int) -> None:
    sample = Members.of(one).sample(most).tolist()
    assert len(sample) == len(set(sample)) == min(most, len(one))
    assert set(sample) <= one
    assert sample == Members.of(sorted(one, reverse=True)).sample(most).tolist()
