"""The three files of a replay: messages.jsonl, steps.jsonl, nodes.json."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from tests.acceptance.oracle.canvas import Journey
from tests.acceptance.oracle.people import Json, Value
from tests.acceptance.oracle.simulation import Simulation
from tests.acceptance.oracle.times import as_text
from tests.acceptance.oracle.walk import Message, Walk


@dataclass
class Results:
    """What a replay writes, as objects."""

    messages: list[Json]
    steps: list[Json]
    nodes: Json

    def write(self, folder: Path) -> None:
        """Write the three files; same results, same bytes."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, lines in (("messages", self.messages), ("steps", self.steps)):
            text = "".join(_dumped(line) + "\n" for line in lines)
            (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
        (folder / "nodes.json").write_text(_dumped(self.nodes) + "\n", encoding="utf-8")


def _dumped(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def collect(simulations: list[Simulation], journeys: list[Journey]) -> Results:
    """Put everybody's walks together, in the order of the contract."""
    messages: list[tuple[tuple[Value, ...], Json]] = []
    steps: list[tuple[tuple[Value, ...], Json]] = []
    nodes = {journey.slug: _empty(journey) for journey in sorted(journeys, key=lambda each: each.slug)}
    for simulation in simulations:
        for slug, count in simulation.filtered.items():
            _add(nodes[slug]["exits"], "filtered", count)
        for walk in simulation.walks:
            name = walk.person.name
            messages += [_message_line(walk, name, each) for each in [*walk.messages, *_held(walk)]]
            key = (name, walk.journey.slug, walk.number)
            steps += [((*key, place), line) for place, line in enumerate(_step_lines(walk, name))]
            _count(nodes[walk.journey.slug], walk)
    messages.sort(key=lambda each: each[0])
    steps.sort(key=lambda each: each[0])
    return Results([line for _, line in messages], [line for _, line in steps], nodes)


def _held(walk: Walk) -> list[Message]:
    if walk.held is None or walk.due is None:
        return []
    return [Message(walk.node.id, walk.node.config["channel"], walk.due, "held", walk.held.reason)]


def _message_line(walk: Walk, name: str, message: Message) -> tuple[tuple[Value, ...], Json]:
    line = {
        "profile": name,
        "journey": walk.journey.slug,
        "node": message.node,
        "channel": message.channel,
        "at": as_text(message.at),
        "status": message.status,
        "reason": message.reason,
        "variant": None,
        "content": message.content,
    }
    return (message.at, name, message.node, walk.journey.slug, walk.number), line


def _step_lines(walk: Walk, name: str) -> list[Json]:
    return [
        {
            "profile": name,
            "journey": walk.journey.slug,
            "enrolment": walk.number,
            "node": step.node,
            "port": step.port,
            "at": as_text(step.at),
            "left": as_text(step.left),
        }
        for step in walk.steps
    ]


def _empty(journey: Journey) -> Json:
    nodes = {node.id: {"in": 0, "at": 0, "out": {}} for node in journey.nodes}
    return {"nodes": nodes, "exits": {}, "goals": 0}


def _add(counts: Json, key: str, count: int = 1) -> None:
    counts[key] = counts.get(key, 0) + count


def _count(tally: Json, walk: Walk) -> None:
    for step in walk.steps:
        node = tally["nodes"][step.node]
        node["in"] += 1
        node["at"] += step.left is None
        if step.port is not None:
            _add(node["out"], step.port)
    if walk.reason is not None:
        _add(tally["exits"], walk.reason)
    tally["goals"] += walk.goal_met
