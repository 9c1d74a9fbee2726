"""What has happened at the shop up to yesterday, as profile and event lines.

Two sets of people. The *customers* are those of the data set, all of them, moved so that its last day is
yesterday. They all came within one quarter, long ago, so nobody among them is new; therefore *newcomers*,
one for every fourth customer of the data set's first five weeks, live those weeks once more, moved so that
the weeks end yesterday. Their ids begin with N.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from itinera.demo.orders import ZONE, Line, order_lines
from itinera.demo.people import Standing, profile_line
from itinera.demo.purchases import FIRST_DAY, LAST_DAY, Purchase, purchases

RECENT = timedelta(days=35)
"""The weeks that newcomers live through."""

EVERY = 4
CUSTOMER, NEWCOMER = "{customer:05d}", "N{customer:05d}"
CUSTOMER_ORDER, NEWCOMER_ORDER = "cdnow-{customer:05d}-{nth}", "newcomer-{customer:05d}-{nth}"
NEWCOMER_NUMBERS = 1_000_000
"""Where the newcomers' numbers begin; their telephone numbers follow from these."""


def yesterday(now: datetime) -> date:
    """The shop's last whole day."""
    return now.astimezone(ZONE).date() - timedelta(days=1)


def customer_profiles(last_day: date) -> Iterator[Line]:
    """A line for everybody in the data set, whose last day becomes `last_day`."""
    for number, standing in _standings(purchases(), last_day - LAST_DAY).items():
        yield profile_line(CUSTOMER.format(customer=number), number, standing)


def customer_orders(last_day: date) -> list[Line]:
    """All orders of the data set, by time."""
    return _by_time(order_lines(purchases(), last_day - LAST_DAY, CUSTOMER, CUSTOMER_ORDER))


def newcomer_profiles(last_day: date) -> Iterator[Line]:
    """A line for every newcomer; the weeks they live through end with `last_day`."""
    for number, standing in _standings(relived(), last_day - _weeks_end()).items():
        yield profile_line(NEWCOMER.format(customer=number), NEWCOMER_NUMBERS + number, standing)


def newcomer_orders(last_day: date) -> list[Line]:
    """Their orders, by time."""
    return _by_time(order_lines(relived(), last_day - _weeks_end(), NEWCOMER, NEWCOMER_ORDER))


def relived() -> list[Purchase]:
    """What newcomers do: the first five weeks of every fourth customer who came then."""
    return [each for each in purchases() if each.customer % EVERY == 0 and each.day <= _weeks_end()]


def _weeks_end() -> date:
    return FIRST_DAY + RECENT - timedelta(days=1)


def _standings(bought: Sequence[Purchase], shift: timedelta) -> dict[int, Standing]:
    """By customer: the day of the first order, moved, and the sum of all."""
    joined: dict[int, date] = {}
    spent: dict[int, float] = defaultdict(float)
    for each in bought:
        joined.setdefault(each.customer, each.day + shift)
        spent[each.customer] += each.amount
    return {number: Standing(day, spent[number]) for number, day in joined.items()}


def _by_time(lines: Iterator[Line]) -> list[Line]:
    """All times are of one zone with one offset, so their texts sort as they do."""
    return sorted(lines, key=lambda line: (line["time"], line["id"]))
