"""The catalogue as a value: what rules and ingestion know about names and types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from audiences import slots
from audiences.rules.kinds import KINDS, Kind, implied_kind
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor

_SQL = queries(__file__, "../sql/catalogue.sql")


@dataclass(frozen=True, slots=True)
class Known:
    """A name with its type; `declared` is false when the type was only guessed from data."""

    type: str
    declared: bool

    @property
    def kind(self) -> Kind[Any]:
        return KINDS[self.type]


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """An event's number and its properties; `columns` are those that can be read from a column, with its name."""

    id: int
    declared: bool = True
    properties: Mapping[str, Known] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Catalogue:
    """All attributes and events by name, as one transaction saw them."""

    attributes: Mapping[str, Known] = field(default_factory=dict)
    events: Mapping[str, KnownEvent] = field(default_factory=dict)

    @property
    def event_ids(self) -> dict[str, int]:
        """Numbers of the events by name."""
        return {name: event.id for name, event in self.events.items()}

    def property(self, event: str | None, name: str) -> Known | None:
        """What is known of a property; None where the event is not known either."""
        found = self.events.get(event) if event is not None else None
        return found.properties.get(name) if found else None


def load_catalogue(cursor: Cursor) -> Catalogue:
    """Read it; two small queries."""
    cursor.execute(_SQL["attributes"])
    attributes = {name: Known(kind, declared) for name, kind, declared in cursor.fetchall()}
    cursor.execute(_SQL["events"])
    events = {
        name: KnownEvent(number, declared, {each["name"]: _known(each) for each in properties}, _columns(found))
        for number, name, properties, declared, found in cursor.fetchall()
    }
    return Catalogue(attributes, events)


def _columns(found: slots.Slots) -> dict[str, str]:
    return {name: column for column, name in slots.columns(found, slots.READY).items()} if found else {}


def _known(entry: Mapping[str, Any]) -> Known:
    return Known(entry["type"], bool(entry.get("declared", True)))


def kind_of(op: str, value: object, known: Known | None) -> Kind[Any] | None:
    """The type by which a condition compares: the declared one, else the one that its operator and value
    speak of. None if there is none, or the declared type has no such operator.
    """
    if known is not None and known.declared:
        return known.kind if known.kind.has(op) else None
    return implied_kind(op, value)
