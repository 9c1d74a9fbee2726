"""The enrolments of a wave in memory."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from itinera.kit.wire import NEVER
from journeys.engine.foresight import among
from journeys.engine.roster import Roster, filled

walks = st.lists(st.tuples(st.integers(1, 6), st.integers(1, 3)), max_size=40)


@given(walks, st.lists(st.integers(1, 8), unique=True), st.integers(1, 3))
def test_of_finds_every_walk_of_the_people_in_one_journey(
    found: list[tuple[int, int]], asked: list[int], journey: int
) -> None:
    roster = Roster()
    for profile, of in found:
        roster.append(1, profile=profile, journey=of)
    rows, person = roster.of(np.array(sorted(asked), dtype=np.int64), journey)
    expected = [(place, who) for place, (who, of) in enumerate(found) if of == journey and who in asked]
    assert sorted(rows.tolist()) == [place for place, _ in expected]
    assert [sorted(asked)[each] for each in person] == [int(roster.profile[row]) for row in rows]


def test_rows_keep_their_places_and_values_as_it_grows() -> None:
    roster = Roster()
    first = roster.append(3, profile=[1, 2, 3], journey=1, node=[7, 8, 9])
    roster.node[first[1]] = 70
    second = roster.append(1_000, profile=np.arange(1_000), journey=2)
    assert first.tolist() == [0, 1, 2]
    assert (second[0], second[-1]) == (3, 1_002)
    assert roster.node[first].tolist() == [7, 70, 9]
    assert (roster.left == NEVER).all()
    assert roster.active().sum() == 1_003
    assert np.isnan(roster.goal_value).all()


def test_a_walk_that_ends_waits_for_nothing_and_ends_after_its_last_step() -> None:
    roster = Roster()
    rows = roster.append(2, profile=[1, 2], journey=1, entered=[10, 10], node_at=[20, 40], due=[90, 90], hold=[1, 1])
    roster.end(rows, np.array([30, 30]), 3)
    assert roster.left.tolist() == [30, 40]
    assert roster.due.tolist() == [NEVER, NEVER]
    assert (roster.hold.tolist(), roster.reason.tolist(), roster.stamp.tolist()) == ([0, 0], [3, 3], [1, 1])
    assert roster.dirty.all()
    assert roster.moved.all()


def test_what_is_empty_is_told_from_what_is_null() -> None:
    cells = np.array([None, {}, "", 0, None], dtype=object)
    assert filled(cells).tolist() == [False, True, True, True, False]


@given(st.lists(st.integers(0, 9), unique=True), st.lists(st.integers(0, 9)))
def test_among_says_which_are_known(known: list[int], wanted: list[int]) -> None:
    found = among(np.array(sorted(known), dtype=np.int64), np.array(wanted, dtype=np.int64))
    assert found.tolist() == [each in known for each in wanted]
    assert not among(None, np.array(wanted, dtype=np.int64)).any()
