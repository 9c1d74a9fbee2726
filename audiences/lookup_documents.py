"""What people say about a look-up table: the single source of its validation."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from django.utils.translation import gettext_noop as _
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError

from audiences.rules.fields import Name, Slug

TypeName = Literal["text", "number", "money", "boolean", "date", "datetime", "list"]
Label = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]
MOST_COLUMNS = 200


def storable(value: str) -> str:
    """A text that can be stored and seen."""
    if not value.isprintable():
        raise PydanticCustomError("bad_text", _("This name holds characters that cannot be seen."))
    return value


class Column(BaseModel):
    """One column; `label` is what people call it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    type: TypeName
    label: Label = ""

    _seen = field_validator("name", "label")(storable)


class LookupChange(BaseModel):
    """A table as it shall be, but for its short name. `key` is what its rows are found by, as people call it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: Label = ""
    key: Annotated[str, StringConstraints(min_length=1, max_length=128)] = "key"
    columns: Annotated[tuple[Column, ...], Field(max_length=MOST_COLUMNS)] = ()

    _seen = field_validator("label", "key")(storable)

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        names = [column.name for column in self.columns]
        if len(set(names)) < len(names):
            raise PydanticCustomError("twice", _("Two columns have the same name."))
        return self


class LookupDocument(LookupChange):
    """A whole table: what is sent to make one; in a workspace file with `rows`, each `{"key", "values"}`."""

    slug: Slug
    rows: Annotated[tuple[dict[str, Any], ...], Field(max_length=100_000)] = ()
