"""A checked canvas made ready to be walked: numbered, ordered, every way out resolved."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from channels_out.render import compile_content
from itinera.kit.errors import Refusal
from journeys.canvas.document import Canvas, CanvasNode
from journeys.canvas.graph import Graph
from journeys.canvas.settings import Settings
from journeys.nodes import NODES
from journeys.nodes.base import Decision, Node, Step
from journeys.nodes.fields import Config
from journeys.nodes.needs import EventMatch, Needs
from journeys.nodes.set import SetConfig
from journeys.nodes.trigger_event import TriggerEventConfig
from journeys.nodes.trigger_schedule import TriggerScheduleConfig
from journeys.triggers.event import EventTrigger
from journeys.triggers.schedule import ScheduleTrigger


@dataclass(frozen=True, slots=True)
class PlanNode:
    """One node of a plan.

    `index` is its place in the document: dense, stable for a version, below 512. `targets[p]` is the
    index of the node that port `p` leads to; None ends the walk there as `completed`. An optional port
    without an edge leads where `next` leads (and no decision sends anybody through it).
    """

    index: int
    id: str
    type: str
    name: str
    config: Config
    node: Node[Config]
    ports: tuple[str, ...]
    wired: frozenset[str]
    targets: tuple[int | None, ...]
    needs: Needs
    salt: str

    @property
    def is_trigger(self) -> bool:
        return self.node.is_trigger

    def decide(self, step: Step) -> Decision:
        """Which way each of these people takes."""
        return self.node.decide(self.config, self.wired, step)


@dataclass(frozen=True, slots=True)
class Plan:
    """A journey as the engine walks it. Immutable; equal documents give equal plans."""

    slug: str
    name: str
    settings: Settings
    nodes: tuple[PlanNode, ...]
    """In topological order: every edge leads forward. Ties keep the document's order."""

    by_index: tuple[PlanNode, ...]
    """The same nodes, `by_index[i].index == i`."""

    events: tuple[EventTrigger, ...]
    schedules: tuple[ScheduleTrigger, ...]
    exits: tuple[EventMatch, ...]
    """`settings.exit_when` as events."""

    goal: EventMatch | None
    """`settings.goal.when`; the rest of the goal stands in `settings.goal`."""

    event_names: frozenset[str]
    """What must be fed: names of triggers, waits, exits and the goal."""

    tags: frozenset[str]
    """What is set on the way."""

    uses_entry: bool
    """Something reads the entry event's properties after entry; else they need not be kept."""

    uses_answer: bool
    """Something reads the properties of the event that a wait got."""


def compile_plan(canvas: Canvas) -> Plan:
    """Make a canvas ready. Refusal with every fault of its shape when it cannot be walked."""
    _walkable(canvas)
    by_index = _nodes(canvas)
    settings = canvas.settings
    exits = tuple(EventMatch(rule.event, rule.where) for rule in settings.exit_events)
    goal = EventMatch(settings.goal.when.event, settings.goal.when.where) if settings.goal else None
    asked = [match for node in by_index for match in node.node.events(node.config).values()]
    read = set(_read(settings.model_dump(mode="json"))).union(*(_reads(node) for node in by_index))
    return Plan(
        slug=canvas.slug,
        name=canvas.name,
        settings=settings,
        nodes=_in_order(by_index),
        by_index=by_index,
        events=tuple(_event(node, node.config) for node in by_index if isinstance(node.config, TriggerEventConfig)),
        schedules=tuple(
            _schedule(node, node.config) for node in by_index if isinstance(node.config, TriggerScheduleConfig)
        ),
        exits=exits,
        goal=goal,
        event_names=frozenset(match.event for match in (*asked, *exits, *([goal] if goal else []))),
        tags=frozenset(tag for node in by_index if isinstance(node.config, SetConfig) for tag in node.config.tags),
        uses_entry="entry" in read,
        uses_answer="answer" in read,
    )


def _walkable(canvas: Canvas) -> None:
    shape = Graph.of(canvas.model_dump(mode="json", by_alias=True))
    wrong = [problem for problem in shape.problems() if problem.severity == "error"]
    if wrong:
        raise Refusal(wrong)


def _nodes(canvas: Canvas) -> tuple[PlanNode, ...]:
    index = {node.id: at for at, node in enumerate(canvas.nodes)}
    leads: dict[str, dict[str, int]] = {node.id: {} for node in canvas.nodes}
    for edge in canvas.edges:
        leads[edge.source][edge.port] = index[edge.target]
    return tuple(_node(canvas.slug, at, node, leads[node.id]) for at, node in enumerate(canvas.nodes))


def _node(slug: str, index: int, node: CanvasNode, leads: Mapping[str, int]) -> PlanNode:
    kind = NODES[node.type]
    ports, wired = kind.ports(node.config), frozenset(leads)
    return PlanNode(
        index=index,
        id=node.id,
        type=node.type,
        name=node.name,
        config=node.config,
        node=kind,
        ports=ports,
        wired=wired,
        targets=tuple(leads.get(port, leads.get("next") if port in kind.optional_ports else None) for port in ports),
        needs=kind.needs(node.config, wired),
        # As every salt, 32 hexadecimal digits; readable names never stand in a salt themselves.
        salt=hashlib.sha256(f"{slug}:{node.id}".encode()).hexdigest()[:32],
    )


def _in_order(nodes: Sequence[PlanNode]) -> tuple[PlanNode, ...]:
    """Kahn's order; among nodes that could come next, the document's."""
    awaited = [0] * len(nodes)
    for node in nodes:
        for target in _ahead(node):
            awaited[target] += 1
    ready = [index for index, count in enumerate(awaited) if not count]
    ordered: list[PlanNode] = []
    while ready:
        ordered.append(nodes[heapq.heappop(ready)])
        for target in _ahead(ordered[-1]):
            awaited[target] -= 1
            if not awaited[target]:
                heapq.heappush(ready, target)
    return tuple(ordered)


def _ahead(node: PlanNode) -> set[int]:
    return {target for target in node.targets if target is not None}


def _event(node: PlanNode, config: TriggerEventConfig) -> EventTrigger:
    return EventTrigger(node.index, EventMatch(config.event, config.where), config.max_age)


def _schedule(node: PlanNode, config: TriggerScheduleConfig) -> ScheduleTrigger:
    return ScheduleTrigger(node.index, config.people, config.at, config.cron, config.from_, config.until)


def _reads(node: PlanNode) -> Iterator[str]:
    """Whose values a node reads: `profile`, `entry`, `answer`."""
    yield from _read(node.config.model_dump(mode="json"))
    yield from (column.of for column in node.needs.columns)
    message = node.needs.message
    if message is not None and message.content is not None:
        yield from (namespace for namespace, _name in compile_content(message.channel, message.content).variables)
    elif message is not None:
        yield from ("entry", "answer")  # a template can be edited at any time


def _read(value: Any) -> Iterator[str]:
    """Every `{"of": …, "name": …}` in a document."""
    if isinstance(value, dict):
        if value.keys() == {"of", "name"}:
            yield str(value["of"])
        for inner in value.values():
            yield from _read(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _read(inner)
