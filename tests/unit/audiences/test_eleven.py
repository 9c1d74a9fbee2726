"""The table of the 11 segments: complete, disjoint, and the same as when it is read line by line."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from audiences.segmentations.bands import HIGH, LOW, MIDDLE
from audiences.segmentations.eleven import SEGMENTS, TABLE, Seen, lines_of, segments_of

BUYER = ("bought", "lately", "recency", "frequency", "money", "began", "fresh", "warm")
SCORES = {"recency", "frequency", "money"}
Row = tuple[bool, bool, int, int, int, bool, bool, bool]
LEVELS, TRUTHS = (LOW, MIDDLE, HIGH), (False, True)
ROWS: list[Row] = list(product(TRUTHS, TRUTHS, LEVELS, LEVELS, LEVELS, TRUTHS, TRUTHS, TRUTHS))


def seen(rows: list[Row]) -> Seen:
    columns = zip(BUYER, zip(*rows, strict=True), strict=True)
    return Seen(**{name: np.array(each, dtype=np.int8 if name in SCORES else bool) for name, each in columns})


def by_hand(row: Row) -> str:
    """The table as somebody reads it who knows none of our code."""
    bought, lately, r, f, m, began, fresh, warm = row
    if not bought:
        return "abandoned_checkouts" if began else "fresh_leads" if fresh else "warm_leads" if warm else "cold_leads"
    if not lately:
        return "lost"
    if r == HIGH:
        return "promising" if f != HIGH else "champions" if m == HIGH else "loyal"
    best = max(f, m)
    if r == MIDDLE:
        return "sleepers" if best == LOW else "need_attention"
    return {HIGH: "cannot_lose", MIDDLE: "sleepers", LOW: "lost"}[best]


def test_every_combination_falls_into_the_segment_that_the_table_says() -> None:
    names = list(SEGMENTS)
    assert [names[place] for place in segments_of(seen(ROWS)).tolist()] == [by_hand(row) for row in ROWS]


@given(st.lists(st.sampled_from(ROWS), min_size=1, max_size=20))
def test_somebody_always_falls_into_exactly_one(rows: list[Row]) -> None:
    found = segments_of(seen(rows))
    assert len(found) == len(rows)
    assert set(found.tolist()) <= set(range(len(SEGMENTS)))
    alone = [segments_of(seen([row])).tolist()[0] for row in rows]
    assert found.tolist() == alone


def test_each_line_of_the_table_is_reached_and_each_segment_has_a_line() -> None:
    assert set(lines_of(seen(ROWS)).tolist()) == set(range(len(TABLE)))
    assert {line.segment for line in TABLE} == set(SEGMENTS)
    assert len(SEGMENTS) == 11
