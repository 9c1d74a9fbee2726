"""What is measured over the events that a leaf sees: in SQL, and over a list in Python."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from audiences.rules.ast import Event
from audiences.rules.build import Build
from audiences.rules.catalogue import Catalogue, Known
from audiences.rules.fields import Moment
from audiences.rules.kinds import NUMBER
from audiences.rules.person import PastEvent
from audiences.rules.properties import counted_sql, property_json, property_sql
from itinera.kit.wire import moment

TIMES = {"first": "min(e.time)", "last": "max(e.time)"}
"""Measures whose result is the instant of an event."""
NONE_IS_ZERO = frozenset({"count", "sum", "distinct"})
"""Measures that are 0 over nothing; the others are missing."""
_SCALARS = "('string', 'number', 'boolean')"


def measure_sql(leaf: Event, build: Build) -> str:
    """The aggregate over the events `e`. A property of another type is as good as absent."""
    if leaf.measure in TIMES:
        return TIMES[leaf.measure]
    if leaf.property is None:
        return "count(*)"
    if leaf.measure == "distinct":
        column = counted_sql(leaf.event, leaf.property, build)
        if column is not None:
            return f"count(DISTINCT {column})"
        value = property_json(leaf.property, build)
        known = build.catalogue.property(leaf.event, leaf.property)
        return f"count(DISTINCT {value}) FILTER (WHERE {_counts_sql(value, known)})"
    return f"{leaf.measure}({property_sql(leaf.event, leaf.property, NUMBER, build)})"


def _counts_sql(value: str, known: Known | None) -> str:
    if known is not None and known.declared:
        return known.kind.is_set_sql(known.kind.read_sql(value))
    return f"jsonb_typeof({value}) IN {_SCALARS}"


def explain_measure(leaf: Event, seen: Sequence[PastEvent], catalogue: Catalogue) -> tuple[Any, object]:
    """The measure over these events: as it is compared (None if missing), and as it is shown."""
    if leaf.measure in TIMES:
        if not seen:
            return None, None
        at = (min if leaf.measure == "first" else max)(each.at for each in seen)
        return Moment(None, at, ""), moment(at).isoformat()
    if leaf.property is None:
        return Decimal(len(seen)), len(seen)
    values = [each.properties.get(leaf.property) for each in seen]
    if leaf.measure == "distinct":
        count = len(_distinct(values, catalogue.property(leaf.event, leaf.property)))
        return Decimal(count), count
    numbers = [number for value in values if (number := NUMBER.read(value)) is not None]
    found = _aggregate(leaf.measure, numbers)
    return found, None if found is None else float(found)


def _aggregate(measure: str, numbers: Sequence[Decimal]) -> Decimal | Fraction | None:
    if measure == "sum":
        return sum(numbers, Decimal(0))
    if not numbers:
        return None
    if measure == "avg":
        return sum(map(Fraction, numbers), Fraction(0)) / len(numbers)
    return min(numbers) if measure == "min" else max(numbers)


def _distinct(values: Sequence[object], known: Known | None) -> set[tuple[str, object]]:
    declared = known.kind if known is not None and known.declared else None
    found: set[tuple[str, object]] = set()
    for value in values:
        if declared is not None and declared.read(value) is None:
            continue
        if isinstance(value, bool):
            found.add(("boolean", value))
        elif isinstance(value, int | float | Decimal):
            found.add(("number", NUMBER.read(value)))
        elif isinstance(value, str):
            found.add(("text", value))
        elif declared is not None:
            found.add(("list", repr(value)))
    return found
