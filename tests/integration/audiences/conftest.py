"""A few people and what they did, written straight into the tables, so that rules are tested for themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.db import connection, transaction

from audiences.models import AttributeType, Event, EventType, Identity, Profile
from audiences.partitions import ensure_partitions
from audiences.rules import compile_rule, evaluate, load_catalogue, parse_rule
from audiences.rules.evaluate import People
from audiences.rules.explain import explain
from itinera.kit.wire import Cursor, django_cursor, micros

ZONE = "Asia/Shanghai"


def at(text: str) -> datetime:
    """An instant; without an offset it is Shanghai's."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else datetime.fromisoformat(f"{text}+08:00")


NOW = at("2026-03-15T12:00:00")


@dataclass(frozen=True)
class Case:
    """One person, a rule, and whether it holds for her. `did` are events: name, time, properties."""

    rule: Mapping[str, Any]
    holds: bool
    attributes: Mapping[str, Any] = field(default_factory=dict)
    tags: Mapping[str, Any] = field(default_factory=dict)
    consent: Mapping[str, Any] = field(default_factory=dict)
    identities: Sequence[str] = ()
    did: Sequence[tuple[str, str | datetime, Mapping[str, Any]]] = ()
    zone: str | None = None


TOGETHER = 40
"""So many cases are asked by one query."""


@dataclass
class World:
    """The tables, and questions to them."""

    cursor: Cursor
    _types: dict[str, EventType] = field(default_factory=dict)
    _months: set[str] = field(default_factory=set)

    def person(self, attributes: Mapping[str, Any] | None = None, zone: str | None = None) -> int:
        return Profile.objects.create(attributes=dict(attributes or {}), zone=zone).id

    def attribute(self, name: str, type_: str, *, declared: bool = True) -> None:
        AttributeType.objects.create(name=name, type=type_, declared=declared)

    def event_type(self, name: str, **properties: str) -> EventType:
        listed = [{"name": own, "type": type_} for own, type_ in properties.items()]
        self._types[name] = EventType.objects.create(name=name, properties=listed)
        return self._types[name]

    def did(self, person: int, name: str, when: str | datetime, **properties: Any) -> int:
        """The number of the event."""
        row = self._deed(person, name, when, properties)
        row.save()
        return row.id

    def _deed(self, person: int, name: str, when: str | datetime, properties: Mapping[str, Any]) -> Event:
        time = at(when) if isinstance(when, str) else when
        kind = self._types.get(name) or self.event_type(name)
        if (month := time.astimezone(UTC).strftime("%Y%m")) not in self._months:
            self._months.add(month)
            with transaction.atomic(), connection.cursor() as cursor:
                ensure_partitions(cursor, "event", time, time + timedelta(days=1))
        return Event(
            shard=person % 64, profile_id=person, type=kind, time=time, received_at=time, properties=dict(properties)
        )

    def batch(self, cases: Sequence[Case], now: datetime = NOW) -> None:
        """Ask many rules of as many people by few queries: each holds for its own person as expected."""
        for start in range(0, len(cases), TOGETHER):
            self._together(cases[start : start + TOGETHER], now)

    def _together(self, cases: Sequence[Case], now: datetime) -> None:
        people = [self.person({**each.attributes, "case": place}, each.zone) for place, each in enumerate(cases)]
        for person, case in zip(people, cases, strict=True):
            if case.tags or case.consent:
                Profile.objects.filter(id=person).update(tags=dict(case.tags), consent=dict(case.consent))
        Identity.objects.bulk_create(
            Identity(kind=kind, value=f"{person}", profile_id=person)
            for person, case in zip(people, cases, strict=True)
            for kind in case.identities
        )
        Event.objects.bulk_create(
            self._deed(person, *deed) for person, case in zip(people, cases, strict=True) for deed in case.did
        )
        mine = [{"attribute": "case", "op": "eq", "value": place} for place in range(len(cases))]
        any_of = {"any": [{"all": [own, case.rule]} for own, case in zip(mine, cases, strict=True)]}
        asked = People(np.array(people), np.full(len(people), micros(now)), None, ZONE)
        found = evaluate(self.cursor, compile_rule(parse_rule(any_of), load_catalogue(self.cursor)), asked).tolist()
        for place, case in enumerate(cases):
            assert found[place] is case.holds, ("SQL", case)
            assert explain(self.cursor, parse_rule(case.rule), asked.one(place)).holds is case.holds, ("Python", case)

    def ask(
        self, rule: Mapping[str, Any], people: Sequence[int], now: datetime | Sequence[datetime] = NOW, **extra: Any
    ) -> list[bool]:
        """The answers of the set-wise evaluation; that of one person must be the same."""
        parsed = parse_rule(rule)
        instants = [now] * len(people) if isinstance(now, datetime) else list(now)
        asked = People(
            np.array(people, dtype=np.int64),
            np.array([micros(each) for each in instants], dtype=np.int64),
            _instants(extra.get("since"), len(people)),
            extra.get("zone", ZONE),
            _numbers(extra.get("entry_event")),
            extra.get("data"),
        )
        found: list[bool] = evaluate(self.cursor, compile_rule(parsed, load_catalogue(self.cursor)), asked).tolist()
        alone = [explain(self.cursor, parsed, asked.one(row)).holds for row in range(len(people))]
        assert found == alone, "SQL and Python differ"
        return found

    def holds(self, rule: Mapping[str, Any], person: int, now: datetime = NOW, **extra: Any) -> bool:
        return self.ask(rule, [person], now, **extra)[0]


def _instants(moments: Sequence[datetime] | None, count: int) -> Any:
    return None if moments is None else np.array([micros(each) for each in moments], dtype=np.int64)


def _numbers(values: Sequence[int] | None) -> Any:
    return None if values is None else np.array(values, dtype=np.int64)


@pytest.fixture
def world(db: None) -> World:
    return World(django_cursor())
