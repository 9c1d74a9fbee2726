"""Durations as ISO 8601 writes them, for one value and for whole arrays of instants.

`P1Y2M` are months and run on the wall clock of the person's zone; everything else is exact: a week is
7 days, a day 24 hours. `P1M2DT3H` adds the months first. A sign may stand in front of all (`-P7D`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from django.utils.translation import gettext_noop as _
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from itinera.kit.wire import NEVER
from itinera.kit.zones import DAY, HOUR, MINUTE, SECOND, Int64, ZoneArray, add_months, to_local, to_utc

_NUMBER = r"\d{1,9}(?:[.,]\d{1,9})?"
_ISO = re.compile(
    r"(?P<sign>[+-]?)P(?=[\dT])"
    r"(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,4})M)?"
    rf"(?:(?P<weeks>{_NUMBER})W)?(?:(?P<days>{_NUMBER})D)?"
    rf"(?:T(?=\d)(?:(?P<hours>{_NUMBER})H)?(?:(?P<minutes>{_NUMBER})M)?(?:(?P<seconds>{_NUMBER})S)?)?",
    re.ASCII,
)
_EXACT = {"weeks": 7 * DAY, "days": DAY, "hours": HOUR, "minutes": MINUTE, "seconds": SECOND}
_LONGEST_MONTHS, _LONGEST_MICROS = 1200, 36_525 * DAY


class BadDuration(ValueError):
    """The text is not a duration; the message is an English msgid, without the value."""


@dataclass(frozen=True, slots=True)
class Duration:
    """So many calendar months and so many exact microseconds; both carry the same sign.

    `text` is how it was written and is given back when it is serialised; it is no part of its value,
    so `PT48H` equals `P2D`.
    """

    months: int = 0
    micros: int = 0
    text: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not self.text:
            object.__setattr__(self, "text", _written(self.months, self.micros))

    @classmethod
    def parse(cls, text: str) -> Duration:
        """Read ISO 8601. Fractions are allowed from weeks down. BadDuration beyond a hundred years."""
        found = _ISO.fullmatch(text)
        if found is None:
            raise BadDuration(_("This is not a duration such as PT30M, P7D or P1M."))
        months = int(found["years"] or 0) * 12 + int(found["months"] or 0)
        exact = sum(Fraction((found[unit] or "0").replace(",", ".")) * size for unit, size in _EXACT.items())
        if exact.denominator != 1:
            raise BadDuration(_("This duration is finer than a microsecond."))
        if months > _LONGEST_MONTHS or exact > _LONGEST_MICROS:
            raise BadDuration(_("This duration is longer than a hundred years."))
        sign = -1 if found["sign"] == "-" else 1
        return cls(sign * months, sign * int(exact), text)

    @property
    def is_negative(self) -> bool:
        return self.months < 0 or self.micros < 0

    @property
    def is_zero(self) -> bool:
        return not self.months and not self.micros

    @property
    def is_whole_days(self) -> bool:
        """Made of months, weeks and days only, so that it can count dates."""
        return self.micros % DAY == 0

    @property
    def days(self) -> int:
        """The exact part in whole days, towards the past."""
        return self.micros // DAY

    def __neg__(self) -> Duration:
        return Duration(-self.months, -self.micros)

    def __str__(self) -> str:
        return self.text

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _validated, serialization=core_schema.plain_serializer_function_ser_schema(str, when_used="always")
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "format": "duration"}


def add(at: Int64, duration: Duration, zones: ZoneArray | None) -> Int64:
    """Each instant so much later (or earlier): months on the wall clock of its zone, the rest exact.

    31 January + P1M is the last day of February. `NEVER` stays `NEVER`. ValueError for months without zones.
    """
    if duration.months:
        if zones is None:
            raise ValueError("months are added on a wall clock: zones are needed")
        at = to_utc(add_months(to_local(at, zones), duration.months), zones)
    return np.where(at == NEVER, NEVER, at + duration.micros)


def add_local(local: Int64, duration: Duration) -> Int64:
    """The same on the wall clock alone: a day is the distance of two midnights. For plain dates."""
    moved = add_months(local, duration.months) if duration.months else local
    return np.where(local == NEVER, NEVER, moved + duration.micros)


def _validated(value: object) -> Duration:
    if isinstance(value, Duration):
        return value
    try:
        return Duration.parse(value if isinstance(value, str) else "")
    except BadDuration as bad:
        raise PydanticCustomError("bad_duration", "{reason}", {"reason": str(bad)}) from bad


def _written(months: int, micros: int) -> str:
    sign, months, micros = ("-" if months < 0 or micros < 0 else ""), abs(months), abs(micros)
    days, rest = divmod(micros, DAY)
    hours, rest = divmod(rest, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    seconds = f"{rest / SECOND:.6f}".rstrip("0").rstrip(".") if rest else "0"
    years, months = divmod(months, 12)
    date = "".join(f"{n}{unit}" for n, unit in ((years, "Y"), (months, "M"), (days, "D")) if n)
    clock = "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if n and n != "0")
    return f"{sign}P{date}{'T' + clock if clock else ''}" if date or clock else "PT0S"
