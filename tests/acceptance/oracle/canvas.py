"""A canvas as the oracle reads it: defaults filled in, edges by node and port."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from tests.acceptance.oracle.people import Json

# Ports that fall back to `next` when nothing is drawn from them.
OPTIONAL_PORTS = {"message": {"capped", "unreachable", "failed"}, "delay.until": {"past"}}


def bucket(salt: str, unit: str) -> int:
    """0 to 9999: the same for the same salt and unit, for ever."""
    digest = hashlib.sha256(f"{salt}.{unit}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % 10_000


@dataclass(frozen=True)
class Node:
    """One node of the canvas."""

    id: str
    type: str
    config: Json


class Journey:
    """One canvas. `place` is its place among the canvases that walk together."""

    def __init__(self, document: Json, place: int) -> None:
        settings: Json = document.get("settings") or {}
        self.place = place
        self.slug: str = document["slug"]
        self.nodes = [Node(node["id"], node["type"], node.get("config") or {}) for node in document["nodes"]]
        self.node = {node.id: node for node in self.nodes}
        self.edges: dict[tuple[str, str], str] = {
            (edge["from"], edge.get("port", "next")): edge["to"] for edge in document["edges"]
        }
        self.zone = ZoneInfo(settings["zone"]) if settings.get("zone") else None
        self.people: str = settings.get("people", "consumer")
        self.priority: int = settings.get("priority", 50)
        self.category: str = settings.get("category", "marketing")
        self.reentry: Json = settings.get("reentry") or {}
        entry: Json = settings.get("entry") or {}
        self.filter: Any = entry.get("filter")
        self.holdout: bool = entry.get("holdout", True)
        self.goal: Json | None = settings.get("goal")
        self.exit_when: list[Json] = settings.get("exit_when") or []
        self.max_stay: str | None = settings.get("max_stay")

    @property
    def rank(self) -> tuple[int, int]:
        """Who goes first at one instant: higher priority, then canvas order."""
        return -self.priority, self.place

    def triggers(self, kind: str) -> list[Node]:
        """Its triggers of one type, in the order of the document."""
        return [node for node in self.nodes if node.type == kind]

    def way(self, node: Node, port: str) -> tuple[str, str | None]:
        """The port really taken and the node it leads to (None: nothing is drawn)."""
        to = self.edges.get((node.id, port))
        if to is None and port in OPTIONAL_PORTS.get(node.type, set()):
            return "next", self.edges.get((node.id, "next"))
        return port, to

    def split(self, node: Node, unit: str) -> str:
        """The way of a random split: contiguous ranges of buckets, in the order of the ways."""
        salt = hashlib.sha256(f"{self.slug}:{node.id}".encode()).hexdigest()[:32]
        drawn, upto = bucket(salt, unit), 0
        for way in node.config["ways"]:
            upto += round(way["percent"] * 100)
            if drawn < upto:
                break
        return str(way["id"])
