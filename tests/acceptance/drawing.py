"""Short ways to draw a canvas, name a person and write an event, so that a case shows only what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any

Json = dict[str, Any]

ON = {"sms": {"marketing": True}, "email": {"marketing": True}}
_FOLLOWED = frozenset({"trigger.event", "trigger.schedule", "delay.for", "delay.until", "message", "set", "goal"})
_numbers = count(1)


@dataclass(frozen=True)
class Drawn:
    """A node with the ways out that are drawn from it."""

    id: str
    type: str
    config: Json
    ways: dict[str, str | None]


def node(name: str, kind: str, config: Json | None = None, **ways: str | None) -> Drawn:
    """A node; `ways` name where each port leads. `else_` and the like stand for Python's own words."""
    return Drawn(name, kind, config or {}, {port.rstrip("_"): to for port, to in ways.items()})


def draw(*nodes: Drawn, slug: str = "welcome", **settings: Any) -> Json:
    """A canvas of these nodes; one whose `next` is not named leads to the node after it."""
    edges: list[Json] = []
    for place, each in enumerate(nodes):
        ways = dict(each.ways)
        if each.type in _FOLLOWED and "next" not in ways and place + 1 < len(nodes):
            ways["next"] = nodes[place + 1].id
        edges += [{"from": each.id, "port": port, "to": to} for port, to in ways.items() if to]
    documents = [
        {"id": each.id, "type": each.type, "name": "", "config": each.config, "position": {"x": 0, "y": 90 * place}}
        for place, each in enumerate(nodes)
    ]
    return {"format": 1, "name": slug, "slug": slug, "settings": settings, "nodes": documents, "edges": edges}


def start(event: str = "order_paid", name: str = "start", **config: Any) -> Drawn:
    """The usual trigger."""
    return node(name, "trigger.event", {"event": event, **config})


def sms(name: str = "text", text: str = "hello", **config: Any) -> Drawn:
    """A message by SMS; `ways` are given through `wired`."""
    ways = config.pop("wired", {})
    return node(name, "message", {"channel": "sms", "content": {"text": text}, **config}, **ways)


def person(member: str = "M1", **given: Any) -> Json:
    """A profile line of somebody who can be reached by SMS and e-mail and has said yes to both."""
    number = int("".join(filter(str.isdigit, member)) or 0)
    identities = {"phone": f"+86139{number:08d}", "email": f"{member.lower()}@example.test"}
    return {"member_id": member, "identities": identities, "consent": ON, **given}


def event(at: str, name: str = "order_paid", member: str = "M1", **properties: Any) -> Json:
    """An event line with an id of its own."""
    return {
        "id": f"e-{next(_numbers)}",
        "member_id": member,
        "event": name,
        "time": at,
        "properties": properties,
    }


def attributes(**types: str) -> Json:
    """A workspace that declares attributes by type."""
    return {"catalogue": {"attributes": [{"name": name, "type": kind} for name, kind in types.items()]}}
