"""Adds to the catalogue what was seen in data: undeclared names, with the type they showed first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import orjson

from audiences.rules.catalogue import Catalogue, load_types
from audiences.typed import Newcomers, NewTag
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor

_SQL = queries(__file__, "ingest.sql")


def add_newcomers(cursor: Cursor, new: Newcomers) -> Catalogue:
    """Write the new names and read the catalogue again.

    Names are taken in sorted order and before any other lock of the transaction, so that batches that
    bring the same names wait for each other instead of deadlocking.
    """
    if new.attributes:
        names = sorted(new.attributes)
        types = [new.attributes[name] for name in names]
        cursor.execute(_SQL["add_attribute_types"], {"names": names, "types": types})
    if new.tags:
        slugs = sorted(new.tags)
        tags = [new.tags[slug] for slug in slugs]
        params = {name: [getattr(tag, name) for tag in tags] for name in NewTag._fields}
        cursor.execute(_SQL["add_tags"], {"slug": slugs, **params})
    if new.events:
        cursor.execute(_SQL["add_event_types"], {"names": sorted(new.events)})
        _add_properties(cursor, {name: properties for name, properties in new.events.items() if properties})
    return load_types(cursor)


def register_events(cursor: Cursor, names: Iterable[str]) -> dict[str, int]:
    """The numbers of these events, which are added to the catalogue if nobody had one yet.

    Call it before taking `INTEREST_LOCK` exclusively: ingestion takes the two in this order.
    """
    wanted = sorted(set(names))
    cursor.execute(_SQL["add_event_types"], {"names": wanted})
    known = load_types(cursor).event_ids
    return {name: known[name] for name in wanted}


def _add_properties(cursor: Cursor, new: Mapping[str, Mapping[str, str]]) -> None:
    cursor.execute(_SQL["lock_event_types"], {"names": sorted(new)})
    for number, name, properties in cursor.fetchall():
        present = {each["name"] for each in properties}
        added = [
            {"name": own, "type": type_, "declared": False} for own, type_ in new[name].items() if own not in present
        ]
        if added:
            text = orjson.dumps([*properties, *added]).decode()
            cursor.execute(_SQL["set_properties"], {"id": number, "properties": text})
