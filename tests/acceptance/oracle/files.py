"""Input files: profile and event lines, in the order in which they are taken, sorted out by person."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from tests.acceptance.oracle.people import Change, Event, Json, Person
from tests.acceptance.oracle.times import LONG_AGO, instant

_NOT_IDENTITIES = frozenset(
    {"id", "event", "time", "properties", "identities", "attributes", "tags", "zone", "consent", "kind"}
    | {"updated", "suppressed"}
)


def read_lines(path: Path) -> list[Json]:
    """The objects of a JSONL file, packed or not; empty lines are none."""
    if path.suffix == ".gz":
        text = gzip.decompress(path.read_bytes()).decode("utf-8")
    else:
        text = path.read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line.strip()]


def _identities(body: Json) -> list[tuple[str, str]]:
    named = {kind: value for kind, value in body.items() if kind not in _NOT_IDENTITIES}
    named |= body.get("identities", {})
    return [(kind, value) for kind, value in named.items() if isinstance(value, str)]


class Crowd:
    """Everybody of the input, found by any identity."""

    def __init__(self) -> None:
        self.people: list[Person] = []
        self._by_identity: dict[tuple[str, str], Person] = {}

    def find(self, identities: list[tuple[str, str]]) -> Person:
        """The person that an identity names, new if nobody; ValueError when they name two."""
        found = {id(self._by_identity[i]): self._by_identity[i] for i in identities if i in self._by_identity}
        if len(found) > 1:
            raise ValueError(f"two people are one: {identities}")
        person = next(iter(found.values()), None)
        if person is None:
            person = Person()
            self.people.append(person)
        for kind, value in identities:
            self._by_identity[kind, value] = person
            if value not in person.identities.setdefault(kind, []):
                person.identities[kind].append(value)
        return person


def gather(profiles: Iterable[Json], events: Iterable[Json]) -> list[Person]:
    """Lines in time order, profile lines first at one instant, ties in file order; a seen id is dropped."""
    lines = [(_updated(body), 0, body) for body in profiles]
    lines += [(instant(body["time"]), 1, body) for body in events]
    lines.sort(key=lambda line: line[:2])
    crowd, seen = Crowd(), set()
    for number, (at, is_event, body) in enumerate(lines):
        if not is_event:
            crowd.find(_identities(body)).changes.append(Change(number, at, body))
            continue
        if body.get("id") is not None:
            if body["id"] in seen:
                continue
            seen.add(body["id"])
        event = Event(number, at, body["event"], body.get("properties", {}))
        crowd.find(_identities(body)).events.append(event)
    return crowd.people


def _updated(body: Json) -> datetime:
    return instant(body["updated"]) if body.get("updated") else LONG_AGO
