"""Figures between two days against counting person by person."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from audiences.bitmaps import Members
from audiences.segmentations.figures import change, flow, movers, share, stock_ratios

BEFORE, AFTER = ["new", "active", "loyal"], ["active", "loyal", "gone", "other"]
PLACES = st.dictionaries(
    st.integers(1, 500), st.tuples(st.sampled_from([*BEFORE, None]), st.sampled_from([*AFTER, None])), max_size=80
)
Places = dict[int, tuple[str | None, str | None]]


def days(places: Places) -> tuple[dict[str, Members], dict[str, Members]]:
    return (
        {cell: Members.of([p for p, (own, _) in places.items() if own == cell]) for cell in BEFORE},
        {cell: Members.of([p for p, (_, own) in places.items() if own == cell]) for cell in AFTER},
    )


@given(PLACES)
def test_flows_are_those_of_counting_one_by_one(places: Places) -> None:
    found = flow(*days(places))
    counted = [
        [sum(pair == (row, column) for pair in places.values()) for column in [*AFTER, None]] for row in [*BEFORE, None]
    ]
    counted[-1][-1] = 0  # in no cell on either day: of no concern
    assert [list(row) for row in found.moves] == counted


@given(PLACES)
def test_rows_and_columns_add_up_to_the_stocks(places: Places) -> None:
    before, after = days(places)
    found = flow(before, after)
    assert found.stocks_before == tuple(len(members) for members in before.values())
    assert found.stocks_after == tuple(len(members) for members in after.values())
    told = [list(rates) for rates in found.rates]
    assert told[-1] == [None] * (len(AFTER) + 1)
    for row, rates in zip(found.moves[:-1], told, strict=False):
        assert rates == [count / sum(row) if sum(row) else None for count in row]


@given(PLACES)
def test_those_who_moved_can_be_named(places: Places) -> None:
    before, after = days(places)
    for source in [*BEFORE, None]:
        for target in [*AFTER, None]:
            if source is None and target is None:
                continue
            people = {person for person, pair in places.items() if pair == (source, target)}
            assert set(movers(before, after, source, target).ids().tolist()) == people


def test_what_has_no_base_has_no_rate() -> None:
    assert change(5, 0) is None
    assert change(15, 10) == 0.5
    assert change(5, 10) == -0.5
    assert share(1, 0) is None
    assert stock_ratios([200, 50, 0, 3]) == [None, 0.25, 0.0, None]
    assert stock_ratios([]) == []
