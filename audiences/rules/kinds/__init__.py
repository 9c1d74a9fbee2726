"""The types of values, and which of them a condition means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from audiences.rules.fields import Reference
from audiences.rules.kinds.anything import Anything
from audiences.rules.kinds.base import Here, Json, Kind, Row, Shape
from audiences.rules.kinds.boolean import Boolean
from audiences.rules.kinds.number import Money, Number
from audiences.rules.kinds.temporal import EITHER, Temporal
from audiences.rules.kinds.text import Text
from audiences.rules.kinds.texts import Texts

__all__ = ["ANYTHING", "KINDS", "NUMBER", "Here", "Json", "Kind", "Row", "Shape", "implied_kind"]

NUMBER = Number()
ANYTHING = Anything()
KINDS: Mapping[str, Kind[Any]] = {
    "text": Text(),
    "number": NUMBER,
    "money": Money(),
    "boolean": Boolean(),
    "date": Temporal(days=True, instants=False),
    "datetime": Temporal(days=False, instants=True),
    "list": Texts(),
}
"""By the names of the catalogue."""

_UNDECLARED: tuple[Kind[Any], ...] = (ANYTHING, KINDS["text"], NUMBER, KINDS["boolean"], EITHER, KINDS["list"])


def implied_kind(op: str, value: object) -> Kind[Any] | None:
    """The type that an operator and its value speak of, where nothing is declared; None if no type has both."""
    for kind in _UNDECLARED:
        if not kind.has(op):
            continue
        if isinstance(value, Reference):
            if kind.shape(op) is not Shape.DURATION:
                return kind
        elif kind.problem(op, value) is None and not (kind is ANYTHING and value is not None):
            return kind
    return None
