"""A checked canvas as the engine walks it."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itinera.kit.durations import Duration
from itinera.kit.errors import Refusal
from journeys.canvas.document import parse_canvas
from journeys.canvas.plan import Plan, compile_plan
from journeys.nodes.needs import EventMatch
from tests.unit.canvas.drawing import NODES, canvas, codes


def _plan(*args: Any, **more: Any) -> Plan:
    return compile_plan(parse_canvas(canvas(*args, **more)))


def test_indexes_follow_the_document_and_nodes_the_walk() -> None:
    backwards = dict(reversed(NODES.items()))
    plan = _plan(backwards)
    assert [node.id for node in plan.by_index] == list(backwards)
    assert [node.index for node in plan.by_index] == list(range(6))
    assert [node.id for node in plan.nodes] == ["t", "c", "d", "w", "m", "x"]


def test_every_way_out_is_resolved() -> None:
    plan = _plan()
    message = plan.by_index[3]
    assert message.ports == ("next", "capped", "unreachable", "failed")
    assert message.targets == (5, 5, 5, 5)  # optional ports lead where `next` leads
    assert message.wired == {"next"}
    wait = plan.by_index[4]
    assert (wait.ports, wait.targets) == (("paid", "timeout"), (3, None))  # an open way ends the walk
    assert plan.by_index[5].targets == ()


def test_what_must_be_fed_and_kept() -> None:
    plan = _plan(settings={"goal": {"when": {"event": "renewed"}}, "exit_when": [{"event": "left"}]})
    assert plan.event_names == {"order_paid", "renewed", "left"}
    assert (plan.exits, plan.goal) == ((EventMatch("left"),), EventMatch("renewed"))
    assert (plan.uses_entry, plan.uses_answer) == (False, False)
    (trigger,) = plan.events
    assert (trigger.node, trigger.match, trigger.max_age) == (0, EventMatch("order_paid"), Duration.parse("P1D"))


REFERS = {"property": "sku", "op": "eq", "value": {"of": "entry", "name": "sku"}}


@pytest.mark.parametrize(
    ("change", "entry", "answer"),
    [
        ({"m": {"type": "message", "config": {"channel": "sms", "content": {"text": "{{ entry.sku }}"}}}}, True, False),
        ({"m": {"type": "message", "config": {"channel": "sms", "content": {"text": "{{ answer.a }}"}}}}, False, True),
        ({"m": {"type": "message", "config": {"channel": "sms", "template": "hello"}}}, True, True),
        ({"w": {"type": "wait.event", "config": {"timeout": "P1D", "paths": [
            {"id": "paid", "event": "paid", "where": [REFERS]}]}}}, True, False),
        ({"c": {"type": "condition", "config": {"rule": {"event": "paid", "where": [REFERS]}}}}, True, False),
        ({"d": {"type": "set", "config": {"attributes": {"a": {"of": "answer", "name": "x"}}}}}, False, True),
        ({"d": {"type": "goal", "config": {"name": "g", "value": "amount"}}}, True, False),
    ],
)  # fmt: skip
def test_who_reads_the_entry_event_and_answers(change: dict[str, Any], entry: bool, answer: bool) -> None:
    plan = _plan({**NODES, **change})
    assert (plan.uses_entry, plan.uses_answer) == (entry, answer)


def test_the_salt_is_the_nodes_own_and_stays() -> None:
    plan = _plan()
    assert plan.by_index[2].salt == hashlib.sha256(b"welcome:d").hexdigest()[:32]
    assert len({node.salt for node in plan.nodes}) == 6


def test_defaults_of_the_settings() -> None:
    settings = _plan().settings
    assert (settings.zone, settings.priority, settings.category) == (None, 50, "marketing")
    assert (settings.reentry.policy, str(settings.reentry.interval), settings.reentry.key) == ("never", "P30D", None)
    assert (settings.entry.filter, settings.entry.holdout) == (None, True)
    assert (settings.goal, settings.exit_when, settings.max_stay) == (None, (), None)
    goal = _plan(settings={"goal": {"when": {"event": "paid"}}}).settings.goal
    assert goal is not None
    assert (goal.value, str(goal.within), goal.exit) == (None, "P30D", True)


def test_equal_documents_give_equal_plans() -> None:
    assert _plan() == _plan()


def test_what_cannot_be_walked_is_refused() -> None:
    with pytest.raises(Refusal) as refusal:
        _plan(edges=["t.next c", "c.yes c"])
    assert {problem.code for problem in refusal.value.problems} == {"cycle", "unreachable"}


def test_several_triggers_and_a_schedule() -> None:
    config = {"rule": {"all": []}, "cron": "0 9 * * *", "from": "2026-11-01T00:00:00+08:00"}
    nodes = {**NODES, "s": {"type": "trigger.schedule", "config": config}}
    plan = _plan(nodes, ["t.next c", "s.next d", "c.yes d", "c.no m", "d.next w", "w.paid m", "m.next x"])
    (schedule,) = plan.schedules
    assert (schedule.node, schedule.cron, schedule.at) == (6, "0 9 * * *", None)
    assert schedule.begin is not None
    assert [trigger.node for trigger in plan.events] == [0]


@given(st.sets(st.tuples(st.integers(0, 14), st.integers(0, 14)), max_size=60), st.permutations(range(15)))
def test_any_graph_is_either_told_off_or_ordered(arrows: set[tuple[int, int]], names: list[int]) -> None:
    """Fifteen splits of fifteen ways and a trigger to each of three: every edge leads forward, or there is a loop."""
    ways = {"ways": [{"id": f"p{k}", "percent": 100 if k == 0 else 0} for k in range(15)]}
    splits = {f"n{name}": {"type": "split.random", "config": ways} for name in names}
    triggers = {f"t{k}": {"type": "trigger.event", "config": {"event": "e"}} for k in range(15)}
    entries = [f"t{k}.next n{k}" for k in range(15)]
    document = canvas({**splits, **triggers}, [*entries, *(f"n{a}.p{b} n{b}" for a, b in arrows)])
    if _has_loop(arrows):
        assert "cycle" in codes(document)
        return
    assert set(codes(document)) <= {"nothing_follows"}
    plan = compile_plan(parse_canvas(document))
    place = {node.index: position for position, node in enumerate(plan.nodes)}
    assert sorted(place) == list(range(30))
    for node in plan.nodes:
        assert all(place[target] > place[node.index] for target in node.targets if target is not None)


def _has_loop(arrows: set[tuple[int, int]]) -> bool:
    left = set(arrows)
    while True:
        ends = {a for a, _ in left}
        leaves = {arrow for arrow in left if arrow[1] not in ends}
        if not leaves:
            return bool(left)
        left -= leaves
