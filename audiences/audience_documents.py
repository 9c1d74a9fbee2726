"""What people say about an audience, one model per occasion: the single source of its validation."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from django.utils.translation import gettext_noop as _
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError

from itinera.kit.cron import is_cron

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,64}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
RESERVED = frozenset({"estimate"})
"""Addresses of the API that no audience can have."""
Kind = Literal["consumer", "staff", "merchant"]
WAYS = ("rule", "members", "definition")
"""How a document says who belongs to it: a rule, a list of identities, or a definition of any kind."""


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("every", check_fields=False)
    @classmethod
    def _readable(cls, value: str | None) -> str | None:
        if value is not None and not is_cron(value):
            raise PydanticCustomError("bad_cron", _("This is not a cron line of five fields such as 0 9 * * 1."))
        return value

    @field_validator("name", "description", check_fields=False)
    @classmethod
    def _storable(cls, value: str) -> str:
        if "\x00" in value:
            raise PydanticCustomError("bad_text", _("The character NUL cannot be stored."))
        return value


class Defined(_Document):
    """One of the three ways to say who belongs to it."""

    rule: Any = None
    members: list[Any] | None = None
    definition: dict[str, Any] | None = None

    @property
    def ways(self) -> list[str]:
        """Those that are given."""
        return [way for way in WAYS if way in self.model_fields_set]

    @property
    def way(self) -> str | None:
        """The one that is given; None where a change says nothing about it."""
        return next(iter(self.ways), None)


class AudienceDocument(Defined):
    """A whole audience: what a workspace file holds, and what is sent to make one."""

    slug: Slug
    name: Name
    description: Annotated[str, Field(max_length=2_000)] = ""
    kind: Kind = "consumer"
    every: str | None = None

    @field_validator("slug")
    @classmethod
    def _is_free(cls, value: str) -> str:
        if value in RESERVED:
            raise PydanticCustomError("reserved", _("This short name stands for something else; choose another."))
        return value

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if len(self.ways) != 1:
            raise PydanticCustomError("incomplete", _("Give one of rule, members and definition."))
        return self


class AudienceChange(Defined):
    """What shall be different; the rest stays."""

    name: Name = ""
    description: Annotated[str, Field(max_length=2_000)] = ""
    every: str | None = None
    archived: bool = False

    @model_validator(mode="after")
    def _at_most_one_way(self) -> Self:
        if len(self.ways) > 1:
            raise PydanticCustomError("contradictory", _("Give one of rule, members and definition."))
        return self


class ListChange(_Document):
    """Who is put on a fixed list, and who is taken off it, by identity."""

    add: list[Any] = Field(default_factory=list)
    remove: list[Any] = Field(default_factory=list)


class EstimateDocument(_Document):
    """A rule, or a definition of any other kind, that is not saved; `sample` people are shown."""

    rule: Any = None
    definition: dict[str, Any] | None = None
    kind: Kind = "consumer"
    sample: Annotated[int, Field(ge=0, le=50, strict=True)] = 0

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if ("rule" in self.model_fields_set) == ("definition" in self.model_fields_set):
            raise PydanticCustomError("incomplete", _("Give either a rule or a definition."))
        return self

    @property
    def defined(self) -> tuple[object, str]:
        """The definition, and where in the document it stands."""
        if self.definition is not None:
            return self.definition, "definition"
        return {"rule": self.rule}, "rule"
