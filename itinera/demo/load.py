"""The demo from an empty database to people walking: settings, people, history, journeys, the latest weeks.

The order is the point. History is taken in before there is any journey, so it starts nobody. Then the journeys
that orders begin are published, and the orders of the last five weeks arrive late, as after an outage: each enters
at its own time, and the engine catches up: who bought three weeks ago is past T+7 and waits for T+28. Messages
that are too old by then are skipped as `stale`; nothing is made up. The journey that silence begins comes last:
it must not take people for silent whose orders are still on their way.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

from audiences.ingest import ingest_events, ingest_profiles
from audiences.workspace_loaders import load_workspace
from channels_out import sandbox_accounts
from channels_out.models import Account
from itinera import env
from itinera.demo import brand, history
from itinera.demo.orders import Line
from itinera.kit import audit
from itinera.kit.models import AuditEntry
from journeys.actions import publish, save_draft
from journeys.models import Journey, JourneyStatus

ACTOR, OBJECT = "manage.py demo", "workspace:demo"
SLICE = 5_000
Tell = Callable[[str], None]


class Refused(Exception):
    """Lines of the demo that ingestion did not take: the text names the first. A bug, ours or its."""


def is_loaded() -> bool:
    """Whether an earlier run has come to its end."""
    return AuditEntry.objects.filter(object=OBJECT, verb="demo.end").exists()


def load(now: datetime, tell: Tell) -> None:
    """Does what is missing; a run that was killed is finished by the next, with the days of the first."""
    last_day = _last_day(now)
    load_workspace(brand.WORKSPACE, now, ACTOR)
    _accounts()
    profiles = [*history.customer_profiles(last_day), *history.newcomer_profiles(last_day)]
    tell(f"{_put(ingest_profiles, profiles, now)} people")
    orders = history.customer_orders(last_day)
    begin = (last_day - history.RECENT).isoformat() + "T24"  # later than any time of the day before the weeks
    recent = sorted(
        [*(line for line in orders if line["time"] > begin), *history.newcomer_orders(last_day)],
        key=lambda line: str(line["time"]),
    )
    past = [line for line in orders if line["time"] <= begin]
    tell(f"{_put(ingest_events, past, now)} orders of the past")
    for slug in brand.BEGUN_BY_ORDERS:
        _publish(brand.canvas(slug), now)
    tell(f"{_put(ingest_events, recent, now)} orders of the last weeks")
    for slug in brand.BEGUN_BY_SILENCE:
        _publish(brand.with_first_run(brand.canvas(slug), now), now)
    tell(f"{len(brand.JOURNEYS)} journeys under way")
    audit.record(ACTOR, "demo.end", OBJECT)


def _last_day(now: datetime) -> date:
    """Yesterday, as the first run saw it."""
    begun = AuditEntry.objects.filter(object=OBJECT, verb="demo.begin").order_by("id").first()
    if begun is not None and begun.after is not None:
        return date.fromisoformat(begun.after["last_day"])
    last_day = history.yesterday(now)
    audit.record(ACTOR, "demo.begin", OBJECT, after={"last_day": last_day.isoformat()})
    return last_day


def _accounts() -> None:
    """Accounts that send to the sandbox, which makes them itself when it starts; here for when it has not yet run."""
    if Account.objects.filter(slug__in=[sandbox_accounts.SMS, sandbox_accounts.EMAIL]).count() == 2:
        return
    http, smtp = (env.integer(f"SANDBOX_{kind}_PORT", port) for kind, port in (("HTTP", 8025), ("SMTP", 8026)))
    token = sandbox_accounts.known_token() or secrets.token_urlsafe(24)
    sandbox_accounts.point_at("127.0.0.1", http, smtp, token)


def _publish(document: brand.Document, now: datetime) -> None:
    if not Journey.objects.filter(slug=document["slug"]).exclude(status=JourneyStatus.DRAFT).exists():
        publish(save_draft(document, None), None, now)


def _put(ingest: Callable[..., Any], lines: Iterable[Line], now: datetime) -> int:
    """Takes the lines in, slice by slice; how many there were."""
    count = 0
    for part in _slices(lines):
        report = ingest(part, now=now, source="demo")
        for rejection in report.rejected:
            raise Refused(f"{part[rejection.index]}: {rejection.code} {rejection.path} {rejection.detail}")
        count += len(part)
    return count


def _slices(lines: Iterable[Line]) -> Iterator[list[Line]]:
    rest = iter(lines)
    while part := list(islice(rest, SLICE)):
        yield part
