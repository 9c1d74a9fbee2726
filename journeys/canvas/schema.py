"""The catalogue of node types for the canvas: labels, ways out and JSON schemas, in the caller's language."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from journeys.nodes import NODES
from journeys.nodes.base import Group, Node
from journeys.nodes.fields import Config

GROUPS: Mapping[Group, Any] = MappingProxyType(
    {
        Group.START: gettext_lazy("Start"),
        Group.REACH: gettext_lazy("Reach"),
        Group.WAIT: gettext_lazy("Wait"),
        Group.DECIDE: gettext_lazy("Decide"),
        Group.SPLIT: gettext_lazy("Split"),
        Group.GUIDE: gettext_lazy("Guide tasks"),
        Group.CHANGE: gettext_lazy("Attributes and tags"),
        Group.END: gettext_lazy("Goal and end"),
    }
)
PORTS: Mapping[str, Any] = MappingProxyType(
    {
        "next": gettext_lazy("then"),
        "yes": gettext_lazy("yes"),
        "no": gettext_lazy("no"),
        "else": gettext_lazy("otherwise"),
        "timeout": gettext_lazy("time is over"),
        "past": gettext_lazy("already past"),
        "capped": gettext_lazy("cap is full"),
        "unreachable": gettext_lazy("cannot be reached"),
        "failed": gettext_lazy("sending failed"),
    }
)


def node_types() -> list[dict[str, Any]]:
    """One entry per type, in the order of the palette.

    `ports.own` names the setting whose entries (`id`, `name`) are ways out; they come before `ports.fixed`.
    """
    order = list(GROUPS)
    return sorted((_entry(node) for node in NODES.values()), key=lambda entry: order.index(Group(entry["group"])))


def _entry(node: Node[Config]) -> dict[str, Any]:
    fixed = [
        {"id": port, "label": str(PORTS[port]), "optional": port in node.optional_ports} for port in node.fixed_ports
    ]
    return {
        "type": node.type,
        "label": str(node.label),
        "group": node.group.value,
        "group_label": str(GROUPS[node.group]),
        "is_trigger": node.is_trigger,
        "ports": {"own": node.ports_from, "fixed": fixed},
        "schema": config_schema(node),
    }


def config_schema(node: Node[Config]) -> dict[str, Any]:
    """The JSON schema of a type's settings. Titles, descriptions and `labels` (of choices) are translated."""
    found: dict[str, Any] = _translated(node.Config.model_json_schema(by_alias=True))
    return found


def _translated(part: Any) -> Any:
    if isinstance(part, list):
        return [_translated(each) for each in part]
    if not isinstance(part, dict):
        return part
    if isinstance(part.get("properties"), dict):
        # Titles and descriptions of whole objects come from class names and docstrings: not for readers.
        part = {key: value for key, value in part.items() if key not in ("title", "description")}
    return {key: _words(key, value) for key, value in part.items()}


def _words(key: str, value: Any) -> Any:
    if key in ("title", "description") and isinstance(value, str):
        return gettext(value)
    if key == "labels" and isinstance(value, dict):
        return {choice: gettext(label) for choice, label in value.items()}
    return _translated(value)
