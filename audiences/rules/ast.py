"""The rule language as data: one pydantic model per object, the single source of errors and schema.

    Rule := {"all": [Rule…]} | {"any": [Rule…]} | {"not": Rule} | Leaf

A leaf is told from others by its first key. Everything the language knows can be read here and in `leaf_ast`; what
this version can also evaluate is in `audiences.rules.leaves`, and `check_rule` says which leaves it cannot.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, TypeAlias

from django.utils.translation import gettext_noop as _
from pydantic import Discriminator, Field, Tag

from audiences.rules.leaf_ast import (
    Absent,
    Attribute,
    Clock,
    Consent,
    Did,
    Event,
    Filter,
    HasIdentity,
    InAudience,
    Leaf,
    MaySend,
    Measure,
    Message,
    Op,
    Outcome,
    Sequence,
    Step,
    Tagged,
    Variant,
    Via,
)
from audiences.rules.window_ast import Part, tag_of

__all__ = [
    "KEYS",
    "Absent",
    "All",
    "AnyOf",
    "Attribute",
    "Clock",
    "Consent",
    "Did",
    "Event",
    "Filter",
    "HasIdentity",
    "InAudience",
    "Leaf",
    "MaySend",
    "Measure",
    "Message",
    "Not",
    "Op",
    "Outcome",
    "Rule",
    "Sequence",
    "Step",
    "Tagged",
    "Variant",
    "Via",
    "leaf_key",
    "leaves_of",
]


class All(Part):
    """Every one of them holds; true when there is none."""

    all: tuple[Rule, ...]


class AnyOf(Part):
    """At least one of them holds; false when there is none."""

    any: tuple[Rule, ...]


class Not(Part):
    """The rule does not hold."""

    not_: Rule = Field(alias="not")


# --- the union: told apart by a key, so that an error names the right object ----------------------

_NO_RULE = _("This is no rule: it has none of the keys all, any, not, attribute, event and so on.")
KEYS = (
    "all", "any", "not", "attribute", "event", "tag", "sequence", "audience", "identity", "consent",
    "message", "clock", "may_send", "variant",
)  # fmt: skip
"""What tells the objects of the language apart, in the order of menus."""

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
    Discriminator(lambda value: tag_of(value, KEYS), custom_error_type="not_a_rule", custom_error_message=_NO_RULE),
]  # fmt: skip

for _model in (All, AnyOf, Not):
    _model.model_rebuild()


def leaf_key(leaf: Leaf) -> str:
    """The key that names the kind of a leaf: `attribute`, `event`, …"""
    tag = tag_of(leaf, KEYS)
    assert tag is not None
    return tag[1:-1]


def leaves_of(rule: Rule) -> Iterator[Leaf]:
    """All leaves of a rule, in the order in which they stand there."""
    if isinstance(rule, All | AnyOf):
        for part in rule.all if isinstance(rule, All) else rule.any:
            yield from leaves_of(part)
    elif isinstance(rule, Not):
        yield from leaves_of(rule.not_)
    else:
        yield rule
