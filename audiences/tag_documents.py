"""What people say about a tag: the single source of its validation."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from django.utils.translation import gettext_noop as _
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from audiences.lookup_documents import Label, storable
from audiences.rules.fields import Slug
from audiences.typed import fits
from itinera.kit.cron import is_cron

Kind = Literal["consumer", "staff", "merchant"]
ValueType = Literal["text", "number", "money", "boolean", "date", "datetime"]
Scalar = Annotated[StrictBool | StrictInt | StrictFloat | StrictStr, Field(union_mode="left_to_right")]
MOST_CASES = 100


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Case(_Document):
    """A value, and for whom it is: the first rule that holds gives it. The rule is read when it is checked."""

    value: Scalar = True
    rule: Any


class TagChange(_Document):
    """What shall be different; the rest stays."""

    label: Label = ""
    group: Label = ""
    type: ValueType | None = None
    source: Literal["manual", "rule"] = "manual"
    cases: Annotated[tuple[Case, ...], Field(max_length=MOST_CASES)] = ()
    every: str | None = None

    _seen = field_validator("label", "group")(storable)

    @field_validator("every")
    @classmethod
    def _readable(cls, value: str | None) -> str | None:
        if value is not None and not is_cron(value):
            raise PydanticCustomError("bad_cron", _("This is not a cron line of five fields such as 0 9 * * 1."))
        return value


class TagDocument(TagChange):
    """A whole tag: what a workspace file holds, and what is sent to make one. One with cases is kept by rule."""

    slug: Slug
    kind: Kind = "consumer"

    @model_validator(mode="before")
    @classmethod
    def _by_its_cases(cls, value: Any) -> Any:
        if isinstance(value, dict) and value.get("cases") and "source" not in value:
            return {**value, "source": "rule"}
        return value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        check_whole(self.source, self.type, [case.value for case in self.cases], self.every)
        return self


def check_whole(source: str, type_: str | None, values: list[Any], every: str | None) -> None:
    """Whether the parts of a tag fit together. PydanticCustomError if not."""
    if source == "rule" and not values:
        raise PydanticCustomError("incomplete", _("A tag by rule needs cases: for whom is it?"))
    if source != "rule" and (values or every is not None):
        raise PydanticCustomError("contradictory", _("Only a tag by rule has cases and a schedule."))
    if type_ is None and any(value is not True for value in values):
        raise PydanticCustomError("wrong_type", _("This tag has no type: its only value is true."))
    if type_ is None and len(values) > 1:
        raise PydanticCustomError("contradictory", _("A tag without values has one case; join the rules by any."))
    if type_ is not None and not all(fits(value, type_) for value in values):
        raise PydanticCustomError("wrong_type", _("A value does not have the type of the tag."))


class Applying(_Document):
    """A value for everybody in an audience; or with `remove` the tag is taken from them."""

    audience: Slug
    value: Scalar = True
    remove: bool = False
