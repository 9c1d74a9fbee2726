"""What a leaf is: one class that knows its check, its SQL over a set, and its answer for one person."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

from django.utils.translation import gettext as _

from audiences.rules.ast import Leaf
from audiences.rules.build import Build
from audiences.rules.catalogue import Catalogue, Known
from audiences.rules.fields import Reference
from audiences.rules.kinds import Here, Shape, implied_kind
from audiences.rules.places import join
from itinera.kit.errors import Problem
from itinera.kit.registry import Registry

L = TypeVar("L", bound=Leaf)


@dataclass(frozen=True, slots=True)
class PastEvent:
    """Something that a person did: `at` in microseconds since 1970; `id` orders events of one instant."""

    name: str
    at: int
    properties: Mapping[str, Any]
    id: int = 0


@dataclass(frozen=True)
class Person:
    """All that a rule can ask of one person, at one instant.

    `since` and `entry_event` are those of her walk, None outside of one. `events` are in order of time.
    """

    at: int
    zone: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    events: Sequence[PastEvent] = ()
    since: int | None = None
    entry_event: int | None = None
    data: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def here(self) -> Here:
        return Here(self.at, self.zone)

    def operand(self, value: object) -> object:
        """What a condition compares with: the value itself, or what a reference points to."""
        if not isinstance(value, Reference):
            return value
        if value.of == "profile":
            return self.attributes.get(value.name)
        return self.data.get(value.of, {}).get(value.name)


@dataclass(frozen=True)
class Explanation:
    """Why a rule holds or not: what was found, what was needed, and the same for its parts."""

    key: str
    holds: bool
    text: str
    found: object = None
    needed: object = None
    parts: tuple[Explanation, ...] = ()


class LeafKind(ABC, Generic[L]):
    """One kind of leaf; `key` is the key that names it in a rule."""

    key: ClassVar[str]

    @abstractmethod
    def check(self, leaf: L, catalogue: Catalogue, path: str) -> Iterator[Problem]:
        """What speaks against saving it, and what is only odd (severity `warning`)."""

    @abstractmethod
    def sql(self, leaf: L, build: Build) -> str:
        """A condition over the row `u`, true or false but never NULL."""

    @abstractmethod
    def explain(self, leaf: L, person: Person, catalogue: Catalogue) -> Explanation:
        """The answer for one person, with what it rests on."""


LEAVES: Registry[LeafKind[Any]] = Registry("rule leaves")
"""The leaves that this version can evaluate, by key."""


def check_condition(op: str, value: object, known: Known | None, path: str) -> Iterator[Problem]:
    """Whether an operator and its value suit the type of what they are asked of."""
    implied = implied_kind(op, value)
    if known is not None and known.declared:
        yield from _check_declared(op, value, known, path)
    elif implied is None:
        words = _("The operator %(op)s does not go with this value.")
        yield Problem("wrong_value", words % {"op": op}, join(path, "value"))
    elif known is not None and not (known.kind.has(op) and _suits(op, value, known)):
        words = _("Values of this name were so far of type %(type)s; those will count as missing.")
        yield Problem("type_differs", words % {"type": known.type}, path or None, severity="warning")


def _check_declared(op: str, value: object, known: Known, path: str) -> Iterator[Problem]:
    if not known.kind.has(op):
        words = _("The type %(type)s has no operator %(op)s.")
        yield Problem("unknown_operator", words % {"type": known.type, "op": op}, join(path, "op"))
    elif not _suits(op, value, known):
        words = _("The operator %(op)s of type %(type)s %(needs)s.")
        needs = _(known.kind.shape(op).value)
        yield Problem("wrong_type", words % {"op": op, "type": known.type, "needs": needs}, join(path, "value"))


def _suits(op: str, value: object, known: Known) -> bool:
    if isinstance(value, Reference):
        return known.kind.shape(op) not in {Shape.DURATION, Shape.NOTHING}
    return known.kind.problem(op, value) is None
