"""Orders of the present: the same for whoever asks, at the speed asked for, from people old and new."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from itinera.demo import history
from itinera.demo.history import yesterday
from itinera.demo.live import Sale, sales

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def _ids(found: list[Sale]) -> list[str]:
    return [sale.order["id"] for sale in found]


@pytest.fixture(scope="module")
def an_hour() -> list[Sale]:
    return list(sales(NOON, NOON + HOUR, 60, 1))


def test_speed_is_orders_a_minute(an_hour: list[Sale]) -> None:
    assert len(an_hour) == 3600
    assert len(list(sales(NOON, NOON + HOUR, 7, 1))) == 420
    assert [sale.at for sale in an_hour] == sorted(sale.at for sale in an_hour)


def test_asked_in_pieces_it_tells_the_same_orders_once(an_hour: list[Sale]) -> None:
    cuts = [NOON, NOON + timedelta(seconds=17.3), NOON + timedelta(minutes=31), NOON + HOUR]
    pieces = [sale for a, b in pairwise(cuts) for sale in sales(a, b, 60, 1)]
    assert pieces == an_hour
    assert len(set(_ids(an_hour))) == 3600


def test_another_seed_tells_other_orders(an_hour: list[Sale]) -> None:
    other = list(sales(NOON, NOON + HOUR, 60, 2))
    assert not set(_ids(other)) & set(_ids(an_hour))


def test_a_quarter_are_first_orders_of_people_never_seen(an_hour: list[Sale]) -> None:
    new = [sale for sale in an_hour if sale.profile is not None]
    assert abs(len(new) / 3600 - 0.25) < 0.03
    assert all(sale.order["properties"]["first"] for sale in new)
    members = [sale.profile["member_id"] for sale in new if sale.profile]
    phones = [sale.profile["identities"].get("phone") for sale in new if sale.profile]
    assert len(set(members)) == len(members)
    known = {line["identities"].get("phone") for line in history.customer_profiles(yesterday(NOON))}
    known |= {line["identities"].get("phone") for line in history.newcomer_profiles(yesterday(NOON))}
    assert not (set(phones) - {None}) & known


def test_everybody_else_is_known_to_the_history(an_hour: list[Sale]) -> None:
    known = {line["member_id"] for line in history.customer_profiles(yesterday(NOON))}
    known |= {line["member_id"] for line in history.newcomer_profiles(yesterday(NOON))}
    back = [sale.order for sale in an_hour if sale.profile is None]
    assert {order["member_id"] for order in back} <= known
    assert not any(order["properties"]["first"] for order in back)


def test_at_high_speed_new_people_stay_within_their_numbers() -> None:
    minute = list(sales(NOON, NOON + timedelta(minutes=1), 6_000, 1))
    new = [sale.profile["member_id"] for sale in minute if sale.profile]
    assert len(minute) == 6_000
    assert 0 < len(new) == len(set(new)) <= 100
