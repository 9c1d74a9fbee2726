"""The shape of a message's content on each channel; the single source for validation and schemas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from itinera.kit.errors import Refusal
from itinera.kit.validation import problems_of

_TEXT = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
_LINE = Annotated[str, StringConstraints(min_length=1, max_length=500)]
_BODY = Annotated[str, StringConstraints(min_length=1, max_length=200_000)]


class SmsContent(BaseModel):
    """A short message: plain text."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    text: _TEXT


class EmailContent(BaseModel):
    """A mail: a subject, and a plain part, an HTML part or both."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    subject: _LINE
    text: _BODY | None = None
    html: _BODY | None = None

    @model_validator(mode="after")
    def _has_a_body(self) -> Self:
        if self.text is None and self.html is None:
            raise PydanticCustomError("empty_mail", gettext_noop("A mail needs a text or an HTML part."))
        return self


CONTENT: Mapping[str, type[BaseModel]] = {"sms": SmsContent, "email": EmailContent}
"""The model of the content, by channel."""

HTML_PARTS = frozenset({"html"})
"""Parts whose values are escaped for HTML; all others are plain text."""

ONE_LINE_PARTS = frozenset({"subject"})
"""Parts that become a header: a line break in them would begin another one."""

LONGEST: Mapping[str, int] = {"text": 100_000, "subject": 1_000, "html": 400_000}
"""Characters that a rendered part may have; a row that needs more is not rendered."""


def parts_of(channel: str, content: Mapping[str, object]) -> dict[str, str]:
    """The parts of valid content, in the model's order. Refusal names every problem and its path."""
    model = CONTENT.get(channel)
    if model is None:
        raise Refusal.because("not_supported", _("This version does not send on this channel."), path="channel")
    try:
        valid = model.model_validate(content)
    except ValidationError as bad:
        raise Refusal(problems_of(bad)) from None
    parts: dict[str, str] = valid.model_dump(exclude_none=True)
    return parts
