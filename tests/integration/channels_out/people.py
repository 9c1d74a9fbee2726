"""People for tests of sending, written straight into the tables."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import connection

from itinera.kit import wire


@dataclass
class Person:
    """What policy looks at, as a test states it."""

    zone: str | None = None
    phone: str | None = "+8613800000000"
    consent: Mapping[str, Mapping[str, bool]] = field(default_factory=lambda: {"sms": {"marketing": True}})
    suppressed: Sequence[str] = ()
    id: int = 0

    @property
    def shard(self) -> int:
        return self.id % 64


@contextmanager
def numpy_cursor() -> Iterator[psycopg.Cursor[Any]]:
    """A cursor on Django's own connection that speaks numpy, as a wave's does."""
    connection.ensure_connection()
    with wire.numpy_cursor(connection.connection) as cursor:
        yield cursor


def add(people: Sequence[Person]) -> None:
    """Write them; each gets its id."""
    with connection.cursor() as cursor:
        for number, person in enumerate(people):
            cursor.execute(
                "INSERT INTO profile"
                " (id, shard, zone, consent, suppressed, unit, attributes, tags, created_at, updated_at)"
                " OVERRIDING SYSTEM VALUE SELECT id, id %% 64, %s, %s::jsonb, %s::text[], %s, '{}', '{}', now(), now()"
                " FROM nextval(pg_get_serial_sequence('profile', 'id')) AS id RETURNING id",
                [person.zone, json.dumps(person.consent), list(person.suppressed), f"member_id:M{number}"],
            )
            person.id = cursor.fetchone()[0]
        rows = [("phone", f"{person.phone}-{person.id}", person.id) for person in people if person.phone is not None]
        cursor.executemany("INSERT INTO identity (kind, value, profile_id) VALUES (%s, %s, %s)", rows)
