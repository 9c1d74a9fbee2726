"""Numbers in the binary form that PostgreSQL's `numeric` has on the wire: exact, digits and scale as they are written.

The form is that of `numeric_send` (PostgreSQL, src/backend/utils/adt/numeric.c): how many digits to the base 10,000,
the weight of the first, the sign, how many decimal digits are shown behind the point, the digits; all 16 bits wide.
"""

from __future__ import annotations

import math
import struct
from decimal import Decimal
from functools import lru_cache

_NEGATIVE = 0x4000
_ROOM = 131_072
"""Prices, amounts and counts come again and again."""


@lru_cache(maxsize=_ROOM, typed=True)
def encoded(value: int | float) -> bytes | None:
    """The field of a tuple of COPY with its length in front; a float is taken as it is written. None: NaN, infinity."""
    if not math.isfinite(value):
        return None
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    assert isinstance(exponent, int)
    weight, shift = divmod(exponent, 4)
    number = int("".join(map(str, digits))) * 10**shift
    groups: list[int] = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    weight += len(groups) - 1
    while groups and groups[0] == 0:
        del groups[0]
    count = len(groups)
    head = (8 + 2 * count, count, weight if groups else 0, _NEGATIVE if sign and groups else 0, max(0, -exponent))
    return struct.pack(f"!iHhHH{count}H", *head, *reversed(groups))
