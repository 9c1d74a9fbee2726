"""Fields of rules: names, instants, the values that things are compared with, and references."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal, TypeAlias

from django.utils.translation import gettext_noop as _
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    Tag,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from itinera.kit.durations import Duration
from itinera.kit.wire import micros

Name = Annotated[str, StringConstraints(min_length=1, max_length=128)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,64}$")]
Scalar: TypeAlias = bool | int | float | str

_DAY = re.compile(r"[1-9]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", re.ASCII)
_INSTANT = re.compile(
    r"[1-9]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?"
    r"(Z|[+-](0\d|1[0-5])(:?[0-5]\d)?)",
    re.ASCII,
)
_TOO_FINE = re.compile(r"(\.\d{6})\d+", re.ASCII)


def read_day(text: str) -> date | None:
    """`2026-11-22` as a date, None if it is not one. Agrees with the SQL function `rule_day`."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def read_instant(text: str) -> int | None:
    """ISO 8601 with offset as microseconds since 1970, None if it is not that. As SQL's `rule_instant`."""
    if not _INSTANT.fullmatch(text):
        return None
    try:
        found = datetime.fromisoformat(_TOO_FINE.sub(r"\1", text))
    except ValueError:
        return None
    # The offset is taken off by hand: datetime's own arithmetic stops at the ends of its range.
    offset = found.utcoffset() or timedelta()
    return micros(found.replace(tzinfo=UTC)) - offset // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant, or a plain date, which stands for a local day of whoever is looked at."""

    day: date | None
    instant: int | None
    text: str

    @classmethod
    def read(cls, text: str) -> Moment | None:
        """None if the text is neither."""
        day, instant = read_day(text), read_instant(text)
        return cls(day, instant, text) if day is not None or instant is not None else None

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(_written, when_used="always")
        return core_schema.no_info_plain_validator_function(_moment, serialization=written)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "anyOf": [{"format": "date-time"}, {"format": "date"}]}


def _written(value: Moment) -> str:
    return value.text


def _moment(value: object) -> Moment:
    found = value if isinstance(value, Moment) else Moment.read(value) if isinstance(value, str) else None
    if found is None:
        words = _("This is neither a date such as 2026-11-22 nor an instant with offset.")
        raise PydanticCustomError("wrong_value", words)
    return found


def _forward(span: Duration) -> Duration:
    if span.is_negative:
        raise PydanticCustomError("wrong_value", _("This duration must not be negative."))
    return span


Span = Annotated[Duration, AfterValidator(_forward)]
"""A duration that looks one way only."""


class Reference(BaseModel):
    """A value found in the person's attributes, her entry data, or the event that ended her last wait."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    of: Literal["profile", "entry", "answer"]
    name: Name


class _Literal:
    """A scalar, or a list of scalars (kept as a tuple); None where an operator needs no value."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(_literal)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        scalar = [{"type": name} for name in ("string", "number", "boolean")]
        return {"anyOf": [*scalar, {"type": "array", "items": {"anyOf": scalar}}, {"type": "null"}]}


def _literal(value: object) -> object:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple) and all(isinstance(each, bool | int | float | str) for each in value):
        return tuple(value)
    raise PydanticCustomError("wrong_value", _("A value is text, a number, true or false, or a list of these."))


Value: TypeAlias = Annotated[Scalar | tuple[Scalar, ...] | None, _Literal]
Operand: TypeAlias = Annotated[
    Annotated[Reference, Tag("<of>")] | Annotated[Value, Tag("<literal>")],
    Discriminator(lambda v: "<of>" if isinstance(v, dict | Reference) else "<literal>"),
]
