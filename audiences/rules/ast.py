"""The rule language as data: one pydantic model per object, the single source of errors and schema.

    Rule := {"all": [Rule…]} | {"any": [Rule…]} | {"not": Rule} | Leaf

A leaf is told from others by its first key. Everything the language knows can be read here; what this
version can also evaluate is in `audiences.rules.leaves`, and `check_rule` says which leaves it cannot.
"""

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
Measure = Literal["count", "sum", "avg", "min", "max", "distinct", "first", "last"]


# --- groups ---------------------------------------------------------------------------------------


class All(Part):
    """Every one of them holds; true when there is none."""

    all: tuple[Rule, ...]


class AnyOf(Part):
    """At least one of them holds; false when there is none."""

    any: tuple[Rule, ...]


class Not(Part):
    """The rule does not hold."""

    not_: Rule = Field(alias="not")


# --- leaves ---------------------------------------------------------------------------------------


class Filter(Part):
    """A condition on a property of an event; `value` may point to a fact of the person or her walk."""

    property: Name
    op: Op
    value: Operand = None


class Attribute(Part):
    """A condition on a fact about the profile."""

    attribute: Name
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
    op: Op
    value: Value = None


class Did(Part):
    """A step of a sequence: this event came, within so long after the step before."""

    event: Name
    where: tuple[Filter, ...] = ()
    within: Span | None = None


class Absent(Part):
    """A step of a sequence: this event did not come."""

    absent: Name
    where: tuple[Filter, ...] = ()
    within: Span


Step: TypeAlias = Annotated[
    Annotated[Did, Tag("<event>")] | Annotated[Absent, Tag("<absent>")],
    Discriminator(lambda value: tag_of(value, ("event", "absent"))),
]


class Sequence(Part):
    """Events one after the other."""

    sequence: tuple[Step, ...] = Field(min_length=1)
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
    is_: Literal[
        "sent", "delivered", "opened", "clicked", "replied", "failed", "capped", "skipped", "unreachable", "held"
    ] = Field(alias="is")


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


# --- unions: told apart by a key, so that an error names the right object ------------------------

_NO_RULE = _("This is no rule: it has none of the keys all, any, not, attribute, event and so on.")
_RULES = (
    "all", "any", "not", "attribute", "event", "tag", "sequence", "audience", "identity", "consent",
    "message", "clock", "may_send", "variant",
)  # fmt: skip


Leaf: TypeAlias = (
    Attribute | Event | Tagged | Sequence | InAudience | HasIdentity | Consent | Message | Clock | MaySend | Variant
)

Rule: TypeAlias = Annotated[
    Annotated[All, Tag("<all>")]
    | Annotated[AnyOf, Tag("<any>")]
    | Annotated[Not, Tag("<not>")]
    | Annotated[Attribute, Tag("<attribute>")]
    | Annotated[Event, Tag("<event>")]
    | Annotated[Tagged, Tag("<tag>")]
    | Annotated[Sequence, Tag("<sequence>")]
    | Annotated[InAudience, Tag("<audience>")]
    | Annotated[HasIdentity, Tag("<identity>")]
    | Annotated[Consent, Tag("<consent>")]
    | Annotated[Message, Tag("<message>")]
    | Annotated[Clock, Tag("<clock>")]
    | Annotated[MaySend, Tag("<may_send>")]
    | Annotated[Variant, Tag("<variant>")],
    Discriminator(lambda value: tag_of(value, _RULES), custom_error_type="not_a_rule", custom_error_message=_NO_RULE),
]  # fmt: skip

for _model in (All, AnyOf, Not, Event, Sequence):
    _model.model_rebuild()


def leaf_key(leaf: Leaf) -> str:
    """The key that names the kind of a leaf: `attribute`, `event`, …"""
    tag = tag_of(leaf, _RULES)
    assert tag is not None
    return tag[1:-1]
