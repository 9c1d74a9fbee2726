"""The leaves of the rule language as data. How they hang together is `audiences.rules.ast`."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from django.utils.translation import gettext_noop as _
from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from audiences.rules.fields import Name, Operand, Slug, Span, Value
from audiences.rules.window_ast import Part, Window, tag_of

Op = Literal[
    "eq", "ne", "gt", "gte", "lt", "lte", "between", "not_between", "in", "not_in",
    "contains", "not_contains", "starts_with", "ends_with",
    "before", "after", "on", "in_last", "in_next", "older_than", "anniversary",
    "has", "has_any", "has_all", "has_none", "is_empty", "is_set", "not_set",
]  # fmt: skip
TagOp = Literal[Op, "has_not"]
Measure = Literal["count", "sum", "avg", "min", "max", "distinct", "first", "last"]
Outcome = Literal[
    "sent", "delivered", "opened", "clicked", "replied", "failed", "capped", "skipped", "unreachable", "held"
]


class Via(Part):
    """The value is a key of a look-up table, and the condition is asked of this column of its row."""

    table: Slug
    column: Name


class Filter(Part):
    """A condition on a property of an event; `value` may point to a fact of the person or her walk."""

    property: Name
    via: Via | None = None
    op: Op
    value: Operand = None


class Attribute(Part):
    """A condition on a fact about the profile."""

    attribute: Name
    via: Via | None = None
    op: Op
    value: Value = None


class Event(Part):
    """A measure over the events of one name that a person had in a window."""

    event: Name
    where: tuple[Filter, ...] = ()
    measure: Measure = "count"
    property: Name | None = None
    op: Op = "gte"
    value: Value = 1
    window: Window | None = None

    @model_validator(mode="after")
    def _complete(self) -> Event:
        needs = self.measure in {"sum", "avg", "min", "max", "distinct"}
        if needs and self.property is None:
            raise PydanticCustomError("missing_key", _("This measure needs a property."))
        if not needs and self.property is not None:
            raise PydanticCustomError("unknown_key", _("This measure has no property."))
        if "op" in self.model_fields_set and "value" not in self.model_fields_set:
            # The default of 1 belongs to the default `gte` only.
            object.__setattr__(self, "value", None)
        return self


class Tagged(Part):
    """A tag, or the value of a valued tag."""

    tag: Slug
    op: TagOp
    value: Value = None


class Did(Part):
    """A step of a sequence: this event came, within so long after the step before."""

    event: Name
    where: tuple[Filter, ...] = ()
    within: Span | None = None


class Absent(Part):
    """A step of a sequence: this event did not come within so long after the step before."""

    absent: Name
    where: tuple[Filter, ...] = ()
    within: Span


Step: TypeAlias = Annotated[
    Annotated[Did, Tag("<event>")] | Annotated[Absent, Tag("<absent>")],
    Discriminator(lambda value: tag_of(value, ("event", "absent"))),
]


class Sequence(Part):
    """Events one after the other; the window is that of the events, an absence may reach beyond it."""

    sequence: tuple[Step, ...] = Field(min_length=1, max_length=10)
    window: Window | None = None


class InAudience(Part):
    """Member of an audience."""

    audience: Slug


class HasIdentity(Part):
    """Known under this kind of identity."""

    identity: Name
    op: Literal["is_set", "not_set"]


class Consent(Part):
    """What she agreed to for a channel and category."""

    consent: Slug
    category: Slug
    is_: Literal["given", "withdrawn", "unknown"] = Field(alias="is")


class Message(Part):
    """What became of a message of this walk."""

    message: Name
    is_: Outcome = Field(alias="is")


class Clock(Part):
    """The wall clock of her zone."""

    clock: Literal["time", "weekday", "date", "workday"]
    op: Op
    value: Value = None


class MaySend(Part):
    """Whether policy would let a message through now."""

    may_send: Slug
    category: Slug


class Variant(Part):
    """Which variant of an experiment she is in."""

    variant: Name
    experiment: Slug


Leaf: TypeAlias = (
    Attribute | Event | Tagged | Sequence | InAudience | HasIdentity | Consent | Message | Clock | MaySend | Variant
)
