"""Compiles a rule to SQL over rows of people. Knows no data; the result can be kept and used again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from audiences.rules.ast import All, AnyOf, Not, Rule, leaf_key
from audiences.rules.build import Build, Edge, Measure, Span
from audiences.rules.catalogue import Catalogue
from audiences.rules.check import check_rule
from audiences.rules.leaves.base import LEAVES
from itinera.kit.errors import Refusal
from itinera.kit.wire import moment


@dataclass(frozen=True)
class CompiledRule:
    """A condition over the row `u`, the columns and measures that it uses, and its parameters.

    `edges` are the parameters that depend on the people at hand.
    """

    condition: str
    columns: Mapping[str, str]
    measures: tuple[Measure, ...]
    params: Mapping[str, object]
    edges: Mapping[str, Edge]

    @classmethod
    def of(cls, condition: str, build: Build) -> Self:
        """A condition with what was gathered while it was written."""
        return cls(condition, build.columns, tuple(build.measures), build.params, build.edges)

    @cached_property
    def _text(self) -> str:
        parts = [part for measure in self.measures for part in (measure.aggregate, *measure.conditions)]
        return " ".join((self.condition, *self.columns, *parts))

    @property
    def needs_profile(self) -> bool:
        """Whether it looks at the profile itself: her attributes, or her zone."""
        return any(name in self._text for name in ("b.attributes", "b.zone", "u.zone"))

    @property
    def needs_data(self) -> bool:
        """Whether it looks at what her walk carries."""
        return "b.data" in self._text

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
    errors = [problem for problem in check_rule(rule, catalogue) if problem.severity == "error"]
    if errors:
        raise Refusal(errors)
    build = Build(catalogue)
    return CompiledRule.of(_sql(rule, build), build)


def compile_each(rules: Sequence[Rule], catalogue: Catalogue) -> tuple[CompiledRule, tuple[str, ...]]:
    """Several rules that have passed `check_rule`, for one scan: all that they use, and the condition of each."""
    build = Build(catalogue)
    conditions = tuple(_sql(rule, build) for rule in rules)
    return CompiledRule.of(" OR ".join(f"({each})" for each in conditions), build), conditions


def _sql(rule: Rule, build: Build) -> str:
    if isinstance(rule, All):
        return " AND ".join(f"({_sql(part, build)})" for part in rule.all) or "true"
    if isinstance(rule, AnyOf):
        return " OR ".join(f"({_sql(part, build)})" for part in rule.any) or "false"
    if isinstance(rule, Not):
        return f"NOT ({_sql(rule.not_, build)})"
    return LEAVES[leaf_key(rule)].sql(rule, build)


_EARLIEST, _LATEST = -62_000_000_000_000_000, 250_000_000_000_000_000
"""About the years 5 and 9892: edges only leave partitions out, so nearer than the truth is enough."""


def _clamp(at: int) -> int:
    return min(max(at, _EARLIEST), _LATEST)
