"""Wall clocks of whole arrays agree with `zoneinfo`, one value at a time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from itinera.kit.wire import NEVER, micros, moment
from itinera.kit.zones import (
    DAY,
    HOUR,
    ZoneArray,
    add_months,
    is_zone,
    local_midnight,
    next_time,
    time_of_day,
    to_local,
    to_utc,
    weekday,
)

ZONES = (
    "Asia/Shanghai", "UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Sao_Paulo",
    "Africa/Casablanca", "Asia/Kathmandu", "Pacific/Apia", "Asia/Tehran", "America/St_Johns",
)  # fmt: skip
walls = st.datetimes(datetime(1905, 1, 1), datetime(2195, 1, 1))  # noqa: DTZ001  # readings of a wall clock
people = st.lists(st.tuples(walls, st.sampled_from(ZONES)), min_size=1, max_size=20)


def _wall(value: int) -> datetime:
    return moment(value).replace(tzinfo=None)


def _columns(rows: list[tuple[datetime, str]]) -> tuple[np.ndarray, ZoneArray]:
    values = np.array([micros(at.replace(tzinfo=UTC)) for at, _ in rows], dtype=np.int64)
    return values, ZoneArray.of([zone for _, zone in rows], "UTC")


@given(people)
def test_local_time_is_that_of_zoneinfo(rows: list[tuple[datetime, str]]) -> None:
    at, zones = _columns(rows)
    expected = [at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) for at, zone in rows]
    assert [_wall(value) for value in to_local(at, zones)] == expected


@given(people)
def test_the_instant_of_a_wall_clock_is_that_of_zoneinfo_with_fold_zero(rows: list[tuple[datetime, str]]) -> None:
    local, zones = _columns(rows)
    expected = [at.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC) for at, zone in rows]
    assert [moment(value) for value in to_utc(local, zones)] == expected


@pytest.mark.parametrize("name", ["America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Beirut"])
def test_every_quarter_hour_around_every_change_agrees(name: str) -> None:
    clock = ZoneInfo(name)
    start = micros(datetime(2020, 1, 1, tzinfo=UTC))
    at = np.arange(start, start + 2 * 366 * DAY, HOUR // 4)
    local = to_local(at, ZoneArray.same(name, len(at)))
    changes = np.flatnonzero(np.diff(local - at))
    assert len(changes) >= 4
    for change in changes:
        for row in range(change - 12, change + 12):
            aware = moment(int(at[row])).astimezone(clock)
            assert _wall(int(local[row])) == aware.replace(tzinfo=None)
            wall = aware.replace(tzinfo=None) + timedelta(minutes=30)
            one = to_utc(np.array([micros(wall.replace(tzinfo=UTC))]), ZoneArray.same(name, 1))
            assert moment(int(one[0])) == wall.replace(tzinfo=clock, fold=0).astimezone(UTC)


def test_a_skipped_time_counts_on_and_a_repeated_one_is_the_first() -> None:
    berlin = ZoneArray.same("Europe/Berlin", 2)
    walls = [datetime(2026, 3, 29, 2, 30, tzinfo=UTC), datetime(2026, 10, 25, 2, 30, tzinfo=UTC)]
    found = to_utc(np.array([micros(wall) for wall in walls]), berlin)
    assert [moment(int(value)).isoformat() for value in found] == [
        "2026-03-29T01:30:00+00:00",  # 03:30 summer time
        "2026-10-25T00:30:00+00:00",  # 02:30 summer time, the first of two
    ]


def test_zones_with_the_closest_changes_and_the_longest_gap_are_probed_finely_enough() -> None:
    for name in ("Africa/Freetown", "America/Noronha", "Asia/Gaza", "Europe/Simferopol", "Pacific/Apia"):
        clock = ZoneInfo(name)
        at = np.arange(micros(datetime(1935, 1, 1, tzinfo=UTC)), micros(datetime(2045, 1, 1, tzinfo=UTC)), 5 * HOUR)
        local = to_local(at, ZoneArray.same(name, len(at)))
        expected = [(moment(int(a)).astimezone(clock).utcoffset() or timedelta()) for a in at[::7]]
        assert [timedelta(microseconds=int(x)) for x in (local - at)[::7]] == expected


def test_zones_from_all_over_the_database_are_known() -> None:
    names = sorted(available_timezones())[::9]
    at = np.full(len(names), micros(datetime(2026, 7, 1, 12, tzinfo=UTC)))
    local = to_local(at, ZoneArray.of(names, "UTC"))
    expected = [moment(int(at[0])).astimezone(ZoneInfo(name)).replace(tzinfo=None) for name in names]
    assert [_wall(int(value)) for value in local] == expected


def test_never_stays_never_and_nothing_is_nothing() -> None:
    zones = ZoneArray.of(["America/New_York", "Asia/Shanghai"], "UTC")
    never = np.array([NEVER, NEVER])
    assert to_local(never, zones).tolist() == [NEVER, NEVER]
    assert to_utc(never, zones).tolist() == [NEVER, NEVER]
    assert add_months(never, 3).tolist() == [NEVER, NEVER]
    assert next_time(never, 9 * HOUR, zones).tolist() == [NEVER, NEVER]
    assert local_midnight(never, zones).tolist() == [NEVER, NEVER]
    assert to_local(np.empty(0, dtype=np.int64), ZoneArray.same("UTC", 0)).tolist() == []


def test_an_unknown_zone_falls_back_to_the_default() -> None:
    zones = ZoneArray.of(["Mars/Olympus", None, "", "../etc/passwd", "\x00", "Asia/Tokyo"], "Asia/Shanghai")
    assert [zones.names[code] for code in zones.codes] == ["Asia/Shanghai"] * 5 + ["Asia/Tokyo"]
    assert not is_zone("")


@given(walls, st.integers(-600, 600))
def test_months_keep_the_day_or_take_the_last_of_the_month(wall: datetime, months: int) -> None:
    found = _wall(int(add_months(np.array([micros(wall.replace(tzinfo=UTC))]), months)[0]))
    year, month = divmod(wall.year * 12 + wall.month - 1 + months, 12)
    last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    assert found.date() == date(year, month + 1, min(wall.day, last))
    assert found.time() == wall.time()


@given(walls)
def test_weekday_and_time_of_day(wall: datetime) -> None:
    local = np.array([micros(wall.replace(tzinfo=UTC))])
    assert weekday(local)[0] == wall.isoweekday()
    assert moment(int(time_of_day(local)[0])).time() == wall.time()


@given(people, st.integers(0, 24 * 60 - 1))
def test_the_next_such_time_is_the_first_not_before(rows: list[tuple[datetime, str]], minute: int) -> None:
    at, zones = _columns(rows)
    found = next_time(at, minute * 60_000_000, zones)
    for row, (wall, name) in enumerate(rows):
        day = wall.replace(tzinfo=UTC).astimezone(ZoneInfo(name)).date()
        candidates = [
            datetime.combine(day + timedelta(days=k), datetime.min.time()) + timedelta(minutes=minute) for k in (0, 1)
        ]
        instants = [each.replace(tzinfo=ZoneInfo(name)).astimezone(UTC) for each in candidates]
        assert moment(int(found[row])) == next(each for each in instants if each >= wall.replace(tzinfo=UTC))


def test_zones_of_some_rows() -> None:
    zones = ZoneArray.of(["UTC", "Asia/Tokyo", "UTC"], "UTC")
    some = zones.take(np.array([True, False, True]))
    assert len(some) == 2
    assert to_local(np.zeros(2, dtype=np.int64), some).tolist() == [0, 0]
