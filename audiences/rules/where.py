"""Filters on the properties of events: `{"property": NAME, "op": OP, "value": V | reference}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from audiences.rules.ast import Filter
from audiences.rules.build import Build
from audiences.rules.catalogue import Catalogue, kind_of
from audiences.rules.fields import Reference
from audiences.rules.leaves.base import Person, check_condition
from audiences.rules.places import join
from audiences.rules.properties import STORED, compared_sql
from itinera.kit.errors import Problem


def check_where(where: Sequence[Filter], event: str, catalogue: Catalogue, path: str) -> Iterator[Problem]:
    """What is wrong with the filters on an event; `path` is that of the list."""
    for index, each in enumerate(where):
        known = catalogue.property(event, each.property)
        yield from check_condition(each.op, each.value, known, join(path, index))


def where_sql(where: Sequence[Filter], event: str, build: Build, properties: str = STORED) -> list[str]:
    """Conditions over the properties of an event: a stored one, or one at hand (an SQL expression of type jsonb)."""
    return [_sql(each, event, build, properties) for each in where]


def _sql(each: Filter, event: str, build: Build, properties: str) -> str:
    kind = kind_of(each.op, each.value, build.catalogue.property(event, each.property))
    assert kind is not None
    operand: object = each.value
    if isinstance(operand, Reference):
        operand = build.refer(operand)
    x = compared_sql(event, each.property, kind, each.op, each.value, build, properties)
    return kind.condition(each.op, x, operand, build.row, build.bind)


def passes(
    where: Sequence[Filter], event: str, properties: Mapping[str, Any], person: Person, catalogue: Catalogue
) -> bool:
    """The same for one event of one person."""
    return all(_passes(each, event, properties, person, catalogue) for each in where)


def _passes(each: Filter, event: str, properties: Mapping[str, Any], person: Person, catalogue: Catalogue) -> bool:
    kind = kind_of(each.op, each.value, catalogue.property(event, each.property))
    assert kind is not None
    return kind.holds(each.op, properties.get(each.property), person.operand(each.value), person.here)
