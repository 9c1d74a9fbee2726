"""Reads everybody who may become one: what decides about it, and what is known of each."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from audiences.oneid.conflicts import MOST_EVENTS, Person
from audiences.oneid.facts import Agreement, Fact, Known, fact
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor, Ids, micros

_SQL = queries(__file__, "people.sql")


class People:
    """Profiles that were locked, by number. `rows` are read at once, what is known of each when it is asked for."""

    def __init__(self, cursor: Cursor, profiles: Ids) -> None:
        self._cursor = cursor
        cursor.execute(_SQL["people"], {"profiles": profiles})
        self._rows = {row[0]: row for row in cursor.fetchall()}
        self.persons = self._persons()

    def _persons(self) -> dict[int, Person]:
        there = {"profiles": np.array(sorted(self._rows), dtype=np.int64)}
        self._cursor.execute(_SQL["identities"], there)
        identities: defaultdict[int, dict[str, list[str]]] = defaultdict(dict)
        for number, kind, values in self._cursor.fetchall():
            identities[number][kind] = values
        self._cursor.execute(_SQL["events"], {**there, "types": event_types(self._cursor), "most": MOST_EVENTS + 1})
        events = dict(self._cursor.fetchall())
        return {
            number: Person(number, kind, micros(created), identities[number], events[number])
            for number, kind, created, *_rest in self._rows.values()
        }

    def known(self, profiles: Ids) -> dict[int, Known]:
        """What is known of some of them."""
        asked = {"profiles": profiles}
        attributes, tags = self._said("attributes_said", asked), self._said("tags_said", asked)
        agreed, taken = self._agreed(asked), self._taken(asked)
        return {
            number: self._of(number, attributes[number], tags[number], agreed[number], taken[number])
            for number in profiles.tolist()
        }

    def _said(self, query: str, asked: Mapping[str, object]) -> defaultdict[int, dict[str, int]]:
        self._cursor.execute(_SQL[query], asked)
        found: defaultdict[int, dict[str, int]] = defaultdict(dict)
        for number, name, at in self._cursor.fetchall():
            found[number][name] = micros(at)
        return found

    def _agreed(self, asked: Mapping[str, object]) -> defaultdict[int, dict[tuple[str, str, bool], int]]:
        self._cursor.execute(_SQL["agreed"], asked)
        found: defaultdict[int, dict[tuple[str, str, bool], int]] = defaultdict(dict)
        for number, channel, category, given, at in self._cursor.fetchall():
            found[number][channel, category, given] = micros(at)
        return found

    def _taken(self, asked: Mapping[str, object]) -> defaultdict[int, dict[str, Any]]:
        """The greatest facts of all merges into each."""
        self._cursor.execute(_SQL["taken"], asked)
        found: defaultdict[int, dict[str, Any]] = defaultdict(lambda: {"attributes": {}, "tags": {}})
        for number, text in self._cursor.fetchall():
            taken, mine = json.loads(text), found[number]
            for what in ("attributes", "tags"):
                for name, parts in taken.get(what, {}).items():
                    mine[what][name] = max(tuple(parts), mine[what].get(name, tuple(parts)))
            if "zone" in taken:
                mine["zone"] = max(tuple(taken["zone"]), mine.get("zone", tuple(taken["zone"])))
        return found

    def _of(
        self, number: int, attributes_said: Mapping[str, int], tags_said: Mapping[str, int],
        agreed: Mapping[tuple[str, str, bool], int], taken: Mapping[str, Any],
    ) -> Known:  # fmt: skip
        zone, attributes, tags_text, consent, suppressed = self._rows[number][3:]
        person = self.persons[number]
        consents: dict[str, dict[str, bool]] = json.loads(consent)
        labels: dict[str, Any] = json.loads(tags_text)
        values: dict[str, Any] = json.loads(attributes)
        tags = _facts(person, labels.keys(), tags_said, taken["tags"])
        return Known(
            standing=person.standing,
            attributes=values,
            tags=labels,
            consent=consents,
            suppressed=set(suppressed or ()),
            zone=zone,
            said_attributes=_facts(person, {*values, *attributes_said}, attributes_said, taken["attributes"]),
            said_tags={name: said for name, said in tags.items() if name in labels},
            said_zone=taken.get("zone", fact(0, person.standing)),
            agreed=_stated(consents, agreed),
        )


def event_types(cursor: Cursor) -> Ids:
    """The numbers of all event types: `event` is found by type and profile."""
    cursor.execute(_SQL["event_types"])
    (found,) = cursor.fetchone()
    return np.asarray(found, dtype=np.int32)


def _facts(person: Person, names: Iterable[str], last: Mapping[str, int], taken: Mapping[str, Fact]) -> dict[str, Fact]:
    """Written since it was taken over or since the profile was made, or else from then."""
    found = {}
    for name in {*names, *taken}:
        first = taken.get(name) or fact(person.created, person.standing)
        at = last.get(name)
        found[name] = first if at is None or at <= first[0] else fact(at, person.standing)
    return found


def _stated(
    consent: Mapping[str, Mapping[str, bool]], agreed: Mapping[tuple[str, str, bool], int]
) -> dict[Agreement, float]:
    """Of each consent as it stands now when it was stated, where that is known."""
    return {
        (channel, category): agreed[channel, category, given]
        for channel, categories in consent.items()
        for category, given in categories.items()
        if (channel, category, given) in agreed
    }
