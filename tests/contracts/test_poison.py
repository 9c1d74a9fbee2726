"""Whatever a person carries, a step that raises for her stops nobody else.

Every node type has its poisons here, or the reason why it needs none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from journeys.engine.plans import PLANS
from journeys.models import Version
from journeys.nodes import NODES
from tests.acceptance.drawing import Drawn, draw, node, sms, start
from tests.integration.engine import poison, reconcile, scene
from tests.integration.engine.scene import HOUR, NOON, ask, events, exits, publish, walk

pytestmark = pytest.mark.django_db(transaction=True)
COUNT = 200
CITIZENS = [f"M{n}" for n in range(COUNT)]
VICTIM = "M77"
END = node("end", "exit")
SPLIT = {"ways": [{"id": "a", "percent": 50}, {"id": "b", "percent": 50}]}
SEEN = {"paths": [{"id": "seen", "event": "seen"}], "timeout": "PT1H", "count_from": "entry"}

NONE_NEEDED = {
    "trigger.event": "everybody just goes on; its filters are rules, which pass over what they cannot read",
    "trigger.schedule": "everybody just goes on; who enters is asked in the run",
    "delay.for": "reads a zone only; one that is not known counts as the journey's",
    "exit": "reads nothing",
}


@dataclass(frozen=True)
class Case:
    """A canvas of one step, what she drinks, and the way out that she still takes (None: she leaves as `error`).

    `late`: she drinks it when the event has been taken in.
    """

    type: str
    steps: tuple[Drawn, ...]
    drunk: poison.Poison
    port: str | None = None
    late: bool = False


def _rule(kind: str, rule: dict[str, Any]) -> tuple[Drawn, ...]:
    if kind == "condition":
        return (node("step", "condition", {"rule": rule}, yes="end", no="end"), END)
    return (node("step", "branch", {"paths": [{"id": "way", "rule": rule}]}, way="end", else_="end"), END)


def _one(kind: str, **config: Any) -> tuple[Drawn, ...]:
    return (node("step", kind, config), END)


def _message(text: str) -> tuple[Drawn, ...]:
    return (sms("step", text, transactional=True), END)


def _until(**config: Any) -> tuple[Drawn, ...]:
    return (
        node("step", "delay.until", {"attribute": "points", "if_past": "port", **config}, next="end", past="end"),
        END,
    )


ADD = {"attributes": {"points": {"add": 1}}}
COPY = {"attributes": {"copied": {"of": "profile", "name": "points"}}}
ANSWER = (node("step", "wait.event", SEEN, seen="text", timeout="text"), sms("text", "{{ answer.n | default('') }}"))
SPLITTING = (node("step", "split.random", SPLIT, a="end", b="end"), END)

CASES = {
    "a sum that overflows": Case("condition", _rule("condition", poison.OVERFLOWING), poison.overflow),
    "a zone that is none": Case("condition", _rule("condition", poison.BIRTHDAY), poison.zone),
    "an attribute of another type": Case("condition", _rule("condition", poison.BIRTHDAY), poison.shape("[1]"), "no"),
    "a branch on a sum that overflows": Case("branch", _rule("branch", poison.OVERFLOWING), poison.overflow),
    "a split without a profile": Case("split.random", SPLITTING, poison.erase, late=True),
    "an unreadable date": Case("delay.until", _until(), poison.number),
    "a date in the year 294000": Case("delay.until", _until(), poison.text("294000-01-01"), "past"),
    "a date in the year 9999": Case("delay.until", _until(offset="P90Y"), poison.text("9999-12-31"), "waits"),
    "a date before dates": Case("delay.until", _until(offset="-P99Y"), poison.text("1000-01-01"), "past"),
    "a list for a date": Case("delay.until", _until(), poison.shape('["2026-12-01"]'), "past"),
    "an unreadable number in a text": Case("message", _message("{{ profile.points }}"), poison.number),
    "a text beyond all bounds": Case(
        "message", _message("{{ profile.points }}" * 30), poison.text("x" * 60_000), "next"
    ),
    "a text that is markup": Case("message", _message("{{ profile.points }}"), poison.text("{{ 1 }} %s %(x)s"), "next"),
    "arithmetic with a text": Case("message", _message("{{ profile.points * 2 }}"), poison.text("many"), "next"),
    "adding beyond all numbers": Case("set", _one("set", **ADD), poison.nines),
    "adding to a text": Case("set", _one("set", **ADD), poison.text("many"), "next"),
    "adding to an object": Case("set", _one("set", **ADD), poison.shape('{"a": [null]}'), "next"),
    "copying an unreadable number": Case("set", _one("set", **COPY), poison.number),
    "copying an object": Case("set", _one("set", **COPY), poison.shape('{"a": {"b": "\\t\\\\"}}'), "next"),
    "an unreadable answer": Case("wait.event", ANSWER, poison.unreadable),
    "a goal's unreadable value": Case(
        "goal", _one("goal", name="g", value={"of": "profile", "name": "points"}), poison.number
    ),
    "a goal's value that is a text": Case(
        "goal", _one("goal", name="g", value={"of": "profile", "name": "points"}), poison.text("many"), "next"
    ),
}  # fmt: skip


@pytest.fixture
def crowd(transactional_db: None) -> Iterator[None]:
    """Two hundred people who are walked by one wave."""
    PLANS._plans.clear()
    scene.accounts()
    scene.neighbours(*CITIZENS, attributes={"points": 5, "birthday": "1990-01-01"})
    yield
    assert reconcile.differences() == []


def test_every_node_type_has_a_poison_or_a_reason() -> None:
    assert {case.type for case in CASES.values()} | set(NONE_NEEDED) == set(NODES)
    assert not {case.type for case in CASES.values()} & set(NONE_NEEDED)


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize("name", CASES)
def test_she_who_is_poisoned_stops_nobody(name: str) -> None:
    case = CASES[name]
    version = publish(draw(start(), *case.steps))
    for drinks in (case.late, not case.late):
        events(CITIZENS) if drinks else case.drunk(VICTIM)
    walk(NOON + HOUR)
    found = exits()
    assert found.get("completed", 0) + found.get(None, 0) == COUNT - (case.port is None)
    if case.port is None:
        assert found["error"] == 1
        _kept(version)
    else:
        assert ask("SELECT error FROM walk_error") == []
        assert ("step", case.port) in scene.path(VICTIM, version)


def _kept(version: Version) -> None:
    """What is kept of her names the version, and says nothing about her."""
    ((number, error, trace, items),) = ask("SELECT version_id, error, trace, items FROM walk_error")
    assert number == version.pk
    assert error
    assert items
    for words in (poison.SECRET, "+86138", VICTIM):
        assert words not in error
        assert words not in trace
