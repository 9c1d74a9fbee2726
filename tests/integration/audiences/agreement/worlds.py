"""A random workspace with people and what they did: in the tables, and as values for the evaluator of one person."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import numpy as np

from audiences import filling
from audiences.bitmaps import Members
from audiences.models import (
    AttributeType,
    Audience,
    AudienceMembers,
    Event,
    EventType,
    Identity,
    LookupRow,
    LookupTable,
    Profile,
    Tag,
)
from audiences.partitions import ensure_partitions
from audiences.rules import AUDIENCE, Catalogue, load_catalogue
from audiences.rules.lookups import key_of
from audiences.rules.people import People
from audiences.rules.person import PastEvent, Person
from audiences.slots import settled
from itinera.kit.models import Job
from itinera.kit.wire import Cursor, micros
from itinera.kit.zones import HOUR
from tests.integration.audiences.agreement import values
from tests.integration.audiences.agreement.rules import rule
from tests.integration.audiences.agreement.values import Json, facts, instant

DEFAULT_ZONE = "Asia/Shanghai"
_numbers = iter(range(10_000, 10**9))


@dataclass(frozen=True)
class Walker:
    """A person with the walk that she is on; `profile` is her number."""

    profile: int
    person: Person
    data: Json


@dataclass(frozen=True)
class RandomWorld:
    """People on walks, and the same at one instant, outside of any walk."""

    catalogue: Catalogue
    walkers: tuple[Walker, ...]
    now: datetime
    stored: frozenset[int]

    def people(self) -> People:
        persons = [walker.person for walker in self.walkers]
        return People(
            np.array([walker.profile for walker in self.walkers]),
            np.array([person.at for person in persons]),
            np.array([person.since for person in persons]),
            DEFAULT_ZONE,
            np.array([person.entry_event or 0 for person in persons]),
            [walker.data for walker in self.walkers],
        )

    def outside(self) -> Iterator[tuple[int, Person]]:
        """Everybody at one instant."""
        for walker in self.walkers:
            bare = replace(walker.person, at=micros(self.now), since=None, entry_event=None, data={})
            yield walker.profile, bare


def make(cursor: Cursor, people: int) -> RandomWorld:
    """Draw a workspace and write it."""
    ensure_partitions(cursor, "event", values.START, datetime(2026, 5, 1, tzinfo=UTC))
    _names()
    catalogue = load_catalogue(cursor)
    by_rule = Audience.objects.create(
        slug="by_rule", name="by rule", definition={"rule": rule(_without_audiences(catalogue), AUDIENCE)}
    )
    nested = {"any": [{"audience": by_rule.slug}, rule(_without_audiences(catalogue), AUDIENCE, 1)]}
    Audience.objects.create(slug="nested", name="nested", definition={"rule": nested})
    Audience.objects.create(slug="staff", name="staff", kind="staff", definition={"rule": {"all": []}})
    stored = Audience.objects.create(slug="stored", name="stored", definition={"members": {}})
    walkers = _people(people)
    members = frozenset(walker.profile for walker in walkers if random.random() < 0.5)
    AudienceMembers.objects.bulk_create(
        AudienceMembers(audience=stored, shard=shard, members=bits) for shard, bits in Members.of(members).dumped()
    )
    return RandomWorld(load_catalogue(cursor), walkers, instant(), members)


def without_columns(catalogue: Catalogue) -> Catalogue:
    """The same, with every property of events read from its JSON."""
    return replace(catalogue, events={name: replace(each, columns={}) for name, each in catalogue.events.items()})


def _without_audiences(catalogue: Catalogue) -> Catalogue:
    """A rule drawn against it names none: they are not there yet."""
    return replace(catalogue, audiences={})


def _names() -> None:
    """What is declared, and of which type, differs from world to world."""
    AttributeType.objects.bulk_create(
        AttributeType(name=name, type=type_, declared=random.random() < 0.8) for name, type_ in _typed(values.NAMES)
    )
    for name in values.EVENTS:
        properties = [
            {"name": own, "type": type_, "declared": random.random() < 0.8} for own, type_ in _typed(values.NAMES)
        ]
        slots = settled({}, [], properties, values.START) if random.random() < 0.7 else {}
        EventType.objects.create(name=name, properties=properties, slots=slots)
    Tag.objects.create(slug="plain")
    Tag.objects.create(slug="tier", type=random.choice(values.TYPES))
    columns = [{"name": name, "type": random.choice(values.TYPES)} for name in values.COLUMNS]
    table = LookupTable.objects.create(slug=values.TABLE, key="a", columns=columns)
    texts = [*values.TEXTS, *map(key_of, _decimal(values.NUMBERS))]
    keys = {each for each in texts if each is not None and random.random() < 0.7}
    LookupRow.objects.bulk_create(
        LookupRow(table=table, key=key, values=facts(values.COLUMNS), updated_at=values.START) for key in keys
    )


def _typed(names: list[str]) -> list[tuple[str, str]]:
    return [(name, random.choice(values.TYPES)) for name in names if random.random() < 0.6]


def _people(count: int) -> tuple[Walker, ...]:
    profiles = [_profile() for _ in range(count)]
    Profile.objects.bulk_create(profiles)
    Identity.objects.bulk_create(
        Identity(kind=kind, value=f"{profile.id}", profile=profile)
        for profile in profiles for kind in values.IDENTITIES if random.random() < 0.5
    )  # fmt: skip
    types = dict(EventType.objects.values_list("name", "id"))
    deeds = [_deed(profile, types) for profile in profiles for _ in range(random.choice([0, 2, 5, 10]))]
    Event.objects.bulk_create(deeds)
    _fill_columns()
    kinds = {profile.id: [each.kind for each in profile.identities.all()] for profile in profiles}
    names = {number: name for name, number in types.items()}
    rows = {(values.TABLE, row.key): _decimal(row.values) for row in LookupRow.objects.all()}
    found = []
    for profile in profiles:
        own = [
            PastEvent(names[each.type_id], micros(each.time), _decimal(each.properties), each.id)
            for each in deeds if each.profile_id == profile.id
        ]  # fmt: skip
        found.append(_walker(profile, sorted(own, key=lambda each: (each.at, each.id)), kinds[profile.id], rows))
    return tuple(found)


def _fill_columns() -> None:
    """Some properties of events are read from columns of their own."""
    for number in EventType.objects.values_list("id", flat=True):
        job = Job(kind=filling.KIND, params={"type": number})
        while (made := filling.FillJob().slice(job, values.START)).cursor is not None:
            job.cursor = dict(made.cursor)


def _profile() -> Profile:
    number = next(_numbers)
    return Profile(
        id=number, shard=number % 64, zone=random.choice(values.ZONES), attributes=facts(values.NAMES),
        kind=random.choice(["consumer"] * 5 + ["staff"]),
        tags={**({"plain": True} if random.random() < 0.5 else {}), **facts(["tier", "loose"], 0.6)},
        consent={
            channel: {category: random.random() < 0.5 for category in values.CATEGORIES if random.random() < 0.6}
            for channel in values.CHANNELS if random.random() < 0.7
        },
    )  # fmt: skip


def _deed(profile: Profile, types: dict[str, int]) -> Event:
    at = instant()
    return Event(
        shard=profile.shard, profile=profile, type_id=types[random.choice(values.EVENTS)], time=at, received_at=at,
        properties=facts(values.NAMES),
    )  # fmt: skip


def _walker(profile: Profile, events: list[PastEvent], kinds: list[str], rows: Any) -> Walker:
    data = {"entry": facts(values.NAMES), "answer": facts(values.NAMES)} if random.random() < 0.8 else {}
    entry = random.choice([0, *(each.id for each in events)])
    person = Person(
        at=_some_time_after(events),
        zone=profile.zone or DEFAULT_ZONE,
        attributes=_decimal(profile.attributes),
        events=events,
        since=micros(instant()),
        entry_event=entry,
        data=_decimal(data),
        tags=_decimal(profile.tags),
        consent=profile.consent,
        identities=frozenset(kinds),
        people=profile.kind,
        rows=rows,
    )
    return Walker(profile.id, person, data)


def _some_time_after(events: list[PastEvent]) -> int:
    """Often just when a window or an absence that began with one of her events ends."""
    if not events or random.random() < 0.4:
        return micros(instant())
    return random.choice(events).at + random.choice([0, 6, 12, 24, 48, 168]) * HOUR


def _decimal(value: Any) -> Any:
    """As it is read back from the database: numbers stay exact."""
    return json.loads(json.dumps(value), parse_float=Decimal)
