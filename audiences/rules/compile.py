"""Compiles a rule to SQL over rows of people. Knows no data; the result can be kept and used again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from audiences.rules.ast import Rule
from audiences.rules.build import Build, Edge, Measure, Span
from audiences.rules.catalogue import Catalogue
from audiences.rules.check import check_rule
from audiences.rules.nesting import rule_sql
from audiences.rules.people import Question
from audiences.rules.places import JOURNEY
from itinera.kit.errors import Refusal
from itinera.kit.wire import moment

_OF_PROFILE = ("b.attributes", "b.tags", "b.consent", "b.kind", "b.zone", "u.zone")


@dataclass(frozen=True)
class CompiledRule:
    """A condition over the row `u`, the columns, measures and joins that it uses, and its parameters.

    `edges` are the parameters that depend on the people at hand; `questions` are asked of them in Python, each
    answer being a column of `b`.
    """

    condition: str
    columns: Mapping[str, str]
    measures: tuple[Measure, ...]
    joins: tuple[str, ...]
    params: Mapping[str, object]
    edges: Mapping[str, Edge]
    questions: Mapping[str, Question]

    @classmethod
    def of(cls, condition: str, build: Build) -> Self:
        """A condition with what was gathered while it was written."""
        measures, joins, questions = tuple(build.measures), build.joins.sql, dict(build.questions.values())
        return cls(condition, build.columns, measures, joins, build.params, build.edges, questions)

    @cached_property
    def text(self) -> str:
        """Everything that it says in SQL: rules that say the same with equal parameters are the same."""
        parts = [part for each in self.measures for part in (each.aggregate, *each.conditions, *each.joins)]
        return " ".join((self.condition, *self.columns, *self.joins, *parts))

    @property
    def reads_events(self) -> bool:
        """Whether it looks at events, which are many, or at people only."""
        return bool(self.measures) or any(" event e " in join for join in self.joins)

    @property
    def needs_profile(self) -> bool:
        """Whether it looks at the profile itself: her attributes, or her zone."""
        return any(name in self.text for name in _OF_PROFILE)

    @property
    def needs_data(self) -> bool:
        """Whether it looks at what her walk carries."""
        return "b.data" in self.text

    @property
    def is_volatile(self) -> bool:
        """Whether what others do in the same transaction may change the answer, people and instants being the same."""
        return any(question.is_volatile for question in self.questions.values())

    @property
    def extra_columns(self) -> str:
        """The hoisted columns, as they follow others in a SELECT."""
        return "".join(f", {expression} AS {name}" for expression, name in self.columns.items())

    @property
    def has_dear_columns(self) -> bool:
        """Whether some column costs so much that it must not be computed wherever it is named."""
        return any("(" in column and not column.startswith("(b.") for column in self.columns)

    def bound(self, span: Span) -> dict[str, object]:
        """All parameters, for people within this stretch of time."""
        edges = {name: moment(_clamp(edge(span))) for name, edge in self.edges.items()}
        return {**self.params, **edges}


def compile_rule(rule: Rule, catalogue: Catalogue) -> CompiledRule:
    """Refusal with the problems of `check_rule` if the rule cannot be evaluated."""
    errors = [problem for problem in check_rule(rule, catalogue, place=JOURNEY) if problem.severity == "error"]
    if errors:
        raise Refusal(errors)
    build = Build(catalogue)
    return CompiledRule.of(rule_sql(rule, build), build)


def compile_each(rules: Sequence[Rule], catalogue: Catalogue) -> tuple[CompiledRule, tuple[str, ...]]:
    """Several rules that have passed `check_rule`, for one scan: all that they use, and the condition of each."""
    build = Build(catalogue)
    conditions = tuple(rule_sql(rule, build) for rule in rules)
    return CompiledRule.of(" OR ".join(f"({each})" for each in conditions), build), conditions


_EARLIEST, _LATEST = -62_000_000_000_000_000, 250_000_000_000_000_000
"""About the years 5 and 9892: edges only leave partitions out, so nearer than the truth is enough."""


def _clamp(at: int) -> int:
    return min(max(at, _EARLIEST), _LATEST)
