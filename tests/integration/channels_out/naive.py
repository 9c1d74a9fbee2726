"""Policy for one person at a time, written from the contract's words with nothing but the standard library.

Shares no code with the product, so that the two can only agree by both being right.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo


@dataclass
class Cap:
    limit: int
    rolling: timedelta | None = None
    calendar: str | None = None
    channel: str | None = None
    category: str | None = None
    journey: str | None = None


@dataclass
class Quiet:
    category: str
    start: time | None
    stop: time | None
    channel: str | None = None
    dates: tuple[tuple[date, date], ...] = ()


@dataclass
class Node:
    channel: str
    category: str
    journey: str
    transactional: bool
    on_quiet: str
    on_capped: str
    hold_for: timedelta | None
    stale_after: timedelta | None


@dataclass
class Policy:
    caps: list[Cap]
    quiet: list[Quiet]
    sent: dict[tuple[int, int], list[datetime]] = field(default_factory=lambda: defaultdict(list))

    def ask(  # noqa: C901  # one question after the other, as the contract lists them
        self, node: Node, person: dict[str, Any], ready: datetime, asked: datetime, refused: datetime | None
    ) -> tuple[str, str, datetime | None]:
        """(status, reason, until) and, for who may send, a place under every cap that matches."""
        if not person["phone"]:
            return "unreachable", "no_address", None
        if node.channel in person["suppressed"]:
            return "unreachable", "suppressed", None
        zone = ZoneInfo(person["zone"])
        if not node.transactional:
            given = person["consent"].get(node.channel, {}).get(node.category)
            if given is False:
                return "skipped", "opted_out", None
            if given is None and node.category == "marketing":
                return "skipped", "no_consent", None
            until = self.quiet_end(node, zone, asked)
            if until is not None:
                return ("skipped", "quiet_hours", None) if node.on_quiet == "drop" else ("hold", "quiet_hours", until)
            room = self.room(node, person["id"], zone, asked)
            if room > asked:
                deadline = None if node.hold_for is None else (refused or asked) + node.hold_for
                if node.on_capped != "hold" or (deadline is not None and deadline <= asked):
                    return "capped", "capped", None
                return "hold", "capped", room if deadline is None else min(room, deadline)
        if node.stale_after is not None and asked - ready > node.stale_after:
            return "skipped", "stale", None
        if not node.transactional:
            for number, cap in enumerate(self.caps):
                if self.matches(cap, node):
                    self.sent[person["id"], number].append(asked)
        return "send", "", None

    @staticmethod
    def matches(cap: Cap, node: Node) -> bool:
        return all(
            wanted is None or wanted == actual
            for wanted, actual in (
                (cap.channel, node.channel),
                (cap.category, node.category),
                (cap.journey, node.journey),
            )
        )

    def room(self, node: Node, person: int, zone: ZoneInfo, asked: datetime) -> datetime:
        """The first instant from `asked` on at which every cap has room, minute by reservation end."""
        candidates = {asked}
        for number, cap in enumerate(self.caps):
            for at in self.sent[person, number]:
                candidates.add(self.over(cap, at, zone))
        for instant in sorted(each for each in candidates if each >= asked):
            if all(
                sum(self.over(cap, at, zone) > instant for at in self.sent[person, number]) < cap.limit
                for number, cap in enumerate(self.caps)
                if self.matches(cap, node)
            ):
                return instant
        raise AssertionError("there is always room in the end")

    @staticmethod
    def over(cap: Cap, at: datetime, zone: ZoneInfo) -> datetime:
        """When a reservation stops counting."""
        if cap.rolling is not None:
            return at + cap.rolling
        day = at.astimezone(zone).date()
        if cap.calendar == "day":
            following = day + timedelta(days=1)
        elif cap.calendar == "week":
            following = day + timedelta(days=8 - day.isoweekday())
        else:
            following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        return datetime.combine(following, time(), zone).astimezone(UTC)

    def quiet_end(self, node: Node, zone: ZoneInfo, asked: datetime) -> datetime | None:
        """Minute by minute until nothing is quiet any more."""
        rules = [q for q in self.quiet if q.category == node.category and q.channel in (None, node.channel)]
        if not any(self.is_quiet(rule, asked.astimezone(zone)) for rule in rules):
            return None
        instant = asked.replace(second=0, microsecond=0)
        while True:
            instant += timedelta(minutes=1)
            if not any(self.is_quiet(rule, instant.astimezone(zone)) for rule in rules):
                return instant

    @staticmethod
    def is_quiet(rule: Quiet, local: datetime) -> bool:
        if any(first <= local.date() <= last for first, last in rule.dates):
            return True
        if rule.start is None or rule.stop is None:
            return False
        clock = local.time()
        if rule.start < rule.stop:
            return rule.start <= clock < rule.stop
        return clock >= rule.start or clock < rule.stop
