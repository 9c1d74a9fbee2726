"""Writing on the profile: attributes and tags."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Self

import numpy as np
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from pydantic import Discriminator, Field, PlainValidator, Tag, WithJsonSchema, model_validator

from audiences.rules.fields import Reference
from journeys.nodes.base import Decision, Group, Node, Step, register
from journeys.nodes.effects import AddToAttribute, ChangeTags, Effect, SetAttribute
from journeys.nodes.fields import Config, Number, Slug, Text, refuse
from journeys.nodes.needs import Column, Needs


class Add(Config):
    """So much more than before (less, if negative)."""

    add: Number


def _literal(value: Any) -> Any:
    texts = value if isinstance(value, list | tuple) else (value,)
    if not all(each is None or isinstance(each, str | int | float) for each in texts):
        raise refuse("wrong_value", _('Give a text, number, true or false, list of texts, {"of", "name"} or {"add"}.'))
    if isinstance(value, list | tuple) and not all(isinstance(each, str) for each in value):
        raise refuse("wrong_value", _("A list holds texts only."))
    if any(isinstance(each, str) and "\x00" in each for each in texts):
        raise refuse("bad_text", _("A text cannot contain the character NUL."))
    if isinstance(value, float) and not np.isfinite(value):
        raise refuse("wrong_value", _("This is not a number."))
    return value


def _kind(value: Any) -> str:
    if isinstance(value, Reference) or (isinstance(value, dict) and "of" in value):
        return "<of>"
    return "<add>" if isinstance(value, Add) or (isinstance(value, dict) and "add" in value) else "<literal>"


Literal_ = Annotated[
    Any, PlainValidator(_literal), WithJsonSchema({"type": ["string", "number", "boolean", "array", "null"]})
]
AttributeValue = Annotated[
    Annotated[Reference, Tag("<of>")] | Annotated[Add, Tag("<add>")] | Annotated[Literal_, Tag("<literal>")],
    Discriminator(_kind),
]


class SetConfig(Config):
    """A value is literal (null removes the attribute), `{"of": "profile|entry|answer", "name": …}`, or `{"add": n}`.

    Whoever lacks what `of` names keeps the attribute as it is.
    """

    attributes: dict[Text, AttributeValue] = Field(default_factory=dict, title=_("Attributes"))
    tags_add: tuple[Slug, ...] = Field(default=(), title=_("Add tags"))
    tags_remove: tuple[Slug, ...] = Field(default=(), title=_("Remove tags"))

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not (self.attributes or self.tags_add or self.tags_remove):
            raise refuse("incomplete", _("Nothing is set: name an attribute or a tag."))
        if set(self.tags_add) & set(self.tags_remove):
            raise refuse("contradictory", _("A tag cannot be added and removed at once."))
        return self

    @property
    def tags(self) -> tuple[str, ...]:
        """All tags that are named."""
        return (*self.tags_add, *self.tags_remove)


@register
class Set(Node[SetConfig]):
    """Everybody goes on at once; the changes are in force at her own instant, before the next node."""

    type = "set"
    label = gettext_lazy("Set attributes and tags")
    group = Group.CHANGE
    Config = SetConfig

    def needs(self, config: SetConfig, wired: frozenset[str]) -> Needs:
        taken = (value for value in config.attributes.values() if isinstance(value, Reference))
        return Needs(columns=frozenset(Column(value.of, value.name) for value in taken))

    def decide(self, config: SetConfig, wired: frozenset[str], step: Step) -> Decision:
        return Decision.all(len(step), 0, tuple(_effects(config, step)))


def _effects(config: SetConfig, step: Step) -> Iterator[Effect]:
    everybody = np.arange(len(step))
    for name, value in config.attributes.items():
        if isinstance(value, Add):
            yield AddToAttribute(name, everybody, value.add)
        elif isinstance(value, Reference):
            yield _copied(name, step.columns[Column(value.of, value.name)])
        else:
            yield SetAttribute(name, everybody, [value] * len(step))
    if config.tags_add or config.tags_remove:
        yield ChangeTags(everybody, config.tags_add, config.tags_remove)


def _copied(name: str, values: Sequence[object]) -> SetAttribute:
    rows = np.array([row for row, value in enumerate(values) if value is not None], dtype=np.intp)
    return SetAttribute(name, rows, [values[row] for row in rows])
