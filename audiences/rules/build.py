"""What a leaf is given to write its SQL with: the row of a person, placeholders, edges, measures, joins, questions.

A person's row is `u`: `ord` (her position), `profile`, `at`, `since`, `entry_event`, `zone`, `data`, and
the columns that `hoist` adds. They are computed once per person from the row `b`, which besides has
`attributes`, `tags`, `consent` and `kind`. A measure over her events is a column of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from audiences.rules.catalogue import Catalogue
from audiences.rules.fields import Reference
from audiences.rules.kinds import Json, Row
from audiences.rules.people import Question


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
    """An aggregate over a person's events `e` that meet all conditions; `joins` are made to each of them."""

    aggregate: str
    conditions: tuple[str, ...]
    joins: tuple[str, ...] = ()


class Joins:
    """Relations joined to the rows of one FROM, each once; none of them finds more than one row."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._names: dict[str, str] = {}

    def add(self, relation: str, on: str) -> str:
        """The name of a relation joined where `on` holds, which says `{me}` for that name."""
        join = f"LEFT JOIN {relation} AS {{me}} ON {on}"
        return self._names.setdefault(join, f"{self._prefix}{len(self._names)}")

    @property
    def sql(self) -> tuple[str, ...]:
        return tuple(join.replace("{me}", name) for join, name in self._names.items())


@dataclass
class Build:
    """One compilation. `asking` are the audiences whose rules are being written within each other."""

    catalogue: Catalogue
    params: dict[str, object] = field(default_factory=dict)
    edges: dict[str, Edge] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    measures: list[Measure] = field(default_factory=list)
    joins: Joins = field(default_factory=lambda: Joins("j"))
    questions: dict[object, tuple[str, Question]] = field(default_factory=dict)
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

    def measure(self, aggregate: str, conditions: Sequence[str], joins: Joins) -> str:
        """The result of an aggregate over her events; NULL where she has none of them."""
        measure = Measure(aggregate, tuple(conditions), joins.sql)
        if measure not in self.measures:
            self.measures.append(measure)
        return f"m{self.measures.index(measure)}.v"

    def ask(self, key: object, question: Question) -> str:
        """The answer of a question that is asked in Python before the query runs; `key` tells questions apart."""
        name, _question = self.questions.setdefault(key, (f"q{len(self.questions)}", question))
        return f"coalesce({self.hoist(f'b.{name}')}, false)"

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
