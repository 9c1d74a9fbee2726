"""The demo's history: the real counts, the same lines every time, the last day yesterday."""

from __future__ import annotations

import hashlib
import lzma
from collections import Counter
from datetime import UTC, date, datetime

import pytest

from itinera.demo import history
from itinera.demo.history import yesterday
from itinera.demo.orders import ZONE
from itinera.demo.purchases import FIRST_DAY, LAST_DAY, SOURCE, purchases

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
DIGEST = "eff6889ed364c5199d6eacbbeb7a6d559971df4406ac876f322c373f00a072ef"


@pytest.fixture(scope="module")
def orders() -> list[dict]:
    return history.customer_orders(yesterday(NOW))


@pytest.fixture(scope="module")
def profiles() -> list[dict]:
    return list(history.customer_profiles(yesterday(NOW)))


def test_the_file_is_the_source_unchanged() -> None:
    raw = lzma.decompress(SOURCE.read_bytes())
    assert (len(raw), hashlib.sha256(raw).hexdigest()) == (1_950_500, DIGEST)


def test_there_are_69_659_orders_of_23_570_people(orders: list[dict], profiles: list[dict]) -> None:
    assert len(orders) == len({line["id"] for line in orders}) == 69_659
    assert {line["member_id"] for line in orders} == {line["member_id"] for line in profiles}
    assert len(profiles) == 23_570


def test_amounts_and_quantities_are_those_of_the_source(orders: list[dict]) -> None:
    bought = purchases()
    assert round(sum(line["properties"]["amount"] for line in orders), 2) == 2_500_315.63
    assert round(sum(each.amount for each in bought), 2) == 2_500_315.63
    assert sum(line["properties"]["quantity"] for line in orders) == sum(each.discs for each in bought)


def test_the_last_day_is_yesterday_in_the_shops_zone(orders: list[dict]) -> None:
    assert yesterday(NOW) == date(2026, 11, 21)
    assert yesterday(datetime(2026, 11, 21, 16, 30, tzinfo=UTC)) == date(2026, 11, 21)  # past midnight in Shanghai
    days = [datetime.fromisoformat(line["time"]).date() for line in (orders[0], orders[-1])]
    assert days[1] == date(2026, 11, 21)
    assert days[1] - days[0] == LAST_DAY - FIRST_DAY


def test_orders_come_by_time_within_opening_hours(orders: list[dict]) -> None:
    times = [datetime.fromisoformat(line["time"]) for line in orders]
    assert times == sorted(times)
    assert all(9 <= at.hour < 22 for at in times)
    assert {at.utcoffset() for at in times} == {NOW.astimezone(ZONE).utcoffset()}


def test_each_persons_first_order_is_marked_and_her_earliest(orders: list[dict]) -> None:
    seen: set[str] = set()
    for line in orders:
        assert line["properties"]["first"] == (line["member_id"] not in seen)
        seen.add(line["member_id"])


def test_the_same_day_gives_the_same_lines(orders: list[dict], profiles: list[dict]) -> None:
    assert history.customer_orders(yesterday(NOW)) == orders
    assert list(history.customer_profiles(yesterday(NOW))) == profiles


def test_another_day_moves_times_and_nothing_else(orders: list[dict]) -> None:
    later = history.customer_orders(date(2026, 12, 21))
    assert [{**line, "time": None} for line in later] == [{**line, "time": None} for line in orders]
    assert {line["time"][10:] for line in later} == {line["time"][10:] for line in orders}


def test_nobody_can_be_reached_and_no_two_share_an_address(profiles: list[dict]) -> None:
    everybody = [*profiles, *history.newcomer_profiles(yesterday(NOW))]
    for kind in ("phone", "email"):
        found = [line["identities"][kind] for line in everybody if kind in line["identities"]]
        assert len(found) == len(set(found)) > 0.9 * len(everybody)
        assert all(address.startswith("+8612") or address.endswith("@example.test") for address in found)


def test_one_in_five_has_not_agreed_to_mail(profiles: list[dict]) -> None:
    refused = sum(line["consent"]["email"]["marketing"] is False for line in profiles)
    assert abs(refused / len(profiles) - 0.2) < 0.01
    asked = sum("sms" in line["consent"] for line in profiles)
    assert abs(asked / len(profiles) - 11 / 12) < 0.01
    assert not any(
        line["attributes"]["preferred_channel"] == "email" and not line["consent"]["email"]["marketing"]
        for line in profiles
    )


def test_levels_follow_from_what_was_spent(orders: list[dict], profiles: list[dict]) -> None:
    spent: Counter[str] = Counter()
    for line in orders:
        spent[line["member_id"]] += line["properties"]["amount"]
    for line in profiles:
        sum_, level = spent[line["member_id"]], line["attributes"]["member_level"]
        assert (sum_ >= 499.99) >= (level == "黑胶会员")
        assert (sum_ < 50.01) >= (level == "注册会员")


def test_newcomers_live_five_weeks_that_end_yesterday() -> None:
    people = list(history.newcomer_profiles(yesterday(NOW)))
    orders = history.newcomer_orders(yesterday(NOW))
    assert (len(people), len(orders)) == (2_278, 2_628)
    assert sum(line["properties"]["first"] for line in orders) == 2_278
    assert orders[0]["time"] > "2026-10-18"
    assert orders[-1]["time"][:10] == "2026-11-21"
    assert all(line["member_id"].startswith("N") for line in orders)
