"""One person: who she is, what is known of her, what happened to her, what she was sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from tests.acceptance.oracle.times import LONG_AGO

Json = dict[str, Any]
# A JSON value of any type, or what an operator makes of one.
Value = Any


class Event(NamedTuple):
    """An accepted event line. `line` is its place among all lines as they are taken."""

    line: int
    at: datetime
    name: str
    properties: Json


class Change(NamedTuple):
    """An accepted profile line. One without `updated` was always known."""

    line: int
    at: datetime
    body: Json


class Use(NamedTuple):
    """A message that counts against caps, from the instant policy let it through."""

    at: datetime
    channel: str
    category: str
    journey: str
    people: str


@dataclass
class Person:
    """State at the instant being looked at, and the lines that are still to come."""

    identities: dict[str, list[str]] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    attributes: Json = field(default_factory=dict)
    consent: dict[str, Json] = field(default_factory=dict)
    suppressed: set[str] = field(default_factory=set)
    zone: ZoneInfo | None = None
    kind: str = "consumer"
    history: list[Event] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)

    def _first(self) -> tuple[str, str]:
        kind = "member_id" if "member_id" in self.identities else min(self.identities)
        return kind, self.identities[kind][0]

    @property
    def name(self) -> str:
        """Her name in outputs: `member_id:M1`, or else her first identity in order of kinds."""
        return ":".join(self._first())

    @property
    def unit(self) -> str:
        """What her buckets hash: the member id itself, or else `kind:value`."""
        kind, value = self._first()
        return value if kind == "member_id" else f"{kind}:{value}"

    @property
    def known_from(self) -> datetime:
        """The instant of her first line; a profile line without `updated` was there from the start."""
        return min([change.at for change in self.changes] + [event.at for event in self.events], default=LONG_AGO)

    def apply(self, change: Change) -> None:
        """Profile lines: attributes and consent merge, the rest replaces."""
        body = change.body
        self.attributes.update(body.get("attributes", {}))
        for channel, given in body.get("consent", {}).items():
            self.consent.setdefault(channel, {}).update(given)
        if "zone" in body:
            self.zone = ZoneInfo(body["zone"]) if body["zone"] else None
        self.kind = body.get("kind") or self.kind
        if "suppressed" in body:
            self.suppressed = set(body["suppressed"])
