"""Orders of the present: the shop goes on, at a chosen speed, for as long as anybody asks.

Time is cut into slots, `speed` of them a minute, and each slot holds one order. What it holds follows from
the seed, the minute and the slot's number in it; so whoever asks again, after a crash or from a second
terminal, is told the same orders with the same ids, and ingestion drops what it has.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from itinera.demo.history import CUSTOMER, NEWCOMER, relived
from itinera.demo.orders import ZONE, Line, order_line
from itinera.demo.people import Standing, profile_line
from itinera.demo.purchases import Purchase, purchases

MINUTE = timedelta(minutes=1)
NEW, NEWCOMERS = 0.25, 0.45
"""Shares of all orders, one upon the other: a quarter are first orders of people never seen, a fifth come from
newcomers, the rest from customers."""

HUNDREDTHS = 100
"""Of a minute; each brings one new person at most, because their numbers hold two digits for it."""

BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
NUMBERS = 100_000_000
"""Where the numbers of new people begin: minutes since BEGIN and two digits; nine digits last until 2040."""

FASTEST = 60_000


@dataclass(frozen=True, slots=True)
class Sale:
    """One order of the present, and the profile of the customer when she is new."""

    at: datetime
    order: Line
    profile: Line | None


def sales(since: datetime, until: datetime, speed: int, seed: int) -> Iterator[Sale]:
    """The orders of `[since, until)`, by time; `speed` a minute (1 to FASTEST)."""
    minute = since.astimezone(UTC).replace(second=0, microsecond=0)
    while minute < until:
        for slot in range(speed):
            at = minute + MINUTE * slot / speed
            if since <= at < until:
                yield _sale(at, minute, slot, _number(minute, slot, speed), seed)
        minute += MINUTE


def _number(minute: datetime, slot: int, speed: int) -> int | None:
    """The number that a new person of this slot would have; None if her hundredth of the minute has had one."""
    hundredth = slot * HUNDREDTHS // speed
    if slot and hundredth == (slot - 1) * HUNDREDTHS // speed:
        return None
    return (minute - BEGIN) // MINUTE * HUNDREDTHS + hundredth


def _sale(at: datetime, minute: datetime, slot: int, number: int | None, seed: int) -> Sale:
    name = f"{seed}-{minute:%Y%m%d%H%M}-{slot}"
    chance = random.Random(name)
    who = chance.random()
    if who < NEW and number is not None:
        return _first_sale(at, name, number, chance.choice(_firsts()))
    pattern, bought = (NEWCOMER, relived_again()) if who < NEWCOMERS else (CUSTOMER, purchases())
    again = chance.choice(bought)
    member = pattern.format(customer=again.customer)
    return Sale(at, order_line(f"live-{name}", member, at.astimezone(ZONE), again, first=False), None)


def _first_sale(at: datetime, name: str, number: int, bought: Purchase) -> Sale:
    member = f"L{number:09d}"
    here = at.astimezone(ZONE)
    profile = profile_line(member, NUMBERS + number, Standing(here.date(), bought.amount))
    return Sale(at, order_line(f"live-{name}", member, here, bought, first=True), profile)


@cache
def _firsts() -> tuple[Purchase, ...]:
    return tuple(each for each in purchases() if each.nth == 1)


@cache
def relived_again() -> tuple[Purchase, ...]:
    """One row per purchase of the newcomers: who bought more, buys more."""
    return tuple(relived())
