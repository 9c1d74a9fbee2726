"""The shape of a drawing: what leads where, and everything that is wrong with it.

Works on a raw document, so that faults of the graph are told together with faults of form: a node
whose settings cannot be read still stands in the graph, only its ports are not known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any

from django.utils.translation import gettext as _
from pydantic import TypeAdapter, ValidationError

from itinera.kit.errors import Problem
from journeys.canvas.document import AnyNode, CanvasNode
from journeys.nodes import NODES

MOST_NODES = 511
"""A path code is `node * 64 + port` in 16 bits."""

_LOOPS_TOLD = 20
_NODE: TypeAdapter[CanvasNode] = TypeAdapter(AnyNode)


@dataclass(frozen=True, slots=True)
class Vertex:
    """A node that has an id. `node` and `ports` are None when its settings cannot be read."""

    index: int
    id: str
    is_trigger: bool
    node: CanvasNode | None
    ports: tuple[str, ...] | None

    @property
    def path(self) -> str:
        return f"nodes[{self.index}]"


@dataclass(frozen=True, slots=True)
class Arrow:
    """An edge whose three parts are texts."""

    index: int
    source: str
    port: str
    target: str

    @property
    def path(self) -> str:
        return f"edges[{self.index}]"


@dataclass(frozen=True)
class Graph:
    vertices: tuple[Vertex, ...]
    arrows: tuple[Arrow, ...]

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Graph:
        """What can be made out; parts that are no nodes or edges at all are left to the models to refuse."""
        nodes, edges = _list(document.get("nodes")), _list(document.get("edges"))
        return cls(
            tuple(_vertex(index, node) for index, node in enumerate(nodes) if _is_text(node.get("id"))),
            tuple(
                Arrow(index, edge["from"], edge["port"], edge["to"])
                for index, edge in enumerate(edges)
                if all(_is_text(edge.get(key)) for key in ("from", "port", "to"))
            ),
        )

    @cached_property
    def by_id(self) -> Mapping[str, Vertex]:
        return {vertex.id: vertex for vertex in reversed(self.vertices)}

    @cached_property
    def leads(self) -> Mapping[str, list[Arrow]]:
        """The arrows out of each node, those between nodes that exist."""
        found: dict[str, list[Arrow]] = defaultdict(list)
        for arrow in self.arrows:
            if arrow.source in self.by_id and arrow.target in self.by_id:
                found[arrow.source].append(arrow)
        return found

    def wired(self, vertex: Vertex) -> frozenset[str]:
        """Its ways out that lead on."""
        return frozenset(arrow.port for arrow in self.leads.get(vertex.id, ()))

    def problems(self) -> Iterator[Problem]:
        """Everything that is wrong, each with its node or its edge."""
        yield from _of_nodes(self)
        yield from _of_edges(self)
        yield from _loops(self)
        yield from _unreached(self)
        yield from _loose_ends(self)


def _list(value: object) -> list[dict[str, Any]]:
    """The entries of a list, with something empty in place of each that is no object."""
    return [each if isinstance(each, dict) else {} for each in value] if isinstance(value, list) else []


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _vertex(index: int, node: dict[str, Any]) -> Vertex:
    type_ = node.get("type")
    kind = NODES.get(type_) if isinstance(type_, str) else None
    if kind is None:
        return Vertex(index, node["id"], str(type_).startswith("trigger."), None, None)
    try:
        read = _NODE.validate_python(node)
    except ValidationError:
        return Vertex(index, node["id"], kind.is_trigger, None, None)
    return Vertex(index, node["id"], kind.is_trigger, read, kind.ports(read.config))


def _of_nodes(graph: Graph) -> Iterator[Problem]:
    if len(graph.vertices) > MOST_NODES:
        yield Problem("too_many_nodes", _("A canvas has at most %(most)d steps.") % {"most": MOST_NODES}, "nodes")
    if not any(vertex.is_trigger for vertex in graph.vertices):
        yield Problem("no_trigger", _("Nobody can enter: the canvas has no trigger."), "nodes")
    for vertex in graph.vertices:
        if graph.by_id[vertex.id] is not vertex:
            words = _("The id “%(id)s” is taken by an earlier step.") % {"id": vertex.id}
            yield Problem("duplicate_node", words, f"{vertex.path}.id", vertex.id)
        for port in sorted({port for port in vertex.ports or () if (vertex.ports or ()).count(port) > 1}):
            words = _("Two ways out have the id “%(port)s”.") % {"port": port}
            yield Problem("duplicate_port", words, f"{vertex.path}.config", vertex.id)


def _of_edges(graph: Graph) -> Iterator[Problem]:
    taken: set[tuple[str, str]] = set()
    for arrow in graph.arrows:
        for end, id_ in (("from", arrow.source), ("to", arrow.target)):
            if id_ not in graph.by_id:
                yield Problem("unknown_node", _("There is no step “%(id)s”.") % {"id": id_}, f"{arrow.path}.{end}")
        source, target = graph.by_id.get(arrow.source), graph.by_id.get(arrow.target)
        if source and source.ports is not None and arrow.port not in source.ports:
            ways = ", ".join(source.ports) or "–"
            words = _("The step has no way out “%(port)s”; it has: %(ways)s.") % {"port": arrow.port, "ways": ways}
            yield Problem("unknown_port", words, f"{arrow.path}.port", source.id)
        if (arrow.source, arrow.port) in taken:
            words = _("Two edges lead on from “%(port)s”; only one way can be taken.") % {"port": arrow.port}
            yield Problem("port_taken", words, arrow.path, arrow.source)
        taken.add((arrow.source, arrow.port))
        if target and target.is_trigger:
            words = _("People enter at a trigger; no edge can lead to it.")
            yield Problem("edge_into_trigger", words, f"{arrow.path}.to", target.id)


def _loops(graph: Graph) -> Iterator[Problem]:
    """One problem per loop, each naming its steps; every loop found is cut before the next is sought."""
    before = {vertex.id: {a.target for a in graph.leads.get(vertex.id, ())} for vertex in graph.vertices}
    for _turn in range(_LOOPS_TOLD):
        try:
            TopologicalSorter(before).prepare()
        except CycleError as error:
            loop: list[str] = error.args[1][::-1]
            words = _("A person would walk in a circle: %(loop)s.") % {"loop": " → ".join(loop)}
            yield Problem("cycle", words, "edges", loop[0])
            before[loop[0]].discard(loop[1])
        else:
            return


def _unreached(graph: Graph) -> Iterator[Problem]:
    reached = {vertex.id for vertex in graph.vertices if vertex.is_trigger}
    if not reached:
        return
    ahead = list(reached)
    while ahead:
        for arrow in graph.leads.get(ahead.pop(), ()):
            if arrow.target not in reached:
                reached.add(arrow.target)
                ahead.append(arrow.target)
    for vertex in graph.vertices:
        if vertex.id not in reached:
            yield Problem("unreachable", _("No way leads here from a trigger."), vertex.path, vertex.id)


def _loose_ends(graph: Graph) -> Iterator[Problem]:
    """Any way out may end the walk, but an entry that leads nowhere, or a choice between nothing, is a slip."""
    for vertex in graph.vertices:
        if graph.wired(vertex) or not vertex.ports:
            continue
        if vertex.is_trigger:
            yield Problem("missing_edge", _("Whoever enters here has nowhere to go."), vertex.path, vertex.id)
        elif "next" not in vertex.ports:
            words = _("All ways out end the walk, so the choice has no effect.")
            yield Problem("nothing_follows", words, vertex.path, vertex.id, "warning")
