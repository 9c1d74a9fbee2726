"""Measures of many people at once: compiled to one statement, read a stretch of profiles at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audiences.definitions.base import Scope
from audiences.measures.ast import FADED, AttributeMeasure, EventMeasure, FadingMeasure, Measure, TagMeasure
from audiences.measures.at_once import AT, AtOnce, joined, together
from audiences.rules.ast import Filter
from audiences.rules.build import Build, Joins, Span
from audiences.rules.catalogue import Catalogue
from audiences.rules.clock_sql import local_day_sql
from audiences.rules.compile import CompiledRule
from audiences.rules.kinds import NUMBER
from audiences.rules.measures import NONE_IS_ZERO, TIMES, measure_sql
from audiences.rules.occurrences import event_id_sql
from audiences.rules.properties import property_sql
from audiences.rules.where import where_sql
from audiences.rules.windows import frame
from audiences.stretches import Stretch
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Ids, fetch_columns, micros
from itinera.kit.zones import SECOND

_SQL = queries(__file__, "../sql/measures.sql")
_KNOWN = "/* known */"
_PEOPLE = queries(__file__, "../sql/stretches.sql")["people"]


@dataclass(frozen=True)
class Statement:
    """A compiled statement over the people of a stretch, whose columns are arrays of equal length."""

    sql: str
    compiled: CompiledRule

    def read(self, scope: Scope, stretch: Stretch) -> dict[str, Any]:
        """Its columns for these people, as of the scope's instant."""
        instant = micros(scope.at)
        params = {
            **self.compiled.bound(Span(instant, instant, None)),
            "first": stretch.first, "last": stretch.last, "kind": scope.kind, "at": scope.at, "zone": scope.zone,
            "known_by": scope.known_by,
        }  # fmt: skip
        known = "AND created_at <= %(known_by)s" if scope.known_by is not None else ""
        return fetch_columns(scope.cursor, self.sql.replace(_KNOWN, known), params)


def people_sql(compiled: CompiledRule) -> str:
    """The rows `u` of the people of a stretch."""
    return _PEOPLE.format(columns=compiled.extra_columns, known=_KNOWN)


class Readers:
    """Reads some measures. `none_is_zero`: who did nothing has a count, sum or faded sum of 0, else no measure."""

    def __init__(self, measures: Sequence[Measure], catalogue: Catalogue, *, none_is_zero: bool) -> None:
        build, joins, values = AtOnce(catalogue), [], []
        for number, measure in enumerate(measures):
            join, value = _sql(measure, f"m{number}", build, none_is_zero)
            joins.append(join)
            values.append(_SQL["value"].format(value=value, number=number))
        compiled = CompiledRule.of("true", build)
        sql = _SQL["values"].format(people=people_sql(compiled), values=", ".join(values), measures=" ".join(joins))
        self._count, self._statement = len(values), Statement(sql, compiled)

    def read(self, scope: Scope, stretch: Stretch) -> tuple[Ids, list[NDArray[np.float64]]]:
        """The numbers of the people of a stretch, and for each measure their values; NaN where there is none."""
        columns = self._statement.read(scope, stretch)
        return columns["id"], [np.asarray(columns[f"v{n}"], dtype=np.float64) for n in range(self._count)]


def float_sql(x: str) -> str:
    """A numeric as a float: one too large or too small for it becomes the largest that is sure to fit, or 0.

    PostgreSQL would refuse the whole statement for the sake of one absurd value.
    """
    return f"CASE WHEN abs({x}) <= 1e200 THEN CASE WHEN abs({x}) >= 1e-200 THEN ({x})::float8 ELSE 0 END ELSE sign({x})::float8 * 1e200 END"  # noqa: E501 - one expression


def _sql(measure: Measure, name: str, build: Build, none_is_zero: bool) -> tuple[str, str]:
    """A join that gives `name.v`, if one is needed, and the value as a float that may be NULL."""
    match measure:
        case AttributeMeasure(attribute=attribute):
            return "", float_sql(NUMBER.read_sql(build.hoist(build.attribute_of_base(attribute))))
        case TagMeasure(tag=slug):
            return "", float_sql(NUMBER.read_sql(build.hoist(f"(b.tags -> {build.bind(slug, 'text')})")))
        case FadingMeasure():
            join, value = _faded(measure, name, build), f"{name}.v"
            return join, f"coalesce({value}, 0)" if none_is_zero else value
        case EventMeasure():
            return _event(measure, name, build, none_is_zero)
    raise AssertionError(measure)


def _event(measure: EventMeasure, name: str, build: Build, none_is_zero: bool) -> tuple[str, str]:
    leaf = measure.leaf()
    joins = Joins("r")
    conditions = _conditions(leaf.event, leaf.where, frame(leaf.window, build).conditions, build, joins)
    aggregate = measure_sql(leaf, build)
    join = _SQL["sweep"].format(
        aggregate=aggregate, conditions=conditions, joins=joined(joins, aggregate, conditions), name=name
    )
    value = f"{name}.v"
    if leaf.measure in TIMES:
        return join, f"({local_day_sql(AT, 'u.zone')} - {local_day_sql(value, 'u.zone')})::float8"
    if leaf.measure in NONE_IS_ZERO and none_is_zero:
        value = f"coalesce({value}, 0)"
    return join, float_sql(value)


def _faded(measure: FadingMeasure, name: str, build: Build) -> str:
    half_life = measure.half_life.micros
    reach = f"({build.base.at} - {FADED} * interval '{half_life:d} microseconds')"
    oldest = f"e.time > {build.hoist(reach)}"
    edge = build.edge(lambda span: span.first - FADED * half_life)
    window = [*frame(None, build).conditions, oldest, f"e.time >= {edge}"]
    value = "1::numeric"
    if measure.property is not None:
        value = property_sql(measure.fade, measure.property, NUMBER, build)
    joins = Joins("r")
    conditions = _conditions(measure.fade, measure.where, window, build, joins)
    return _SQL["fade"].format(
        value=value, weighed=float_sql("value"), seconds=half_life / SECOND, conditions=conditions,
        joins=joined(joins, conditions), name=name,
    )  # fmt: skip


def _conditions(event: str, where: Sequence[Filter], window: Sequence[str], build: Build, joins: Joins) -> str:
    filters = where_sql(where, event, build, joins)
    return together([f"e.type_id = {event_id_sql(event, build)}", *window, *filters])
