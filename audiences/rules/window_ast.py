"""What all objects of the rule language share, and the windows of time that its leaves look at."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from django.utils.translation import gettext_noop as _
from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from audiences.rules.fields import Moment, Span

Period = Literal["day", "week", "month", "quarter", "year"]


class Part(BaseModel):
    """Unknown keys are an error; a rule never changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def tag_of(value: Any, keys: tuple[str, ...]) -> str | None:
    """The tag of the first of the keys that an object has; in angle brackets, so that paths can leave it out."""
    if isinstance(value, dict):
        return next((f"<{key}>" for key in keys if key in value), None)
    fields = type(value).model_fields if isinstance(value, Part) else {}
    aliases = (field.alias or name for name, field in fields.items())
    return next((f"<{key}>" for key in aliases if key in keys), None)


class LastWindow(Part):
    """`[now - D, now]`: both ends in."""

    last: Span


class FixedWindow(Part):
    """`[from, to)`; one of the two may be missing. A plain date is its local midnight."""

    from_: Moment | None = Field(default=None, alias="from")
    to: Moment | None = None

    @model_validator(mode="after")
    def _has_an_end(self) -> FixedWindow:
        if self.from_ is None and self.to is None:
            raise PydanticCustomError("missing_key", _("A window needs from, to, or both."))
        return self


class EntryWindow(Part):
    """Since the person entered the journey; the event that let her in is not seen."""

    since: Literal["entry"]


class CalendarWindow(Part):
    """The N-th whole local period before the current one; 0 is the current one so far."""

    calendar: Period
    back: int = Field(default=0, ge=0, le=10_000)


_NO_WINDOW = _("A window has one of the keys last, from, to, since, calendar.")
_WINDOWS = ("last", "from", "to", "since", "calendar")

Window: TypeAlias = Annotated[
    Annotated[LastWindow, Tag("<last>")]
    | Annotated[FixedWindow, Tag("<from>")]
    | Annotated[FixedWindow, Tag("<to>")]
    | Annotated[EntryWindow, Tag("<since>")]
    | Annotated[CalendarWindow, Tag("<calendar>")],
    Discriminator(
        lambda value: tag_of(value, _WINDOWS), custom_error_type="not_a_window", custom_error_message=_NO_WINDOW
    ),
]  # fmt: skip
