"""Waiting for whichever event comes first, or for the time to run out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from pydantic import Field

from audiences.rules.ast import Filter
from itinera.kit.durations import add
from itinera.kit.wire import NEVER
from itinera.kit.zones import Int64
from journeys.nodes.base import ANSWERED, WAIT, Decision, Group, Node, Step, register
from journeys.nodes.fields import Config, EventName, Forward, NodeId
from journeys.nodes.needs import EventMatch, Needs, WaitNeed


class WaitPath(Config):
    id: NodeId = Field(title=_("Id"))
    name: str = Field(default="", max_length=200, title=_("Name"))
    event: EventName = Field(title=_("Event"))
    where: tuple[Filter, ...] = Field(default=(), title=_("Only if"))


class WaitEventConfig(Config):
    paths: tuple[WaitPath, ...] = Field(min_length=1, max_length=61, title=_("Ways"))
    timeout: Forward = Field(title=_("At most"))
    count_from: Literal["entry", "arrival"] = Field(
        default="arrival",
        title=_("Counted from"),
        json_schema_extra={"labels": {"entry": _("entry"), "arrival": _("arrival here")}},
    )


@register
class WaitEvent(Node[WaitEventConfig]):
    """Events in `[start, start + timeout)` count, where start is the arrival or the entry.

    Counting from entry, what came before the arrival decides at once, the earliest first.
    """

    type = "wait.event"
    label = gettext_lazy("Wait for an event")
    group = Group.WAIT
    Config = WaitEventConfig
    ports_from = "paths"
    fixed_ports = ("timeout",)

    def events(self, config: WaitEventConfig) -> Mapping[str, EventMatch]:
        return {f"paths[{index}]": EventMatch(path.event, path.where) for index, path in enumerate(config.paths)}

    def needs(self, config: WaitEventConfig, wired: frozenset[str]) -> Needs:
        wait = WaitNeed(tuple(self.events(config).values()), from_entry=config.count_from == "entry")
        return Needs(wait=wait, zones=bool(config.timeout.months))

    def decide(self, config: WaitEventConfig, wired: frozenset[str], step: Step) -> Decision:
        start = step.entered_at if config.count_from == "entry" else step.at
        end = add(start, config.timeout, step.zones)
        port = np.where(step.resumed == ANSWERED, step.answer, len(config.paths))
        came, path = _earliest(step.came, len(step))
        at_once = step.arriving & (came < end)
        decision = Decision.when(step, end, port)
        return Decision(
            np.where(at_once, path, decision.port).astype(np.int16), np.where(at_once, NEVER, decision.until)
        )


def _earliest(came: tuple[Int64, ...], rows: int) -> tuple[Int64, Int64]:
    """When the first event of any path came (far in the future if none did), and of which path."""
    late = np.iinfo(np.int64).max
    if not came:
        return np.full(rows, late), np.full(rows, WAIT)
    by_path = np.stack([np.where(each == NEVER, late, each) for each in came])
    path = by_path.argmin(axis=0)
    return by_path[path, np.arange(rows)], path
