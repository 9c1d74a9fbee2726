"""In which order the things of a wave happen."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from journeys.engine.items import Items, Kind, join, make
from journeys.engine.rounds import Agenda, lines, occurrence, of_kind

things = st.lists(st.tuples(st.integers(1, 4), st.integers(0, 5), st.sampled_from(list(Kind)), st.integers(0, 99)))


def items(rows: list[tuple[int, int, Kind, int]]) -> Items:
    """Of (profile, at, kind, order)."""
    columns = [list(column) for column in zip(*rows, strict=True)] if rows else [[], [], [], []]
    profile, at, kind, order = columns
    return make(len(rows), profile=profile, at=at, kind=[int(each) for each in kind], order=order)


def rounds(agenda: Agenda) -> list[Items]:
    found = []
    while (now := agenda.next_round()) is not None:
        found.append(now)
    return found


def keys(found: Items) -> list[tuple[int, int, int, int]]:
    return list(zip(found.profile.tolist(), found.at.tolist(), found.kind.tolist(), found.order.tolist(), strict=True))


@given(things)
def test_everything_happens_once_and_each_persons_instants_ascend(rows: list[tuple[int, int, Kind, int]]) -> None:
    lived = rounds(Agenda(items(rows)))
    everything = [key for each in lived for key in keys(each)]
    assert sorted(everything) == sorted((p, at, int(kind), order) for p, at, kind, order in rows)
    for person in {p for p, *_ in rows}:
        mine = [sorted({at for p, at, *_ in keys(each) if p == person}) for each in lived]
        instants = [at for each in mine for at in each]
        assert all(len(each) <= 1 for each in mine)
        assert instants == sorted(set(instants))


@given(things)
def test_within_a_round_it_goes_by_person_kind_and_order(rows: list[tuple[int, int, Kind, int]]) -> None:
    for each in rounds(Agenda(items(rows))):
        found = [(p, kind, order) for p, _, kind, order in keys(each)]
        assert found == sorted(found)


@given(things)
def test_nobody_waits_for_others_longer_than_needed(rows: list[tuple[int, int, Kind, int]]) -> None:
    """As many rounds as the person with the most instants has."""
    most = max((len({at for p, at, *_ in rows if p == person}) for person in {p for p, *_ in rows}), default=0)
    assert len(rounds(Agenda(items(rows)))) == most


def test_what_comes_due_within_the_wave_takes_its_place() -> None:
    agenda = Agenda(items([(1, 10, Kind.EVENT, 0), (1, 30, Kind.EVENT, 1), (2, 40, Kind.EVENT, 2)]))
    first = agenda.next_round()
    assert first is not None
    assert keys(first) == [(1, 10, 0, 0), (2, 40, 0, 2)]
    agenda.add(items([(1, 20, Kind.DUE, 0), (3, 5, Kind.DUE, 0)]))
    assert [keys(each) for each in rounds(agenda)] == [[(1, 20, 4, 0), (3, 5, 4, 0)], [(1, 30, 0, 1)]]


def test_kinds_of_one_instant_have_their_order() -> None:
    assert [kind.name for kind in sorted(Kind)] == ["EVENT", "OUTCOME", "STAY", "ENTRY", "DUE"]


@given(st.lists(st.integers(-3, 3)))
def test_occurrence_counts_the_same_before(values: list[int]) -> None:
    found = occurrence(np.array(values, dtype=np.int64)).tolist()
    assert found == [values[:place].count(value) for place, value in enumerate(values)]


@given(st.lists(st.integers(1, 3)))
def test_lines_take_the_first_of_everybody_then_the_second(profiles: list[int]) -> None:
    rows = items([(profile, 0, Kind.EVENT, place) for place, profile in enumerate(profiles)]).sort()
    found = [keys(line) for line in lines(rows)]
    assert [len({p for p, *_ in line}) for line in found] == [len(line) for line in found]
    for person in set(profiles):
        orders = [order for line in found for p, _, _, order in line if p == person]
        assert orders == [place for place, profile in enumerate(profiles) if profile == person]


@given(things)
def test_joined_and_picked_apart_nothing_changes(rows: list[tuple[int, int, Kind, int]]) -> None:
    whole = items(rows)
    half = np.arange(len(rows)) % 2 == 0
    assert sorted(keys(join([whole.pick(half), whole.pick(~half)]))) == sorted(keys(whole))
    parts = [of_kind(whole, kind) for kind in Kind]
    assert sorted(keys(join(parts))) == sorted(keys(whole))
    assert len(join([])) == 0
