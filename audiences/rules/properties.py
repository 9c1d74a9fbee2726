"""How a property of an event is read in SQL: the one place that knows where events keep their properties."""

from __future__ import annotations

from typing import Any

from audiences import slots
from audiences.rules.build import Build
from audiences.rules.fields import Reference
from audiences.rules.kinds import KINDS, Kind
from audiences.rules.kinds.base import POSITIVE
from audiences.rules.kinds.number import Number

STORED = "e.properties"
"""The properties of the stored event `e`; those of events at hand come as an expression of their own."""

_TEXT = KINDS["text"]
_EQUAL = frozenset({"eq", "in", "is_set"})
"""What can be asked of a text that is cut when it is long."""


def property_sql(event: str, name: str, kind: Kind[Any], build: Build, source: str = STORED) -> Any:
    """The property of events of this name as a value of a type: what `Kind.read_sql` gives of it.

    A number comes from its column where it has one; a text does not, see `compared_sql`.
    """
    column = _column(event, name, slots.NUMBERS, build) if isinstance(kind, Number) and source == STORED else None
    return column or kind.read_sql(property_json(name, build, source))


def compared_sql(
    event: str, name: str, kind: Kind[Any], op: str, operand: object, build: Build, source: str = STORED
) -> Any:  # fmt: skip
    """The same for a comparison: a text from its column too, where only its being equal matters."""
    if kind is _TEXT and source == STORED and POSITIVE.get(op, op) in _EQUAL and not _is_long(operand):
        column = _column(event, name, slots.TEXTS, build)
        if column is not None:
            return column
    return property_sql(event, name, kind, build, source)


def counted_sql(event: str, name: str, build: Build) -> str | None:
    """The column of a stored event's property whose different values are the property's; None if it has none."""
    known = build.catalogue.property(event, name)
    # Of an undeclared property values of every type count; a column keeps those of one.
    if known is None or not known.declared:
        return None
    return _column(event, name, slots.NUMBERS if isinstance(known.kind, Number) else slots.TEXTS, build)


def property_json(name: str, build: Build, source: str = STORED) -> str:
    """The property as jsonb, of whichever type it is; NULL where the event has no such property."""
    return f"({source} -> {build.bind(name, 'text')})"


def _column(event: str, name: str, types: frozenset[str], build: Build) -> str | None:
    """The column of a stored event's property, if it keeps values of these types."""
    known = build.catalogue.events.get(event)
    column = known.columns.get(name) if known is not None else None
    return f"e.{column}" if column is not None and slots.COLUMNS[column] is types else None


def _is_long(operand: object) -> bool:
    """Whether it might be equal to a text that was too long for its column."""
    if isinstance(operand, str):
        return len(operand) > slots.LONGEST
    return isinstance(operand, Reference) or (isinstance(operand, tuple) and any(map(_is_long, operand)))
