"""Purchases as event lines: brought to a new date, given a time of day, written as `order_paid`.

The source knows days only. The time within the day follows from the customer and the order, so that the
same purchase is always made at the same time, and one customer's orders of a day keep their order.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import accumulate, groupby
from typing import Any
from zoneinfo import ZoneInfo

from itinera.demo.purchases import Purchase

EVENT = "order_paid"
ZONE = ZoneInfo("Asia/Shanghai")
OPENS = time(9)
BUSY = (3, 4, 5, 7, 5, 3, 3, 4, 5, 7, 8, 9, 6)
"""How much of a day's trade falls into each hour from opening on: a peak at noon, a higher one in the evening."""

_UP_TO = tuple(accumulate(BUSY))
Line = dict[str, Any]


def order_lines(bought: Iterable[Purchase], shift: timedelta, member: str, order: str) -> Iterator[Line]:
    """Event lines for purchases sorted by customer and day; every day moved by `shift`.

    `member` and `order` are patterns for the customer's and the order's own id, with the fields
    `customer` and `nth`.
    """
    for (customer, day), group in groupby(bought, key=lambda each: (each.customer, each.day)):
        same_day = list(group)
        moments = sorted(moment(day + shift, f"{customer}/{each.nth}") for each in same_day)
        for each, at in zip(same_day, moments, strict=True):
            names = {"customer": customer, "nth": each.nth}
            yield order_line(order.format(**names), member.format(**names), at, each, first=each.nth == 1)


def order_line(order: str, member: str, at: datetime, bought: Purchase, *, first: bool) -> Line:
    """One `order_paid` event in the format of an event line."""
    properties = {"amount": bought.amount, "quantity": bought.discs, "first": first}
    return {"id": order, "member_id": member, "event": EVENT, "time": at.isoformat(), "properties": properties}


def moment(day: date, key: str) -> datetime:
    """The time on `day`, within opening hours, that belongs to `key`; to the second."""
    drawn = int.from_bytes(hashlib.sha256(key.encode()).digest()[:6]) / 2**48 * _UP_TO[-1]
    hour = bisect_right(_UP_TO, drawn)
    share = (drawn - (_UP_TO[hour] - BUSY[hour])) / BUSY[hour]
    return datetime.combine(day, OPENS, ZONE) + timedelta(hours=hour, seconds=int(share * 3600))
