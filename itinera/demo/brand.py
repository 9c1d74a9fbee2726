"""The brand's own side of the demo: its settings and its three journeys, as documents."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
WORKSPACE = HERE / "workspace.json"
BEGUN_BY_ORDERS, BEGUN_BY_SILENCE = ("welcome", "thanks"), ("winback",)
JOURNEYS = (*BEGUN_BY_ORDERS, *BEGUN_BY_SILENCE)

Document = dict[str, Any]


def canvas(slug: str) -> Document:
    """The canvas of a journey, as it would be imported anywhere."""
    found: Document = json.loads((HERE / "canvases" / f"{slug}.json").read_text(encoding="utf-8"))
    return found


def with_first_run(document: Mapping[str, Any], at: datetime) -> Document:
    """The same canvas with one more trigger: what its daily schedule would do, done once at `at`.

    Without it a visitor would wait until ten the next morning. The node's name says that it is the demo's.
    """
    changed = copy.deepcopy(dict(document))
    daily = next(node for node in changed["nodes"] if node["type"] == "trigger.schedule")
    config = {"rule": daily["config"]["rule"], "at": at.isoformat()}
    first = {"id": "launch", "type": "trigger.schedule", "name": "演示：上线时先盘点一次", "config": config}
    changed["nodes"].insert(changed["nodes"].index(daily) + 1, first)
    changed["edges"] += [{**edge, "from": first["id"]} for edge in changed["edges"] if edge["from"] == daily["id"]]
    return changed
