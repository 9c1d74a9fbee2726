"""Filters on the properties of events: `{"property": NAME, "op": OP, "value": V | reference}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from audiences.rules.ast import Filter
from audiences.rules.build import Build, Joins
from audiences.rules.catalogue import Catalogue, Known, kind_of
from audiences.rules.conditions import check_condition
from audiences.rules.fields import Reference
from audiences.rules.kinds import Kind
from audiences.rules.lookups import check_via, compared, looked_up, looked_up_sql
from audiences.rules.person import Person
from audiences.rules.places import join
from audiences.rules.properties import STORED, compared_sql, property_json
from itinera.kit.errors import Problem


def check_where(where: Sequence[Filter], event: str, catalogue: Catalogue, path: str) -> Iterator[Problem]:
    """What is wrong with the filters on an event; `path` is that of the list."""
    for index, each in enumerate(where):
        here = join(path, index)
        yield from check_via(each.via, catalogue, here)
        yield from check_condition(each.op, each.value, _known(each, event, catalogue), here)


def where_sql(
    where: Sequence[Filter], event: str, build: Build, joins: Joins, properties: str = STORED
) -> list[str]:  # fmt: skip
    """Conditions over the properties of an event: a stored one, or one at hand (an SQL expression of type jsonb).

    `joins` are those of the FROM in which they stand.
    """
    return [_sql(each, event, build, joins, properties) for each in where]


def _sql(each: Filter, event: str, build: Build, joins: Joins, properties: str) -> str:
    kind = _kind(each, event, build.catalogue)
    operand: object = each.value
    if isinstance(operand, Reference):
        operand = build.refer(operand)
    if each.via is None:
        x = compared_sql(event, each.property, kind, each.op, each.value, build, properties)
    else:
        key = property_json(each.property, build, properties)
        x = kind.read_sql(looked_up_sql(each.via, key, build, joins))
    return kind.condition(each.op, x, operand, build.row, build.bind)


def passes(
    where: Sequence[Filter], event: str, properties: Mapping[str, Any], person: Person, catalogue: Catalogue
) -> bool:
    """The same for one event of one person."""
    return all(_passes(each, event, properties, person, catalogue) for each in where)


def _passes(each: Filter, event: str, properties: Mapping[str, Any], person: Person, catalogue: Catalogue) -> bool:
    value = looked_up(each.via, properties.get(each.property), person.rows)
    return _kind(each, event, catalogue).holds(each.op, value, person.operand(each.value), person.here)


def _kind(each: Filter, event: str, catalogue: Catalogue) -> Kind[Any]:
    kind = kind_of(each.op, each.value, _known(each, event, catalogue))
    assert kind is not None
    return kind


def _known(each: Filter, event: str, catalogue: Catalogue) -> Known | None:
    return compared(each.via, catalogue.property(event, each.property), catalogue)
