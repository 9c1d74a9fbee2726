"""Columns of `event` that keep catalogued properties by themselves: rules then open no JSON of many events. Pure.

An event type has four to give away, two for numbers and two for texts. Which property has which is said in
`EventType.slots`: `{"n1": {"property": "amount", "state": "ready", "since": T}}`. From the moment a property has a
column ingestion writes it there; rules read the column when the events stored before have been filled as well
(`audiences.filling`). A column that a property gives up is free for another a minute later: until then statements may
be under way that still take it for the first.

What a column holds is what a rule would read from the JSON: a number as it is, a text as it is, NULL for anything
else. A text longer than `LONGEST` is cut and ends in its digest, so that it equals no other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from itinera.kit.errors import Refusal

NUMBERS, TEXTS = frozenset({"number", "money"}), frozenset({"text"})
COLUMNS: Mapping[str, frozenset[str]] = {"n1": NUMBERS, "n2": NUMBERS, "t1": TEXTS, "t2": TEXTS}
"""The types of properties that each column can keep, in the order in which the columns stand in the table."""
FILLING, READY, GIVEN_UP = "filling", "ready", "given_up"
REST = timedelta(minutes=1)
"""So long a column rests between two properties; no statement takes nearly so long."""
LONGEST, _HEAD = 256, 193
"""Texts up to so many characters are kept whole; of a longer one so many, and 64 of its digest."""

Slots = Mapping[str, Mapping[str, str]]
Properties = Sequence[Mapping[str, Any]]


def kept(text: str) -> str:
    """A text as its column keeps it."""
    return text if len(text) <= LONGEST else text[:_HEAD] + hashlib.sha256(text.encode()).hexdigest()


def kept_sql(text: str) -> str:
    """The same in SQL."""
    digest = f"encode(sha256(convert_to({text}, 'UTF8')), 'hex')"
    return f"CASE WHEN length({text}) > {LONGEST} THEN left({text}, {_HEAD}) || {digest} ELSE {text} END"


def columns(slots: Slots, *states: str) -> dict[str, str]:
    """Property by column, of the columns in one of these states."""
    held = {column: slots[column] for column in COLUMNS if column in slots}
    return {column: slot["property"] for column, slot in held.items() if slot["state"] in states}


def declared(properties: Properties) -> dict[str, str]:
    """Type by name, of those that somebody declared."""
    return {each["name"]: each["type"] for each in properties if each.get("declared", True)}


def settled(slots: Slots, before: Properties, after: Properties, now: datetime) -> dict[str, dict[str, str]]:
    """What becomes of the slots when properties are declared.

    A property newly declared gets the first column that is free for its type; one whose type has changed gives its
    column up. Those that had none stay without: an admin may have wanted it so.
    """
    types, earlier = declared(after), declared(before)
    found = {
        column: dict(slot) if types.get(slot["property"]) in COLUMNS[column] else _given_up(slot, now)
        for column, slot in slots.items()
    }
    for name, type_ in types.items():
        if earlier.get(name) != type_ and name not in columns(found, FILLING, READY).values():
            free = [each for each, fit in COLUMNS.items() if type_ in fit and _is_free(found.get(each), now)]
            if free:
                found[free[0]] = _given(name, now)
    return found


def chosen(slots: Slots, wanted: Mapping[str, str], properties: Properties, now: datetime) -> dict[str, dict[str, str]]:
    """Each column to the property that somebody wants in it; a column that is not named is given up.

    Refusal with codes unknown_property, wrong_type, twice, column_rests; the column is the path.
    """
    types = declared(properties)
    held = columns(slots, FILLING, READY)
    found = {
        column: dict(slot) if wanted.get(column) == held.get(column) else _given_up(slot, now)
        for column, slot in slots.items()
    }
    for column, name in wanted.items():
        if held.get(column) != name:
            _check(column, name, types, found.get(column), now)
            found[column] = _given(name, now)
    _check_once(wanted.values())
    return found


def _given(name: str, now: datetime) -> dict[str, str]:
    return {"property": name, "state": FILLING, "since": now.isoformat()}


def _given_up(slot: Mapping[str, str], now: datetime) -> dict[str, str]:
    if slot["state"] == GIVEN_UP:
        return dict(slot)
    return {"property": slot["property"], "state": GIVEN_UP, "since": now.isoformat()}


def _is_free(slot: Mapping[str, str] | None, now: datetime) -> bool:
    return slot is None or (slot["state"] == GIVEN_UP and datetime.fromisoformat(slot["since"]) + REST <= now)


def _check(column: str, name: str, types: Mapping[str, str], slot: Mapping[str, str] | None, now: datetime) -> None:
    if name not in types:
        words = _("This event has no declared property %(name)s.") % {"name": name}
        raise Refusal.because("unknown_property", words, path=column)
    if types[name] not in COLUMNS[column]:
        words = _("This column keeps %(wanted)s, and %(name)s is of type %(type)s.")
        kinds = _("numbers") if COLUMNS[column] is NUMBERS else _("texts")
        values = {"wanted": kinds, "name": name, "type": types[name]}
        raise Refusal.because("wrong_type", words % values, path=column)
    if not _is_free(slot, now):
        words = _("This column still belongs to %(name)s. It must be given up a minute before another can have it.")
        assert slot is not None
        raise Refusal.because("column_rests", words % {"name": slot["property"]}, path=column)


def _check_once(names: Iterable[str]) -> None:
    listed = list(names)
    twice = sorted({name for name in listed if listed.count(name) > 1})
    if twice:
        words = _("One column is enough for %(name)s.") % {"name": twice[0]}
        raise Refusal.because("twice", words)
