"""What people say about a segmentation, one model per occasion: the single source of its validation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_noop as _
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError

from audiences.audience_documents import Kind, Name, Slug
from audiences.rules.window_ast import Part
from audiences.segmentations.base import TYPES
from itinera.kit.cron import is_cron
from itinera.kit.errors import Refusal
from itinera.kit.validation import problems_of


class SegmentationDocument(Part):
    """A whole segmentation: what a workspace file holds, and what is sent to make or to change one."""

    slug: Slug
    name: Name
    type: str
    kind: Kind = "consumer"
    config: dict[str, Any] = Field(default_factory=dict)
    every: str | None = "0 2 * * *"

    @field_validator("type")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in TYPES:
            raise PydanticCustomError("wrong_value", _("There is no such type of segmentation."))
        return value

    @field_validator("every")
    @classmethod
    def _readable(cls, value: str | None) -> str | None:
        if value is not None and not is_cron(value):
            raise PydanticCustomError("bad_cron", _("This is not a cron line of five fields such as 0 9 * * 1."))
        return value


class Spot(Part):
    """A cell on a day (the latest snapshot of it or before); null for somebody who was in none."""

    day: date
    cell: Slug | None


class PeopleWish(Part):
    """People of a figure, to be kept as an audience: all who were at a spot, or of these those who were at another
    one `then`. Newcomers are at no cell first, vanished ones at no cell then.
    """

    slug: Slug
    name: Name
    at: Spot
    then: Spot | None = None

    @model_validator(mode="after")
    def _somewhere(self) -> PeopleWish:
        if self.at.cell is None and (self.then is None or self.then.cell is None):
            raise PydanticCustomError("missing_key", _("One of the two must be a cell."))
        return self


def read_segmentation(value: object) -> SegmentationDocument:
    """Refusal with all problems of its form."""
    try:
        return SegmentationDocument.model_validate(value)
    except ValidationError as error:
        raise Refusal(problems_of(error)) from error


def read_wish(value: object) -> PeopleWish:
    """The same."""
    try:
        return PeopleWish.model_validate(value)
    except ValidationError as error:
        raise Refusal(problems_of(error)) from error
