"""A small journey with figures, made as the engine would leave it."""

from __future__ import annotations

from typing import Any

from itinera.kit import clock
from journeys import actions
from journeys.models import ExitReason, Journey, Tally
from journeys.models.tally import NODE_EXITS, NODE_GOALS, PORT_IN

NODES: tuple[dict[str, Any], ...] = (
    {"id": "t1", "type": "trigger.event", "name": "下单", "config": {"event": "order_paid"}},
    {"id": "c1", "type": "condition", "name": "", "config": {"rule": {"all": []}}},
    {"id": "d1", "type": "delay.for", "name": "冷静期", "config": {"duration": "P7D"}},
    {"id": "x1", "type": "exit", "name": "", "config": {}},
)
EDGES = (("t1", "next", "c1"), ("c1", "yes", "d1"), ("c1", "no", "x1"), ("d1", "next", "x1"))


def canvas(slug: str = "welcome", **over: Any) -> dict[str, Any]:
    edges = [{"from": source, "port": port, "to": target} for source, port, target in EDGES]
    return {"format": 1, "name": "新客欢迎", "slug": slug, "nodes": list(NODES), "edges": edges, **over}


def draft(slug: str = "welcome", **over: Any) -> Journey:
    return actions.save_draft(canvas(slug, **over), None)


def published(slug: str = "welcome") -> Journey:
    journey = draft(slug)
    actions.publish(journey, None, clock.now())
    journey.refresh_from_db()
    return journey


def walked(journey: Journey, entered: int, waiting: int) -> None:
    """`entered` came in; half of them went the way `yes`, of whom `waiting` still wait; the rest has completed.

    Spread over two shards, as two workers would leave it.
    """
    yes, no = entered // 2, entered - entered // 2
    gone = entered - waiting
    cells = {
        (0, PORT_IN): entered, (0, 0): entered, (1, PORT_IN): entered, (1, 0): yes, (1, 1): no,
        (2, PORT_IN): yes, (2, 0): yes - waiting, (3, PORT_IN): gone, (3, -2): gone,
        (NODE_EXITS, ExitReason.COMPLETED): gone, (NODE_GOALS, 0): 1,
    }  # fmt: skip
    version = journey.live_version_id
    assert version is not None
    for (node, port), n in cells.items():
        for shard, part in ((3, n // 3), (40, n - n // 3)):
            row, _made = Tally.objects.get_or_create(shard=shard, version_id=version, node=node, port=int(port))
            Tally.objects.filter(shard=shard, version_id=version, node=node, port=int(port)).update(n=row.n + part)
