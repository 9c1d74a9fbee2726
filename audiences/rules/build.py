"""What a leaf is given to write its SQL with: the row of a person, placeholders, edges, measures.

A person's row is `u`: `ord` (her position), `profile`, `at`, `since`, `entry_event`, `zone`, `data`, and
the columns that `hoist` adds. They are computed once per person from the row `b`, which besides has
`attributes`. A measure over her events is a column of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from audiences.rules.catalogue import Catalogue
from audiences.rules.fields import Reference
from audiences.rules.kinds import Json, Row


@dataclass(frozen=True, slots=True)
class Span:
    """The stretch of time that a set of people lies in, in microseconds since 1970."""

    first: int
    last: int
    since: int | None


Edge = Callable[[Span], int]
"""Gives an instant that no person's window reaches beyond: a constant lets partitions be left out."""


@dataclass(frozen=True, slots=True)
class Measure:
    """An aggregate over a person's events `e` that meet all conditions."""

    aggregate: str
    conditions: tuple[str, ...]


@dataclass
class Build:
    """One compilation."""

    catalogue: Catalogue
    params: dict[str, object] = field(default_factory=dict)
    edges: dict[str, Edge] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    measures: list[Measure] = field(default_factory=list)
    row: ClassVar[Row] = Row("u.at", "u.zone")
    base: ClassVar[Row] = Row("b.at", "b.zone")
    _bound: dict[tuple[type, object, str], str] = field(default_factory=dict)

    def bind(self, value: object, sql_type: str) -> str:
        """A placeholder for a value of the rule: what users write never becomes SQL text."""
        key = (type(value), tuple(value) if isinstance(value, list) else value, sql_type)
        if key not in self._bound:
            name = f"p{len(self.params)}"
            self.params[name] = value
            self._bound[key] = f"%({name})s::{sql_type}"
        return self._bound[key]

    def edge(self, edge: Edge) -> str:
        """A placeholder for an instant that is computed from the people at hand."""
        name = f"edge{len(self.edges)}"
        self.edges[name] = edge
        return f"%({name})s::timestamptz"

    def hoist(self, expression: str) -> str:
        """A column of `u` for an expression over `b`: computed once per person, however often it is used."""
        return f"u.{self.columns.setdefault(expression, f'c{len(self.columns)}')}"

    def measure(self, aggregate: str, conditions: Sequence[str]) -> str:
        """The result of an aggregate over her events; NULL where she has none of them."""
        measure = Measure(aggregate, tuple(conditions))
        if measure not in self.measures:
            self.measures.append(measure)
        return f"m{self.measures.index(measure)}.v"

    def attribute(self, name: str) -> Json:
        """A fact of the person."""
        return Json(self.hoist(self.attribute_of_base(name)))

    def attribute_of_base(self, name: str) -> str:
        """The same as an expression over `b`."""
        return f"(b.attributes -> {self.bind(name, 'text')})"

    def refer(self, reference: Reference) -> Json:
        """What a reference points to."""
        if reference.of == "profile":
            return self.attribute(reference.name)
        return Json(self.hoist(f"b.data -> '{reference.of}' -> {self.bind(reference.name, 'text')}"))
