"""The journey of the bench: seven nodes from entry to exit, as in the design's measurements."""

from __future__ import annotations

from datetime import datetime
from typing import Any


def canvas(at: datetime) -> dict[str, Any]:
    """Entry, an attribute, a count of events, a split in two, a capped message each way, seven days, exit."""
    text = "【Itinera】{{ profile.first_name }}，{{ profile.city }}的朋友，您有 {{ profile.points }} 积分。退订回T"
    content, ways = {"text": text}, [{"id": "a", "percent": 50}, {"id": "b", "percent": 50}]
    recent = {"event": "page_view", "op": "lt", "value": 3, "window": {"last": "P7D"}}
    nodes: list[dict[str, Any]] = [
        {"id": "enter", "type": "trigger.schedule", "config": {"rule": {"all": []}, "at": at.isoformat()}},
        {"id": "opted", "type": "condition", "config": {"rule": {"attribute": "opt_in", "op": "eq", "value": True}}},
        {"id": "quiet", "type": "condition", "config": {"rule": recent}},
        {"id": "split", "type": "split.random", "config": {"ways": ways}},
        {"id": "message", "type": "message", "config": {"channel": "sms", "content": content}},
        {"id": "week", "type": "delay.for", "config": {"duration": "P7D"}},
        {"id": "out", "type": "exit", "config": {}},
    ]  # fmt: skip
    edges = [
        ("enter", "next", "opted"), ("opted", "yes", "quiet"), ("opted", "no", "out"), ("quiet", "yes", "split"),
        ("quiet", "no", "week"), ("split", "a", "message"), ("split", "b", "message"),
        ("message", "next", "week"), ("week", "next", "out"),
    ]  # fmt: skip
    return {
        "format": 1,
        "name": "bench",
        "slug": "bench",
        "settings": {"entry": {"holdout": False}},
        "nodes": nodes,
        "edges": [{"from": a, "port": port, "to": b} for a, port, b in edges],
    }


CAP = {"name": "bench-week", "limit": 3, "window": "P7D", "channel": "sms"}
