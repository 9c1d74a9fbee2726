"""The catalogue as a value: what rules and ingestion know about names and types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from audiences import slots
from audiences.rules.kinds import KINDS, Kind, implied_kind
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor

_SQL = queries(__file__, "../sql/catalogue.sql")


@dataclass(frozen=True, slots=True)
class Known:
    """A name with its type; `declared` is false when the type was only guessed from data.

    `lookup` is the look-up table whose rows its values name, empty where there is none.
    """

    type: str
    declared: bool
    label: str = ""
    lookup: str = ""

    @property
    def kind(self) -> Kind[Any]:
        return KINDS[self.type]


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """An event's number and its properties; `columns` are those that can be read from a column, with its name."""

    id: int
    declared: bool = True
    properties: Mapping[str, Known] = field(default_factory=dict)
    label: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KnownTag:
    """A tag; `type` None is a plain yes-no tag. `people` is the kind of people who may have it.

    `source` says who keeps it; one that is not `declared` was only seen in data.
    """

    type: str | None = None
    label: str = ""
    people: str = "consumer"
    group: str = ""
    source: str = "manual"
    declared: bool = True
    values: tuple[Any, ...] = ()

    @property
    def known(self) -> Known | None:
        """Its value as a name with a type; None of a plain tag."""
        return None if self.type is None else Known(self.type, self.declared)


@dataclass(frozen=True, slots=True)
class KnownAudience:
    """An audience of one kind of people; `definition` is JSON text."""

    id: int
    name: str = ""
    people: str = "consumer"
    definition: str = "{}"
    size: int | None = None
    archived: bool = False


@dataclass(frozen=True, slots=True)
class KnownTable:
    """A look-up table and its columns."""

    id: int
    columns: Mapping[str, Known] = field(default_factory=dict)
    label: str = ""
    key: str = ""


@dataclass(frozen=True)
class Catalogue:
    """All that has a name, as one transaction saw it."""

    attributes: Mapping[str, Known] = field(default_factory=dict)
    events: Mapping[str, KnownEvent] = field(default_factory=dict)
    tags: Mapping[str, KnownTag] = field(default_factory=dict)
    audiences: Mapping[str, KnownAudience] = field(default_factory=dict)
    tables: Mapping[str, KnownTable] = field(default_factory=dict)

    @property
    def event_ids(self) -> dict[str, int]:
        """Numbers of the events by name."""
        return {name: event.id for name, event in self.events.items()}

    def property(self, event: str | None, name: str) -> Known | None:
        """What is known of a property; None where the event is not known either."""
        found = self.events.get(event) if event is not None else None
        return found.properties.get(name) if found else None


def load_types(cursor: Cursor) -> Catalogue:
    """Attributes and events with their types: what ingestion asks for. Two small queries."""
    cursor.execute(_SQL["attributes"])
    attributes = {name: Known(*rest) for name, *rest in cursor.fetchall()}
    cursor.execute(_SQL["events"])
    events = {
        name: KnownEvent(number, declared, _typed(properties), label, _columns(found))
        for number, name, properties, declared, label, found in cursor.fetchall()
    }
    return Catalogue(attributes, events)


def load_catalogue(cursor: Cursor) -> Catalogue:
    """Everything that a rule may name; three small queries."""
    types = load_types(cursor)
    cursor.execute(_SQL["words"])
    tags, audiences, tables = (orjson.loads(text) for text in cursor.fetchone())
    return Catalogue(
        types.attributes,
        types.events,
        {slug: _tag(**each) for slug, each in tags.items()},
        {slug: KnownAudience(**each) for slug, each in audiences.items()},
        {slug: KnownTable(**{**each, "columns": _typed(each["columns"])}) for slug, each in tables.items()},
    )


def identity_kinds(cursor: Cursor) -> list[str]:
    """The kinds of identity that anybody has."""
    cursor.execute(_SQL["identity_kinds"])
    return [kind for (kind,) in cursor.fetchall()]


def _tag(cases: list[dict[str, Any]], **rest: Any) -> KnownTag:
    return KnownTag(**rest, values=tuple(each.get("value") for each in cases))


def _typed(entries: list[dict[str, Any]]) -> dict[str, Known]:
    return {each["name"]: _known(**each) for each in entries}


def _known(type: str, declared: bool = True, label: str = "", lookup: str = "", **_rest: Any) -> Known:  # noqa: A002
    return Known(type, declared, label or "", lookup or "")


def _columns(found: slots.Slots) -> dict[str, str]:
    return {name: column for column, name in slots.columns(found, slots.READY).items()} if found else {}


def kind_of(op: str, value: object, known: Known | None) -> Kind[Any] | None:
    """The type by which a condition compares: the declared one, else the one that its operator and value
    speak of. None if there is none, or the declared type has no such operator.
    """
    if known is not None and known.declared:
        return known.kind if known.kind.has(op) else None
    return implied_kind(op, value)
