"""Short ways to set a scene for waves: who there is, what is published, what happens, and what came of it.

Time is an argument everywhere: nothing here reads a clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from django.db import connection, transaction

from audiences.ingest import ingest_events, ingest_profiles
from channels_out import door, owed, results
from channels_out.models import Account, AttemptOutcome
from channels_out.providers.base import Result
from itinera.kit.wire import django_cursor
from journeys import actions
from journeys.engine.plans import PLANS
from journeys.engine.world import load
from journeys.models import ExitReason, Journey, ScheduleRun, Version
from journeys.stages import advance, schedule

Json = dict[str, Any]

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
"""12:00 in Shanghai: no quiet hours unless a test makes some."""
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)

REJECTED = AttemptOutcome.REJECTED

_numbers = count(1)


def accounts() -> None:
    """One per channel, so that canvases with messages can be published; nothing is really sent."""
    for channel, provider in (("sms", "http_sms"), ("email", "smtp")):
        config = {"url": "https://gateway.example.test/sms"} if channel == "sms" else {}
        Account.objects.create(
            slug=channel, channel=channel, provider=provider, name=channel, is_default=True, config=config
        )


def people(members: int | Iterable[str], at: datetime = NOON - 2 * HOUR, **given: Any) -> None:
    """Profiles (M0, M1 … for a number) who can be reached by SMS and have agreed."""
    names = [f"M{n}" for n in range(members)] if isinstance(members, int) else members
    lines: list[Json] = [
        {
            "member_id": name,
            "identities": {"phone": f"+86138{next(_numbers):08d}"},
            "consent": {"sms": {"marketing": True}},
            **given,
        }
        for name in names
    ]
    report = ingest_profiles(lines, now=at, source="test")
    assert not report.rejected, report.rejected[:3]


def neighbours(*names: str, shard: int = 1, at: datetime = NOON - 2 * HOUR, **given: Any) -> None:
    """People who share a shard, and so are walked by the same wave."""
    first = 64 * one("SELECT coalesce(max(id), 0) / 64 + 1 FROM profile") + shard
    sequence = one("SELECT pg_get_serial_sequence('profile', 'id')")
    _execute(f"ALTER SEQUENCE {sequence} INCREMENT BY 64 RESTART WITH {first}")
    try:
        people(names, at, **given)
    finally:
        _execute(f"ALTER SEQUENCE {sequence} INCREMENT BY 1")


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def events(
    members: int | Iterable[str],
    name: str = "order_paid",
    at: datetime = NOON,
    known: datetime | None = None,
    **given: Any,
) -> None:
    """One event of each of them, with the same properties; taken in at `known`, else when it happens."""
    names = [f"M{n}" for n in range(members)] if isinstance(members, int) else members
    lines: list[Json] = [
        {"id": f"e-{next(_numbers)}", "member_id": who, "event": name, "time": at.isoformat(), "properties": given}
        for who in names
    ]
    report = ingest_events(lines, now=known or at, source="test")
    assert report.accepted == len(lines), report.rejected[:3]


def publish(canvas: Json, at: datetime = NOON - HOUR) -> Version:
    """The canvas as the version that people enter from now on."""
    return actions.publish(actions.save_draft(canvas, None), None, at)


def journey(slug: str = "welcome") -> Journey:
    return Journey.objects.get(slug=slug)


def pause(slug: str = "welcome") -> None:
    actions.pause(journey(slug), None)


def resume(slug: str = "welcome") -> None:
    actions.resume(journey(slug), None)


def walk(at: datetime = NOON, limit: int = 20_000) -> dict[str, Any]:
    """Run waves until there is nothing to do at this instant; their figures added up."""
    total: dict[str, Any] = {}
    more = True
    while more:
        report = advance.run(at, limit)
        more = report.more
        for name, value in {"people": report.done, **report.detail}.items():
            assert isinstance(value, int)
            total[name] = total.get(name, 0) + value
    return total


def ask(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    """Rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params or None)
        return list(cursor.fetchall())


def one(sql: str, *params: Any) -> Any:
    """The single value of a query."""
    ((value,),) = ask(sql, *params)
    return value


def member(name: str) -> int:
    """The profile behind a member_id."""
    found: int = one("SELECT profile_id FROM identity WHERE kind = 'member_id' AND value = %s", name)
    return found


def exits(slug: str = "welcome") -> dict[str | None, int]:
    """How many walks stand under which exit reason; None: still inside."""
    sql = (
        "SELECT e.reason, count(*) FROM enrolment e JOIN journey j ON j.id = e.journey_id WHERE j.slug = %s GROUP BY 1"
    )
    return {None if reason is None else ExitReason(reason).label: n for reason, n in ask(sql, slug)}


def path(name: str, version: Version) -> list[tuple[str, str]]:
    """A person's way through a version: each node with the port she took (`waits`, `left`), in her order."""
    nodes = version.canvas["nodes"]
    rows = ask(
        "SELECT codes FROM path WHERE profile_id = %s AND version_id = %s ORDER BY seq, stamp", member(name), version.pk
    )
    return [_step(code, nodes, version) for (codes,) in rows for code in codes]


def _step(code: int, nodes: list[Json], version: Version) -> tuple[str, str]:
    plan = PLANS.of(django_cursor(), [version.pk])[version.pk]
    index, port = code >> 6, code & 63
    ways = {62: "left", 63: "waits"}
    return nodes[index]["id"], ways.get(port) or plan.by_index[index].ports[port]


def dispatch(at: datetime, most: int = 1_000) -> int:
    """Claim what is owed, take it through the door, and have the rest taken by a provider; how many were."""
    with transaction.atomic(), connection.cursor() as cursor:
        claimed = owed.claim(cursor, Account.objects.get(slug="sms").pk, most, at)
        stops = door.ask(django_cursor(), claimed, at)
        results.stop(cursor, claimed, stops, at)
        opened = owed.open_calls(cursor, [each for each in claimed if each.id not in stops], at)
        closings = [results.decide(each, Result(AttemptOutcome.ACCEPTED), at, idempotent=False) for each in opened]
        results.close(cursor, closings, at)
    return len(closings)


def first_slice(version: Version, at: datetime) -> None:
    """The run of the version's schedule at this instant, with its first person and no further."""
    world = load(django_cursor())
    live = next(each for each in world.versions if each.id == version.pk)
    (trigger,) = live.plan.schedules
    run = ScheduleRun.objects.create(version=version, node=trigger.node, at=at)
    ids = schedule.people_at(django_cursor(), world, live, trigger, at)
    with transaction.atomic():
        schedule.enter_slice(django_cursor(), live, trigger, run, ids[:1])
        run.save()
    assert run.people == 1


def answer(outcome: AttemptOutcome, at: datetime, most: int = 1_000) -> int:
    """What dispatch writes when a provider has answered so for every queued SMS; how many there were."""
    with transaction.atomic(), connection.cursor() as cursor:
        claimed = owed.claim(cursor, Account.objects.get(slug="sms").pk, most, at)
        opened = owed.open_calls(cursor, claimed, at)
        closings = [results.decide(each, Result(outcome), at, idempotent=False) for each in opened]
        results.close(cursor, closings, at)
    return len(closings)
