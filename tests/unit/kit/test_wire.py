"""numpy arrays over the wire: what goes in is what PostgreSQL sees, and what comes back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from itinera.kit import wire
from itinera.kit.wire import NEVER, django_cursor, fetch_columns, infinite, instants, micros, moment

pytestmark = pytest.mark.django_db
TYPES = {
    "int8": "bigint[]",
    "int4": "integer[]",
    "int2": "smallint[]",
    "float8": "double precision[]",
    "bool": "boolean[]",
}
NUMPY = {"int8": np.int64, "int4": np.int32, "int2": np.int16, "float8": np.float64, "bool": np.bool_}
EARLIEST, LATEST = micros(datetime(1, 1, 1, tzinfo=UTC)), micros(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))
same_database = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
times = st.lists(st.one_of(st.integers(EARLIEST, LATEST), st.just(NEVER)), max_size=8)


def there_and_back(value: object, type_: str) -> Any:
    cursor = django_cursor()
    cursor.execute(f"SELECT %(v)s::{type_}", {"v": value})
    return cursor.fetchone()[0]


def as_text(value: object, type_: str) -> str:
    """What the server sees, in its own words."""
    cursor = django_cursor()
    cursor.execute(f"SELECT array_to_string(%(v)s::{type_}, ',', 'null')", {"v": value})
    found: str = cursor.fetchone()[0]
    return found


@pytest.mark.parametrize("name", TYPES)
@same_database
@given(data=st.data())
def test_every_type_comes_back_as_it_went(name: str, data: st.DataObject) -> None:
    sent: NDArray[Any] = data.draw(arrays.arrays(NUMPY[name], st.integers(0, 8)))
    found = there_and_back(sent, TYPES[name])
    assert np.array_equal(found, sent, equal_nan=name == "float8")
    assert found.dtype == sent.dtype or not len(sent)


@pytest.mark.parametrize("name", TYPES)
def test_the_server_sees_the_values_that_were_sent(name: str) -> None:
    sent: NDArray[Any] = np.array([0, 1, 1, 0], dtype=NUMPY[name])
    expected = "f,t,t,f" if name == "bool" else "0,1,1,0"
    assert as_text(sent, TYPES[name]) == expected


@same_database
@given(times)
def test_instants_go_with_null_for_never(values: list[int]) -> None:
    sent = np.array(values, dtype=np.int64)
    assert there_and_back(instants(sent), "timestamptz[]").tolist() == values
    cursor = django_cursor()
    cursor.execute("SELECT count(*) FROM unnest(%(v)s::timestamptz[]) AS t WHERE t IS NULL", {"v": instants(sent)})
    assert cursor.fetchone()[0] == values.count(NEVER)


@same_database
@given(times)
def test_instants_go_with_minus_infinity_for_never(values: list[int]) -> None:
    sent = np.array(values, dtype=np.int64)
    assert there_and_back(infinite(sent), "timestamptz[]").tolist() == values
    cursor = django_cursor()
    cursor.execute("SELECT count(*) FROM unnest(%(v)s) AS t WHERE t = '-infinity'", {"v": infinite(sent)})
    assert cursor.fetchone()[0] == values.count(NEVER)


def test_instants_are_those_of_the_server() -> None:
    at = datetime(2026, 11, 22, 1, 30, 0, 123_456, tzinfo=UTC)
    assert as_text(instants(np.array([micros(at), NEVER])), "timestamptz[]") == "2026-11-22 01:30:00.123456+00,null"


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("ARRAY[1, NULL, 3]::bigint[]", [1, 0, 3]),
        ("ARRAY[1, NULL, 3]::smallint[]", [1, 0, 3]),
        ("ARRAY[true, NULL]::boolean[]", [True, False]),
        ("ARRAY[1.5, NULL, -2.25]::double precision[]", [1.5, 0.0, -2.25]),
        ("ARRAY['2026-01-01Z', NULL, '-infinity']::timestamptz[]", [1_767_225_600_000_000, NEVER, NEVER]),
        ("ARRAY['-infinity', '2026-01-01Z']::timestamptz[]", [NEVER, 1_767_225_600_000_000]),
        ("'{}'::bigint[]", []),
        ("'{}'::timestamptz[]", []),
        ("ARRAY[NULL]::timestamptz[]", [NEVER]),
    ],
)
def test_nulls_become_zero_or_never(sql: str, expected: list[object]) -> None:
    cursor = django_cursor()
    cursor.execute(f"SELECT {sql}")
    assert cursor.fetchone()[0].tolist() == expected


def test_what_numpy_holds_in_another_layout_goes_too() -> None:
    wide = np.arange(12, dtype=np.int64).reshape(3, 4)
    assert there_and_back(wide[:, 1], "bigint[]").tolist() == [1, 5, 9]
    assert there_and_back(np.array([1, 2, 3], dtype=">i4"), "integer[]").tolist() == [1, 2, 3]


@pytest.mark.parametrize("kind", [np.uint64, np.float32, "U3", object])
def test_other_types_are_refused_by_name(kind: Any) -> None:
    with pytest.raises(psycopg.DataError, match="has no PostgreSQL type"):
        django_cursor().execute("SELECT %(v)s", {"v": np.zeros(2, dtype=kind)})


def test_an_aggregate_over_nothing_is_an_empty_column() -> None:
    found = fetch_columns(django_cursor(), "SELECT array_agg(n) AS n FROM generate_series(1, %(to)s) n", {"to": 0})
    assert {name: list(values) for name, values in found.items()} == {"n": []}


def test_columns_come_by_name() -> None:
    sql = "SELECT array_agg(n) AS n, array_agg(n::text) AS word FROM generate_series(1, %(to)s) n"
    found = fetch_columns(django_cursor(), sql, {"to": 3})
    assert found["n"].tolist() == [1, 2, 3]
    assert found["word"] == ["1", "2", "3"]


@given(st.integers(EARLIEST, LATEST))
def test_moments_and_microseconds_are_one_to_one(value: int) -> None:
    assert micros(moment(value)) == value


def test_other_cursors_of_the_connection_stay_as_they_were() -> None:
    from django.db import connection

    django_cursor()
    with connection.cursor() as cursor:
        cursor.execute("SELECT ARRAY[1, 2]")
        assert cursor.fetchone() == ([1, 2],)
    assert wire.NEVER == -(2**63)
