"""What a workspace file says about sending, one model per object: the single source of its validation."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Self

from django.utils.translation import gettext_noop as _
from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError

from audiences.models import PeopleKind
from channels_out.models.channel import Channel
from channels_out.windows import CapWindow
from itinera.kit.durations import BadDuration

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,64}$")]
_Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Document(BaseModel):
    """Unknown keys are errors, and values of secrets never stand in one."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, populate_by_name=True)


class TemplateDocument(Document):
    """`templates`: content that message nodes name by slug. Its content is checked by `render.compile_content`."""

    slug: Slug
    channel: Channel
    name: _Name
    content: dict[str, JsonValue]


class CapDocument(Document):
    """`caps`: at most `limit` per `window`, to one kind of people (null: customers)."""

    name: _Name
    limit: int = Field(ge=1, le=1000, strict=True)
    window: JsonValue
    channel: str | None = None
    category: str | None = None
    journey: Slug | None = None
    kind: PeopleKind | None = None

    @field_validator("window")
    @classmethod
    def _is_window(cls, value: JsonValue) -> JsonValue:
        if isinstance(value, dict) and set(value) != {"calendar"}:
            raise _bad_window()
        try:
            CapWindow.of(value)
        except (BadDuration, ValueError):
            raise _bad_window() from None
        return value


class QuietHoursDocument(Document):
    """`quiet_hours`: `[from, to)` every day, and whole `dates` (pairs, both days included)."""

    category: str = Field(min_length=1, max_length=64)
    channel: str | None = None
    start: time | None = Field(default=None, alias="from")
    stop: time | None = Field(default=None, alias="to")
    dates: tuple[tuple[date, date], ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if (self.start is None) != (self.stop is None):
            raise PydanticCustomError("missing_key", _("Say both from and to, or neither."))
        if self.start is not None and self.start == self.stop:
            raise PydanticCustomError("empty_span", _("from and to are the same: that is no time at all."))
        if self.start is None and not self.dates:
            raise PydanticCustomError("empty_span", _("Say hours, dates, or both."))
        if any(first > last for first, last in self.dates):
            raise PydanticCustomError("empty_span", _("The last day comes before the first."))
        return self


class AccountDocument(Document):
    """`accounts`: `secrets` hold values, or `{"env": "NAME"}` to be read from the environment when used."""

    slug: Slug
    channel: Channel
    provider: str = Field(min_length=1, max_length=64)
    name: _Name
    config: dict[str, JsonValue] = {}
    secrets: dict[str, str | dict[str, str]] | None = None
    rate_per_second: int = Field(default=50, ge=1, le=100_000)
    concurrency: int = Field(default=8, ge=1, le=256)
    enabled: bool = True
    is_default: bool = False

    @field_validator("secrets")
    @classmethod
    def _are_values_or_names(
        cls, value: dict[str, str | dict[str, str]] | None
    ) -> dict[str, str | dict[str, str]] | None:
        for secret in (value or {}).values():
            if isinstance(secret, dict) and set(secret) != {"env"}:
                raise PydanticCustomError("bad_secret", _('A secret is a text, or {"env": NAME}.'))
        return value


def _bad_window() -> PydanticCustomError:
    return PydanticCustomError(
        "bad_window", _('A window is a duration such as P7D, or {"calendar": "day"} (week, month, quarter, year).')
    )
