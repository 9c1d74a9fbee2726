"""Short ways to make two profiles of one customer, to merge them, and to look at everything that is left."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from audiences import changes
from audiences.ingest import ingest_events, ingest_profiles
from audiences.models import Merge, MergeRequest
from audiences.stages import merge
from itinera.kit.wire import django_cursor
from tests.integration.engine.scene import NOON, ask, one, people

Json = dict[str, Any]

LATER = NOON + timedelta(minutes=10)

MEMBER, PHONE = ("member_id", "M0"), ("phone", "+8613900000001")
"""The identities by which one customer is two profiles."""

OWNED = {
    "profile": "id", "identity": "profile_id", "event": "profile_id", "profile_change": "profile_id",
    "consent_change": "profile_id", "enrolment": "profile_id", "path": "profile_id", "message": "profile_id",
    "feed": "profile_id", "held_feed": "profile_id", "walk_error": "profile_id", "cap_use": "profile_id",
    "cap_change": "profile_id",
}  # fmt: skip
"""Tables with the column that says whose a row is."""


def told(*lines: Json, at: datetime = NOON - timedelta(hours=2), source: str = "test") -> None:
    """Profile lines come in."""
    report = ingest_profiles(lines, now=at, source=source)
    assert not report.rejected, report.rejected[:3]


def line(**identities: str) -> Json:
    """A line about somebody with these identities."""
    return {"identities": identities}


def who(kind: str, value: str) -> int:
    """The profile behind an identity."""
    found: int = one("SELECT profile_id FROM identity WHERE kind = %s AND value = %s", kind, value)
    return found


def link(*identities: tuple[str, str], at: datetime = LATER) -> None:
    """A line that names several identities: they are one person's."""
    told({"identities": dict(identities)}, at=at)


def two(first: str = "MEMBER", **given: Any) -> tuple[int, int]:
    """A member and somebody known by a telephone alone, both reachable, who are one: who will stay and who goes."""
    if first == "PHONE":
        _by_phone(given)
    people(["M0"], **given)
    if first != "PHONE":
        _by_phone(given)
    return who(*MEMBER), who(*PHONE)


def _by_phone(given: Json) -> None:
    told({"identities": dict([PHONE]), "consent": {"sms": {"marketing": True}}, **given})


def become_one(at: datetime = LATER) -> Merge:
    """It comes out, and they are merged."""
    link(MEMBER, PHONE, at=at)
    return merged(at)[-1]


def did(identity: tuple[str, str], name: str = "order_paid", at: datetime = NOON, **properties: Any) -> None:
    """Somebody does something, known by this identity."""
    line = {"event": name, "time": at.isoformat(), "properties": properties, "identities": dict([identity])}
    assert ingest_events([line], now=at, source="test").accepted == 1


def changed(profile: int, at: datetime, **attributes: Any) -> None:
    """The history says that these attributes of hers were written then."""
    with transaction.atomic():
        cursor = django_cursor()
        changes.prepare(cursor, at)
        sides = {name: [None, value] for name, value in attributes.items()}
        changes.keep(cursor, [changes.Change(profile, sides, {})], at, "api:shop")


def merged(at: datetime = LATER) -> list[Merge]:
    """Run the stage until nothing is queued; what it has logged so far."""
    while merge.run(at).done or MergeRequest.objects.filter(state="queued").exists():
        pass
    return list(Merge.objects.order_by("pk"))


def rows(profile: int, tables: Iterable[str] = tuple(OWNED)) -> dict[str, list[str]]:
    """Everything that these tables hold about somebody, to the byte."""
    found = {}
    for table in tables:
        sql = f"SELECT t::text FROM {table} t WHERE {OWNED[table]} = %s ORDER BY t::text"
        found[table] = [text for (text,) in ask(sql, profile)]
    return found


def ghosts() -> dict[str, int]:
    """By table how many rows name somebody who is not there; and chunks and audiences that do."""
    found = {}
    for table, column in OWNED.items():
        sql = f"SELECT count(*) FROM {table} t WHERE NOT EXISTS (SELECT FROM profile p WHERE p.id = t.{column})"
        found[table] = one(sql)
    waiting = "SELECT count(*) FROM chunk, unnest(profiles) AS m (id)"
    found["chunk"] = one(f"{waiting} WHERE NOT EXISTS (SELECT FROM profile p WHERE p.id = m.id)")
    return {table: count for table, count in found.items() if count}


def astray() -> dict[str, int]:
    """By table how many rows lie in another shard than their person."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns WHERE column_name = 'shard' AND table_schema = 'public'"
        )
        sharded = {table for (table,) in cursor.fetchall()}
    found = {
        table: one(f"SELECT count(*) FROM {table} WHERE shard <> mod({column}, 64)")
        for table, column in OWNED.items()
        if table in sharded
    }
    chunks = "SELECT count(*) FROM chunk, unnest(profiles) AS m (id) WHERE shard <> mod(m.id, 64)"
    return {table: count for table, count in {**found, "chunk": one(chunks)}.items() if count}
