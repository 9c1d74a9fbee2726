"""The journeys of one profile, for the view that shows her from all sides."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection
from django.utils.translation import gettext_noop as _

from audiences.models import SHARDS
from audiences.panels import LATEST, Panel, Row
from journeys.engine.plans import PLANS
from journeys.models import Enrolment, ExitReason, Journey, Version


class Walks(Panel):
    """Each walk: in which version, since when, at which node, why and when it ended, whether the goal was met."""

    label = _("Journeys")
    permission = "journeys.view_journey"

    def rows(self, profile: int, *, clear: bool, most: int = LATEST) -> list[Row]:  # nothing to mask
        journeys = list(Journey.objects.values_list("id", flat=True))
        # By the whole front of the key: one descent per journey.
        found = Enrolment.objects.filter(shard=profile % SHARDS, journey_id__in=journeys, profile_id=profile)
        walks = list(found.order_by("-entered_at", "-seq")[:most])
        versions = Version.objects.select_related("journey").in_bulk({walk.version_id for walk in walks})
        nodes = _nodes(list(versions))
        return [_row(walk, versions[walk.version_id], nodes) for walk in walks]


def _row(walk: Enrolment, version: Version, nodes: Mapping[tuple[int, int], tuple[str, str]]) -> Row:
    node, name = nodes[walk.version_id, walk.node]
    return {
        "journey": version.journey.slug,
        "name": version.journey.name,
        "version": version.number,
        "enrolment": walk.seq,
        "entered_at": walk.entered_at,
        "node": node,
        "node_name": name,
        "node_at": walk.node_at,
        "due_at": walk.due_at,
        "left_at": walk.left_at,
        "reason": None if walk.reason is None else ExitReason(walk.reason).label,
        "goal_at": walk.goal_at,
        "goal_value": walk.goal_value,
    }


def _nodes(versions: list[int]) -> dict[tuple[int, int], tuple[str, str]]:
    """Id and name of each node, by version and place."""
    with connection.cursor() as cursor:
        plans = PLANS.of(cursor, versions)
    return {(number, node.index): (node.id, node.name) for number, plan in plans.items() for node in plan.by_index}
