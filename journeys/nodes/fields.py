"""The kinds of values that node settings are made of. Each refusal has a stable code and plain words."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from django.utils.translation import gettext_noop as _
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from itinera.kit.durations import Duration
from itinera.kit.zones import HOUR, MINUTE, is_zone

OWN_EVENTS = ("message.", "task.", "coupon.", "journey.", "experiment.", "wecom.", "keyword.")
"""Names that begin so are events that Itinera writes itself."""

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_ID = re.compile(r"[^\s\x00-\x1f\x7f]{1,64}")
_SLUG = re.compile(r"[a-z0-9_-]{1,64}", re.ASCII)


class Config(BaseModel):
    """The settings of a node. Unknown keys are refused; a config never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


@dataclass(frozen=True, slots=True)
class Note:
    """Something the author should know about one node: a warning. `path` is inside its config."""

    code: str
    detail: str
    path: str = ""


def refuse(code: str, words: str) -> PydanticCustomError:
    """A refusal by a validator. The words are an English msgid without values: the path tells where."""
    return PydanticCustomError(code, words)


def _time_of_day(value: object) -> int:
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise refuse("bad_time", _("This is not a time of day such as 09:30."))
    return int(found[1]) * HOUR + int(found[2]) * MINUTE


def _time_text(since_midnight: int) -> str:
    return f"{since_midnight // HOUR:02d}:{since_midnight % HOUR // MINUTE:02d}"


def _instant(value: object) -> datetime:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise refuse("bad_instant", _("This is not an instant with an offset, such as 2026-10-01T09:00:00+08:00."))
    return found


def _node_id(value: str) -> str:
    if _ID.fullmatch(value) is None:
        raise refuse("bad_id", _("An id has 1 to 64 characters and no spaces."))
    return value


def _slug(value: str) -> str:
    if _SLUG.fullmatch(value) is None:
        raise refuse("bad_slug", _("A short name has 1 to 64 of the characters a-z, 0-9, _ and -."))
    return value


def _zone(value: str) -> str:
    if not is_zone(value):
        raise refuse("bad_zone", _("This is not the name of a time zone such as Asia/Shanghai."))
    return value


def _event(value: str) -> str:
    if value.startswith(OWN_EVENTS):
        raise refuse("not_supported", _("Events that Itinera writes itself cannot be used here in this version."))
    return value


def _number(value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise refuse("wrong_value", _("This must be a number."))
    return value


def _text(value: str) -> str:
    if "\x00" in value:
        raise refuse("bad_text", _("A text cannot contain the character NUL."))
    return value


def _forward(value: Duration) -> Duration:
    if value.is_negative:
        raise refuse("bad_duration", _("This duration must not be negative."))
    return value


def _exact(value: Duration) -> Duration:
    if value.months:
        raise refuse("bad_duration", _("Months and years have no fixed length here; say days."))
    return value


def _weekdays(value: tuple[int, ...]) -> tuple[int, ...]:
    if not value or len(set(value)) != len(value) or not all(1 <= day <= 7 for day in value):
        raise refuse("bad_weekday", _("Weekdays are different numbers from 1 (Monday) to 7 (Sunday)."))
    return value


TimeOfDay = Annotated[
    int,
    PlainValidator(_time_of_day),
    PlainSerializer(_time_text, return_type=str),
    WithJsonSchema({"type": "string", "format": "time", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}),
]
"""HH:MM, held as microseconds since midnight."""

Instant = Annotated[
    datetime,
    PlainValidator(_instant),
    PlainSerializer(datetime.isoformat, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""An aware datetime; `itinera.kit.wire.micros` makes the engine's number of it."""

Number = Annotated[float, PlainValidator(_number), WithJsonSchema({"type": "number"})]
"""A finite number; whole ones stay whole."""

Text = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_text)]
NodeId = Annotated[str, AfterValidator(_node_id), WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 64})]
Slug = Annotated[str, AfterValidator(_slug), WithJsonSchema({"type": "string", "pattern": "^[a-z0-9_-]{1,64}$"})]
Zone = Annotated[str, AfterValidator(_zone), WithJsonSchema({"type": "string", "format": "time-zone"})]
EventName = Annotated[Text, AfterValidator(_event), WithJsonSchema({"type": "string", "format": "event"})]
AttributeName = Annotated[Text, WithJsonSchema({"type": "string", "format": "attribute"})]
Forward = Annotated[Duration, AfterValidator(_forward)]
ExactForward = Annotated[Forward, AfterValidator(_exact)]
Weekdays = Annotated[
    tuple[int, ...],
    Field(strict=False),
    AfterValidator(_weekdays),
    WithJsonSchema({"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 7}, "uniqueItems": True}),
]
