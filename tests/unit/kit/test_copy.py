"""Binary COPY from arrays: the rows in the table are the rows that were sent."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from itinera.kit import copy
from itinera.kit.wire import NEVER, django_cursor, moment

COLUMNS = "two smallint, four integer, eight bigint, real double precision, yes boolean, at timestamptz"
COPY = "COPY copied ({}) FROM STDIN (FORMAT binary)"
ALL = "two, four, eight, real, yes, at"


@pytest.fixture
def table(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE copied (n serial, {COLUMNS}, codes smallint[]) ON COMMIT DROP")


def sent(count: int, seed: int = 1) -> list[copy.Column]:
    """A column of each type, ends of the range included."""
    rng = np.random.default_rng(seed)
    wide = [np.iinfo(kind) for kind in (np.int16, np.int32, np.int64)]
    whole = [rng.integers(each.min, each.max, count, dtype=each.dtype, endpoint=True) for each in wide]
    for values, each in zip(whole, wide, strict=True):
        values[:2] = [each.min, each.max][: min(count, 2)]
    return [
        ("i2", whole[0]),
        ("i4", whole[1]),
        ("i8", whole[2]),
        ("f8", rng.normal(size=count)),
        ("?", rng.random(count) < 0.5),
        ("t8", rng.integers(-(10**15), 10**16, count)),
    ]


def written(names: str = ALL) -> list[tuple[Any, ...]]:
    cursor = django_cursor()
    cursor.execute(f"SELECT {names} FROM copied ORDER BY n")
    return list(cursor.fetchall())


def expected(columns: list[copy.Column]) -> list[tuple[Any, ...]]:
    values = [[moment(value) for value in column] if kind == "t8" else column.tolist() for kind, column in columns]
    return list(zip(*values, strict=True))


@pytest.mark.parametrize("count", [0, 1, 2, 1_000])
def test_rows_arrive_as_they_were_sent(table: None, count: int) -> None:
    columns = sent(count)
    copy.write(django_cursor(), COPY.format(ALL), [copy.rows(columns)])
    assert written() == expected(columns)


def test_several_blocks_are_one_copy(table: None) -> None:
    parts = [sent(3, seed) for seed in range(4)]
    copy.write(django_cursor(), COPY.format(ALL), [copy.rows(part) for part in parts])
    assert written() == [row for part in parts for row in expected(part)]


def test_no_block_is_no_row(table: None) -> None:
    copy.write(django_cursor(), COPY.format(ALL), [])
    assert written() == []


@pytest.mark.parametrize("width", [0, 1, 7])
def test_codes_arrive_as_an_array(table: None, width: int) -> None:
    codes = np.arange(5 * width, dtype=np.int16).reshape(5, width) - 9
    eight = np.arange(5, dtype=np.int64)
    copy.write(django_cursor(), COPY.format("eight, codes"), [copy.rows([("i8", eight)], codes)])
    assert [(number, list(found)) for number, found in written("eight, codes")] == [
        (number, codes[number].tolist()) for number in range(5)
    ]


def test_columns_of_another_width_are_brought_to_theirs(table: None) -> None:
    copy.write(django_cursor(), COPY.format("two, eight"), [copy.rows([("i2", np.arange(3)), ("i8", np.arange(3))])])
    assert written("two, eight") == [(0, 0), (1, 1), (2, 2)]


@given(st.lists(st.integers(-3, 3)))
def test_groups_are_the_rows_of_each_shape_once_and_in_order(shapes: list[int]) -> None:
    values = np.array(shapes, dtype=np.int64)
    found = copy.groups(values)
    assert sorted(np.concatenate(found).tolist() if found else []) == list(range(len(shapes)))
    assert all(len(set(values[group].tolist())) == 1 for group in found)
    assert [values[group[0]] for group in found] == sorted(set(shapes))
    assert all((np.diff(group) > 0).all() for group in found)


def test_missing_instants_are_told_apart() -> None:
    assert copy.missing(np.array([0, NEVER, 1])).tolist() == [False, True, False]
