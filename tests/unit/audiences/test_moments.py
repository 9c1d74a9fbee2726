"""Dates and instants as they are read from text."""

from __future__ import annotations

import pytest

from audiences.rules.fields import Moment, read_day, read_instant
from audiences.rules.kinds.base import Here
from audiences.rules.kinds.moments import ORDERS
from audiences.rules.kinds.temporal import EITHER
from audiences.rules.kinds.text import fold


@pytest.mark.parametrize("text", ["2026-02-28", "2024-02-29", "1000-01-01", "9999-12-31"])
def test_a_date(text: str) -> None:
    found = read_day(text)
    assert found is not None
    assert found.isoformat() == text


@pytest.mark.parametrize(
    "text",
    ["2026-02-30", "2025-02-29", "2026-13-01", "2026-1-1", "0999-01-01", "20260101", " 2026-01-01", "２026-01-01"],
)
def test_no_date(text: str) -> None:
    assert read_day(text) is None


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T08:00:00+08:00", 0),
        ("1970-01-01T08:00+0800", 0),
        ("1970-01-01 08:00:00+08", 0),
        ("1969-12-31T23:59:59.999999Z", -1),
        ("1970-01-01T00:00:00.1234569Z", 123_456),
        ("1000-01-01T00:00:00+15:00", -30_610_278_000_000_000),
    ],
)
def test_an_instant(text: str, micros: int) -> None:
    assert read_instant(text) == micros


@pytest.mark.parametrize(
    "text",
    ["2026-01-01", "2026-01-01T00:00:00", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-02-30T00:00:00Z",
     "2026-01-01T00:00:00z", "2026-01-01T00:00:00+16:00", "now", "", "2026-01-01T00:00:60Z"],
)  # fmt: skip
def test_no_instant(text: str) -> None:
    assert read_instant(text) is None


def test_a_moment_is_the_one_or_the_other() -> None:
    day, instant = Moment.read("2026-01-01"), Moment.read("2026-01-01T00:00:00Z")
    assert day is not None
    assert day.instant is None
    assert instant is not None
    assert instant.day is None
    assert Moment.read("tomorrow") is None


INSTANTS = ["2026-03-14T15:59:59Z", "2026-03-14T16:00:00Z", "2026-03-15T04:00:00Z", "2026-03-15T16:00:00Z"]


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
@pytest.mark.parametrize("instant", INSTANTS)
def test_a_day_is_before_or_on_or_after_an_instant(instant: str, zone: str) -> None:
    day, other = Moment.read("2026-03-15"), Moment.read(instant)
    assert day is not None
    assert other is not None
    ways = ["before", "on", "after"]
    found = [ORDERS[op](day, other, Here(0, zone)) for op in ways]
    assert found.count(True) == 1
    assert [ORDERS[op](other, day, Here(0, zone)) for op in ways] == found[::-1]


@pytest.mark.parametrize(
    ("pair", "fits"),
    [
        (("2026-03-15", "2026-03-15T00:00:00+08:00"), True),  # in UTC that is the day before
        (("2026-03-14T23:59:59-11:00", "2026-03-14"), True),
        (("2026-03-15T12:00:00Z", "2026-03-15"), True),
        (("2026-03-15", "2026-03-14T09:59:59Z"), False),
        (("2026-03-16T12:00:00Z", "2026-03-15"), False),
        (("2026-03-15T00:00:01Z", "2026-03-15T00:00:00Z"), False),
    ],
)  # fmt: skip
def test_a_pair_is_refused_where_it_is_in_the_wrong_order_everywhere(pair: tuple[str, str], fits: bool) -> None:
    assert (EITHER.problem("between", pair) is None) is fits


def test_case_is_folded_one_character_for_one() -> None:
    assert fold("ÀÉİΣẞЖ") == "àéiσßж"
    assert len(fold("İ")) == 1
