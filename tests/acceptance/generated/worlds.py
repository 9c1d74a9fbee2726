"""A whole generated world: canvases, workspace, people and their lines, and the span of the replay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import TypedDict

from tests.acceptance.generated.canvases import canvas
from tests.acceptance.generated.words import (
    ATTRIBUTES,
    BASES,
    CATALOGUE,
    PROPERTIES,
    ZONES,
    Json,
    instant,
    value,
    written,
)

SALT = "6f1c0b2a9d3e4f5a8b7c6d5e4f3a2b1c"


class Given(TypedDict):
    """What a replay is given beside the canvases."""

    profiles: list[Json]
    events: list[Json]
    workspace: Json | None
    since: datetime | None
    until: datetime | None


@dataclass
class World:
    """Everything a replay needs."""

    canvases: list[Json]
    given: Given


def _profile(random: Random, base: datetime, member: int, *, kinds: bool) -> Json:
    identities = {"phone": f"+86139{member:08}", "email": f"m{member}@example.test"}
    kept = {kind: given for kind, given in identities.items() if random.random() < 0.9}
    answers = {"marketing": random.random() < 0.85, "service": random.random() < 0.9}
    consent = {channel: {c: a for c, a in answers.items() if random.random() < 0.9} for channel in ("sms", "email")}
    line: Json = {"member_id": f"M{member}", "identities": kept, "consent": consent}
    line["attributes"] = {
        name: value(random, name, kind, base) for name, kind in ATTRIBUTES.items() if random.random() < 0.7
    }
    if kinds:
        line |= {"kind": random.choice(["consumer", "staff", "staff", "merchant"])} if random.random() < 0.4 else {}
    if random.random() < 0.5:
        line["zone"] = random.choice(ZONES)
    if random.random() < 0.05:
        line["suppressed"] = [random.choice(["sms", "email"])]
    return line


def _change(random: Random, base: datetime, member: int, *, kinds: bool) -> Json:
    name = random.choice(list(ATTRIBUTES))
    changed: Json = {"attributes": {name: value(random, name, ATTRIBUTES[name], base)}}
    changed |= {"kind": random.choice(["consumer", "staff"])} if kinds and random.random() < 0.3 else {}
    changed |= {"consent": {"sms": {"marketing": random.random() < 0.5}}} if random.random() < 0.3 else {}
    return {"member_id": f"M{member}", **changed, "updated": written(random, instant(random, base))}


def _events(random: Random, base: datetime, member: int, *, mail_only: bool) -> list[Json]:
    who = {"email": f"only{member}@example.test"} if mail_only else {"member_id": f"M{member}"}
    lines: list[Json] = []
    for number in range(random.randrange(12)):
        name = random.choice(["order_paid", "order_paid", "page_view", "page_view", "login", "unsubscribed"])
        properties = {
            each: value(random, each, kind, base) for each, kind in PROPERTIES[name].items() if random.random() < 0.85
        }
        at = written(random, instant(random, base))
        line = {"id": f"e{member}-{number}", **who, "event": name, "time": at, "properties": properties}
        lines.append(line)
        if random.random() < 0.08:
            lines.append({**line, "time": written(random, instant(random, base))})
        if random.random() < 0.05:
            lines.append({key: part for key, part in line.items() if key != "id"})
    return lines


def _workspace(random: Random, *, kinds: bool) -> Json:
    caps = [
        {
            "name": f"cap{place}",
            "limit": random.choice([1, 1, 2, 3]),
            "window": random.choice(["PT6H", "P1D", "P2D", "P7D", {"calendar": "day"}, {"calendar": "week"}]),
            "channel": random.choice([None, None, "sms"]),
            "category": random.choice([None, "marketing"]),
            "journey": random.choice([None, None, "j0"]),
            **({"kind": random.choice([None, "consumer", "staff"])} if kinds else {}),
        }
        for place in range(random.randrange(4))
    ]
    quiet = [
        {
            "category": "marketing",
            "channel": random.choice([None, "sms"]),
            "from": start,
            "to": stop,
        }
        for start, stop in random.sample(
            [("21:00", "08:00"), ("22:30", "06:00"), ("12:00", "18:00")], random.randrange(3)
        )
    ]
    holdout: Json = {"salt": SALT, "percent": random.choice([0, 0, 10, 30])}
    holdout |= (
        {"kinds": random.choice([["staff"], ["consumer", "staff"], []])} if kinds and random.random() < 0.5 else {}
    )
    return {"catalogue": CATALOGUE, "caps": caps, "quiet_hours": quiet, "holdout": holdout}


def world(seed: int, people: int = 40) -> World:
    """The world of a seed: always the same."""
    random = Random(seed)
    base = random.choice(BASES)
    kinds = random.random() < 0.4
    canvases = [canvas(random, base, f"j{place}", kinds=kinds) for place in range(random.choice([1, 1, 2, 3]))]
    profiles: list[Json] = []
    events: list[Json] = []
    for member in range(people):
        mail_only = random.random() < 0.05
        if not mail_only and random.random() < 0.9:
            profiles.append(_profile(random, base, member, kinds=kinds))
            profiles += [_change(random, base, member, kinds=kinds) for _ in range(random.choice([0, 0, 1, 2]))]
        events += _events(random, base, member, mail_only=mail_only)
    if random.random() < 0.5:
        random.shuffle(events)
    else:
        events.sort(key=lambda line: datetime.fromisoformat(line["time"]))
    since = instant(random, base) if random.random() < 0.2 else None
    until = instant(random, base) if random.random() < 0.3 else None
    if since and until and since > until:
        since, until = until, since
    return World(
        canvases,
        Given(profiles=profiles, events=events, workspace=_workspace(random, kinds=kinds), since=since, until=until),
    )
