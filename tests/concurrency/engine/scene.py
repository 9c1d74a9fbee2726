"""A published journey and people who have just paid: what the tests of this folder start from."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from audiences.ingest import ingest_events, ingest_profiles
from channels_out.models import Account
from itinera.kit import clock
from journeys import actions

Json = dict[str, Any]
SLICE = 5_000


def accounts() -> None:
    """An account per channel; nothing in these tests is really sent."""
    for channel, provider in (("sms", "http_sms"), ("email", "smtp")):
        Account.objects.create(
            slug=f"test-{channel}", channel=channel, provider=provider, name=channel, is_default=True
        )


def publish(*canvases: Json, ago: timedelta = timedelta(hours=1)) -> datetime:
    """Publish canvases as if an hour ago; what time it is now."""
    now = clock.now()
    for canvas in canvases:
        actions.publish(actions.save_draft(canvas, None), None, now - ago)
    return now


def people(count: int, **attributes: Any) -> None:
    """Profiles M0, M1 … who can be reached and have agreed."""
    lines: list[Json] = [
        {
            "member_id": f"M{number}",
            "identities": {"phone": f"+86137{number:08}", "email": f"m{number}@example.test"},
            "consent": {"sms": {"marketing": True}, "email": {"marketing": True}},
            "attributes": attributes,
        }
        for number in range(count)
    ]
    for first in range(0, count, SLICE):
        report = ingest_profiles(lines[first : first + SLICE], now=clock.now(), source="test")
        assert not report.rejected, report.rejected[:3]


def orders(count: int, at: datetime, name: str = "order_paid", first: int = 0) -> None:
    """One event of each of them."""
    lines = [
        {"id": f"{name}-{n}-{at}", "member_id": f"M{n}", "event": name, "time": at.isoformat(), "properties": {"n": n}}
        for n in range(first, first + count)
    ]
    for place in range(0, count, SLICE):
        report = ingest_events(lines[place : place + SLICE], now=clock.now(), source="test")
        assert not report.rejected, report.rejected[:3]


def ask(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    """Rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
