"""How a property of an event is read in SQL: the one place that knows where events keep their properties."""

from __future__ import annotations

from typing import Any

from audiences.rules.build import Build
from audiences.rules.kinds import Kind

STORED = "e.properties"
"""The properties of the stored event `e`; those of events at hand come as an expression of their own."""


def property_sql(event: str, name: str, kind: Kind[Any], build: Build, source: str = STORED) -> Any:  # noqa: ARG001 - who keeps columns by event needs its name
    """The property of events of this name as a value of a type: what `Kind.read_sql` gives of it.

    A column that keeps this property of this event by itself is to be named here, where `source` is STORED.
    """
    return kind.read_sql(property_json(name, build, source))


def property_json(name: str, build: Build, source: str = STORED) -> str:
    """The same as jsonb, of whichever type it is; NULL where the event has no such property."""
    return f"({source} -> {build.bind(name, 'text')})"
