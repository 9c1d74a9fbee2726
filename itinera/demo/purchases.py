"""The purchases of the CDNOW data set, read from the file beside this module."""

from __future__ import annotations

import lzma
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parent / "data" / "CDNOW_master.txt.xz"
FIRST_DAY, LAST_DAY = date(1997, 1, 1), date(1998, 6, 30)
COLUMNS = ["customer_id", "date", "number_of_cds", "dollar_value"]


@dataclass(frozen=True, slots=True)
class Purchase:
    """One order. `nth` counts a customer's orders from 1, in the file's order, which is by day."""

    customer: int
    nth: int
    day: date
    discs: int
    amount: float
    """US dollars."""


@cache
def purchases() -> tuple[Purchase, ...]:
    """All of them, by customer, then day. ValueError if the file is not the one described."""
    with lzma.open(SOURCE, "rt", encoding="ascii") as lines:
        if next(lines).split() != COLUMNS:
            raise ValueError(f"{SOURCE.name} does not begin with the columns {COLUMNS}")
        found: list[Purchase] = []
        for line in lines:
            customer, day, discs, amount = line.split()
            number = int(customer)
            nth = found[-1].nth + 1 if found and found[-1].customer == number else 1
            found.append(Purchase(number, nth, _day(day), int(discs), float(amount)))
    return tuple(found)


@cache
def _day(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))
