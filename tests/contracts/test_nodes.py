"""What every node type keeps to. A new type needs a line in SAMPLES and nothing else here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from django.utils import translation
from pydantic import ValidationError

from channels_out.verdicts import Verdict
from itinera.kit.wire import NEVER
from itinera.kit.zones import DAY, ZoneArray
from journeys.canvas.schema import GROUPS, PORTS, config_schema, node_types
from journeys.nodes import NODES
from journeys.nodes.base import ANSWERED, ARRIVES, DUE, EXIT, WAIT, Decision, Node, Step
from journeys.nodes.effects import ChangeTags
from journeys.nodes.fields import Config

RULE = {"attribute": "city", "op": "eq", "value": "上海"}
SAMPLES: Mapping[str, list[dict[str, Any]]] = {
    "trigger.event": [{"event": "order_paid", "where": [{"property": "amount", "op": "gt", "value": 1}]}],
    "trigger.schedule": [{"rule": RULE, "cron": "0 9 * * 1"}, {"rule": {"all": []}, "at": "2026-11-02T09:00:00+08:00"}],
    "condition": [{"rule": RULE}],
    "branch": [{"paths": [{"id": "a", "rule": RULE}, {"id": "b", "rule": {"not": RULE}}]}],
    "split.random": [{"ways": [{"id": "a", "percent": 12.5}, {"id": "b", "percent": 87.5}]}],
    "delay.for": [
        {"duration": "P1M"}, {"duration": "PT1H"}, {"duration": "P3D", "days": "calendar", "then_at": "10:00"},
    ],
    "delay.until": [
        {"time": "10:00", "weekdays": [1, 3], "workday": True},
        {"attribute": "birthday", "offset": "-P7D", "time": "09:30", "if_past": "port"},
        {"from": "entry", "offset": "P28D", "if_past": "exit"},
    ],
    "wait.event": [
        {"paths": [{"id": "p", "event": "paid"}, {"id": "q", "event": "x"}], "timeout": "P3D", "count_from": "entry"},
        {"paths": [{"id": "p", "event": "order_paid"}], "timeout": "P1M"},
    ],
    "message": [
        {"channel": "sms", "content": {"text": "你好 {{ profile.name }}"}, "on_capped": "hold", "hold_for": "PT6H"},
        {"channel": "email", "template": "welcome", "on_capped": "exit"},
    ],
    "set": [{"attributes": {"a": 1, "b": {"of": "entry", "name": "sku"}, "c": {"add": 1}}, "tags_add": ["vip"]}],
    "goal": [{"name": "bought"}, {"name": "bought", "value": {"of": "entry", "name": "amount"}}],
    "exit": [{}, {"reason": "完成"}],
}  # fmt: skip
CASES = [(type_, index) for type_, configs in SAMPLES.items() for index in range(len(configs))]
POISON: list[object] = [
    None,
    "",
    "\x00",
    "x" * 10_000,
    10**400,
    -1,
    1e308,
    True,
    [],
    {},
    [None],
    "9999-12-31",
    "0001-01-01",
    "NaN",
]


def _node(type_: str, index: int) -> tuple[Node[Config], Config]:
    node = NODES[type_]
    return node, node.Config.model_validate(SAMPLES[type_][index])


def _step(node: Node[Config], config: Config, wired: frozenset[str], rows: int, seed: int = 1) -> Step:
    """People in every state that this node can meet them in, with poison among their values."""
    rng = np.random.default_rng(seed)
    needs = node.needs(config, wired)
    at = rng.integers(1_700_000_000, 1_800_000_000, rows) * 1_000_000
    states = [ARRIVES, *([DUE] if node.group == "wait" or needs.message else [])]
    states += [ANSWERED] if needs.wait or (needs.message and needs.message.wants_outcome) else []
    resumed = rng.choice(states, rows).astype(np.int8)
    answers = len(needs.wait.paths) if needs.wait else 2
    came = [np.where((rng.random(rows) < 0.3) & (resumed == ARRIVES), at - DAY, NEVER) for _ in range(answers)]
    return Step(
        profile=np.arange(rows) + 1,
        at=at,
        entered_at=at - rng.integers(0, 40, rows) * DAY,
        resumed=resumed,
        answer=np.where(resumed == ANSWERED, rng.integers(0, answers, rows), -1).astype(np.int16),
        salt="a" * 32,
        truth=tuple(rng.random(rows) < 0.5 for _ in needs.rules),
        zones=ZoneArray.of(rng.choice(["Asia/Shanghai", "America/Denver"], rows).tolist(), "") if needs.zones else None,
        units=[f"member_id:M{number}" for number in rng.integers(0, 10**6, rows)] if needs.units else None,
        columns={column: [POISON[k] for k in rng.integers(0, len(POISON), rows)] for column in needs.columns},
        came=tuple(came) if needs.wait and needs.wait.from_entry else (),
        verdict=rng.integers(0, len(Verdict), rows).astype(np.int8) if needs.message else None,
        held_until=at + DAY if needs.message else None,
    )  # fmt: skip


def _wirings(node: Node[Config], config: Config) -> list[frozenset[str]]:
    return [frozenset(), frozenset({"next"}), frozenset(node.ports(config))]


def _take(step: Step, rows: np.ndarray[Any, Any]) -> Step:
    """The same people in another order, or some of them."""
    picked: dict[str, Any] = {
        name: getattr(step, name)[rows] for name in ("profile", "at", "entered_at", "resumed", "answer")
    }
    picked |= {name: tuple(each[rows] for each in getattr(step, name)) for name in ("truth", "came")}
    for name in ("verdict", "held_until"):
        picked[name] = None if getattr(step, name) is None else getattr(step, name)[rows]
    picked["columns"] = {column: [values[row] for row in rows] for column, values in step.columns.items()}
    picked["units"] = [step.units[row] for row in rows] if step.units else None
    picked["zones"] = step.zones.take(rows) if step.zones else None
    return replace(step, **picked)


def _same(one: Decision, other: Decision, rows: np.ndarray[Any, Any] | slice = slice(None)) -> bool:
    return np.array_equal(one.port[rows], other.port) and np.array_equal(one.until[rows], other.until)


def test_every_type_has_a_sample_and_a_home() -> None:
    assert set(SAMPLES) == set(NODES)
    for type_, node in NODES.items():
        assert node.type == type_
        assert re.fullmatch(r"[a-z_]+(\.[a-z_]+)?", type_)
        assert node.group in GROUPS
        assert set(node.fixed_ports) <= set(PORTS)
        assert node.optional_ports <= set(node.fixed_ports)
        assert not node.optional_ports or "next" in node.fixed_ports
        assert node.is_trigger == type_.startswith("trigger.")


def test_nothing_can_be_registered_later() -> None:
    with pytest.raises(ValueError, match="closed"):
        NODES.register("late", NODES["exit"])


@pytest.mark.parametrize(("type_", "index"), CASES)
def test_settings_are_strict_and_survive_saving(type_: str, index: int) -> None:
    node, config = _node(type_, index)
    saved = config.model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert node.Config.model_validate(saved) == config
    assert node.Config.model_validate(config.model_dump(mode="json", by_alias=True)) == config
    with pytest.raises(ValidationError) as refusal:
        node.Config.model_validate({**SAMPLES[type_][index], "no_such_setting": 1})
    assert [each["type"] for each in refusal.value.errors()] == ["extra_forbidden"]
    with pytest.raises(ValidationError):
        config.__setattr__("anything", 1)


@pytest.mark.parametrize(("type_", "index"), CASES)
@pytest.mark.parametrize("rows", [0, 1, 200])
def test_every_row_gets_an_answer_that_the_engine_can_use(type_: str, index: int, rows: int) -> None:
    node, config = _node(type_, index)
    ports = node.ports(config)
    assert len(ports) == len(set(ports)) <= 62
    for wired in _wirings(node, config):
        step = _step(node, config, wired, rows)
        decision = node.decide(config, wired, step)
        assert (decision.port.dtype.name, decision.until.dtype.name) == ("int16", "int64")
        assert decision.port.shape == decision.until.shape == (rows,)
        assert ((decision.port >= EXIT) & (decision.port < len(ports))).all()
        waits = decision.port == WAIT
        assert (decision.until[~waits] == NEVER).all()
        assert ((decision.until[waits] == NEVER) | (decision.until[waits] > step.at[waits])).all()
        unwired = [ports.index(port) for port in node.optional_ports - wired]
        assert not np.isin(decision.port, unwired).any()
        for effect in decision.effects:
            assert (np.diff(effect.rows) > 0).all()
            assert not len(effect.rows) or 0 <= effect.rows[0] <= effect.rows[-1] < rows
            values = getattr(effect, "values", effect.rows)
            assert isinstance(effect, ChangeTags) or len(values) == len(effect.rows)


@pytest.mark.parametrize(("type_", "index"), CASES)
def test_the_same_people_get_the_same_answer_in_any_company(type_: str, index: int) -> None:
    node, config = _node(type_, index)
    for wired in _wirings(node, config):
        step = _step(node, config, wired, 120)
        whole = node.decide(config, wired, step)
        assert _same(whole, node.decide(config, wired, step))
        shuffled = np.random.default_rng(2).permutation(120)
        assert _same(whole, node.decide(config, wired, _take(step, shuffled)), shuffled)
        for row in range(0, 120, 17):
            alone = np.array([row])
            assert _same(whole, node.decide(config, wired, _take(step, alone)), alone)


@pytest.mark.parametrize(("type_", "index"), CASES)
def test_what_it_asks_for_covers_its_rules_and_events(type_: str, index: int) -> None:
    node, config = _node(type_, index)
    needs = node.needs(config, frozenset(node.ports(config)))
    if not node.is_trigger:
        assert needs.rules == tuple(node.rules(config).values())
        assert (needs.wait.paths if needs.wait else ()) == tuple(node.events(config).values())


def _titles(schema: Any) -> list[str]:
    if isinstance(schema, list):
        return [title for each in schema for title in _titles(each)]
    if not isinstance(schema, dict):
        return []
    own = [schema[key] for key in ("title", "description") if isinstance(schema.get(key), str)]
    labels = schema["labels"].values() if isinstance(schema.get("labels"), dict) else ()
    return [*own, *labels, *(title for each in schema.values() for title in _titles(each))]


@pytest.mark.parametrize("type_", list(NODES))
def test_forms_speak_both_languages(type_: str) -> None:
    node = NODES[type_]
    with translation.override("en"):
        english = config_schema(node)
        label = str(node.label)
    with translation.override("zh-hans"):
        chinese = config_schema(node)
        assert str(node.label) != label
    assert all("title" in field for field in english["properties"].values())
    for name, field in english["properties"].items():
        told = chinese["properties"][name]
        assert all(a != b for a, b in zip(_titles(field), _titles(told), strict=True)), (name, told)


def test_the_catalogue_lists_all_types_by_group() -> None:
    with translation.override("zh-hans"):
        entries = node_types()
    assert {entry["type"] for entry in entries} == set(NODES)
    groups = [entry["group"] for entry in entries]
    assert groups == sorted(groups, key=list(GROUPS).index)
    branch = next(entry for entry in entries if entry["type"] == "branch")
    assert branch["ports"]["own"] == "paths"
    assert [port["id"] for port in branch["ports"]["fixed"]] == ["else"]
