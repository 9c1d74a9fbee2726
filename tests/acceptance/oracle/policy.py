"""Policy: whether a message may leave now, and if not, why and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.acceptance.oracle.canvas import bucket
from tests.acceptance.oracle.people import Json, Person, Use
from tests.acceptance.oracle.rules import Catalogue, calendar_period
from tests.acceptance.oracle.times import clock_time, day_at, duration, local, shift

ADDRESS = {"sms": "phone", "email": "email"}


class Workspace:
    """The parts of the workspace file that a walk depends on."""

    def __init__(self, body: Json | None) -> None:
        body = body or {}
        self.zone = ZoneInfo(body.get("zone") or "Asia/Shanghai")
        self.catalogue = Catalogue(body.get("catalogue"))
        self.caps: list[Json] = body.get("caps") or []
        self.quiet_hours: list[Json] = body.get("quiet_hours") or []
        self._holdout: Json = body.get("holdout") or {}

    def holds_out(self, person: Person) -> bool:
        """Whether somebody belongs to the global holdout, which is drawn of some kinds of people only."""
        percent = self._holdout.get("percent") or 0
        if person.kind not in self._holdout.get("kinds", ["consumer"]):
            return False
        return percent > 0 and bucket(self._holdout["salt"], person.unit) < round(percent * 100)


@dataclass(frozen=True)
class Intent:
    """A message that a walk wants to send."""

    journey: str
    zone: ZoneInfo
    channel: str
    category: str
    transactional: bool


@dataclass(frozen=True)
class Verdict:
    """`send`, or the status a refusal gives; `until` is when a hold for this reason would be asked again."""

    status: str
    reason: str | None = None
    until: datetime | None = None


def judge(workspace: Workspace, person: Person, intent: Intent, at: datetime) -> Verdict:
    """Ask policy in the contract's order; the first refusal counts."""
    if workspace.holds_out(person):
        return Verdict("skipped", "holdout")
    if not person.identities.get(ADDRESS[intent.channel]):
        return Verdict("unreachable", "no_address")
    if intent.channel in person.suppressed:
        return Verdict("unreachable", "suppressed")
    if intent.transactional:
        return Verdict("send")
    consent = person.consent.get(intent.channel, {}).get(intent.category)
    if consent is False:
        return Verdict("skipped", "opted_out")
    if consent is None and intent.category == "marketing":
        return Verdict("skipped", "no_consent")
    quiet_end = end_of_quiet(workspace.quiet_hours, intent, at)
    if quiet_end > at:
        return Verdict("skipped", "quiet_hours", quiet_end)
    caps = [cap for cap in workspace.caps if (cap.get("kind") or "consumer") == person.kind]
    uses = [use for use in person.uses if use.people == person.kind]
    room = room_from(_matching_caps(caps, intent), uses, at, intent.zone)
    if room > at:
        return Verdict("capped", "capped", room)
    return Verdict("send")


def _fits(rule: Json, key: str, value: str) -> bool:
    return rule.get(key) is None or bool(rule[key] == value)


def end_of_quiet(rules: list[Json], intent: Intent, at: datetime) -> datetime:
    """The first instant from `at` on at which no quiet hours hold: `at` itself if none hold now."""
    rules = [rule for rule in rules if _fits(rule, "category", intent.category)]
    rules = [rule for rule in rules if _fits(rule, "channel", intent.channel)]
    while True:
        ends = [end for rule in rules if (end := _quiet_until(rule, at, intent.zone)) is not None]
        if not ends:
            return at
        at = max(ends)


def _quiet_until(rule: Json, at: datetime, zone: ZoneInfo) -> datetime | None:
    """When this rule's present quiet ends; None if it is not quiet."""
    wall = local(at, zone)
    for first, last in rule.get("dates") or []:
        if date.fromisoformat(first) <= wall.date() <= date.fromisoformat(last):
            return day_at(date.fromisoformat(last) + timedelta(days=1), time(), zone)
    if not rule.get("from"):
        return None
    start, stop, clock = clock_time(rule["from"]), clock_time(rule["to"]), wall.time()
    if start <= stop:
        return day_at(wall.date(), stop, zone) if start <= clock < stop else None
    if clock >= start:
        return day_at(wall.date() + timedelta(days=1), stop, zone)
    return day_at(wall.date(), stop, zone) if clock < stop else None


def _matching_caps(caps: list[Json], intent: Intent) -> list[Json]:
    asked = {"channel": intent.channel, "category": intent.category, "journey": intent.journey}
    return [cap for cap in caps if all(_fits(cap, key, value) for key, value in asked.items())]


def room_from(caps: list[Json], uses: list[Use], at: datetime, zone: ZoneInfo) -> datetime:
    """The first instant from `at` on at which every cap has room, if nothing else is sent until then."""
    while True:
        waits = [until for cap in caps if (until := _full_until(cap, uses, at, zone)) is not None]
        if not waits:
            return at
        at = max(waits)


def _full_until(cap: Json, uses: list[Use], at: datetime, zone: ZoneInfo) -> datetime | None:
    """When a full cap next has room; None if it has room now."""
    counted = [use for use in uses if all(_fits(cap, key, getattr(use, key)) for key in ("channel", "category"))]
    counted = [use for use in counted if _fits(cap, "journey", use.journey)]
    window: Any = cap["window"]
    if isinstance(window, dict):
        first, after = calendar_period(window["calendar"], 0, at, zone)
        ends = [after for use in counted if first <= use.at < after]
    else:
        ends = [end for use in counted if (end := shift(use.at, duration(window), zone)) > at]
    return sorted(ends)[len(ends) - cap["limit"]] if len(ends) >= cap["limit"] else None
