"""Every way in which a canvas can be wrong has a code, a node, a place and plain words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from audiences.rules.ast import Rule
from itinera.kit.errors import Problem, Refusal
from journeys.canvas.document import parse_canvas
from journeys.canvas.problems import check
from journeys.canvas.world import NullWorld
from tests.unit.canvas.drawing import EDGES, NODES, TODAY, canvas, codes, problems, told


def test_a_good_canvas_has_no_problem() -> None:
    assert problems(canvas()) == []


SHAPES: list[tuple[list[str], list[tuple[str, str | None, str | None]]]] = [
    ([*EDGES, "x.next t"], [("unknown_port", "x", "edges[6].port"), ("edge_into_trigger", "t", "edges[6].to"),
                            ("cycle", "t", "edges")]),
    ([*EDGES, "w.timeout c"], [("cycle", "c", "edges")]),
    ([*EDGES, "w.timeout w"], [("cycle", "w", "edges")]),
    ([*EDGES, "w.timeout nowhere"], [("unknown_node", None, "edges[6].to")]),
    ([*EDGES, "ghost.next x"], [("unknown_node", None, "edges[6].from")]),
    ([*EDGES, "m.maybe x"], [("unknown_port", "m", "edges[6].port")]),
    ([*EDGES, "m.next x"], [("port_taken", "m", "edges[6]")]),
    (EDGES[:5], [("unreachable", "x", "nodes[5]")]),
    (["t.next c", "c.yes d", "d.next w"], [("unreachable", "m", "nodes[3]"), ("unreachable", "x", "nodes[5]"),
                                           ("nothing_follows", "w", "nodes[4]")]),
    ([], [*((("unreachable", id_, f"nodes[{index}]")) for index, id_ in enumerate("tcdmwx") if index),
          ("missing_edge", "t", "nodes[0]"), ("nothing_follows", "c", "nodes[1]"),
          ("nothing_follows", "w", "nodes[4]")]),
]  # fmt: skip


@pytest.mark.parametrize(("edges", "expected"), SHAPES)
def test_faults_of_the_shape(edges: list[str], expected: list[tuple[str, str | None, str | None]]) -> None:
    assert told(canvas(edges=edges)) == expected


def test_a_loop_is_told_step_by_step_and_each_loop_once() -> None:
    drawn = {**NODES, "e": {"type": "delay.for", "config": {"duration": "P1D"}}}
    found = [p.detail for p in problems(canvas(drawn, [*EDGES, "m.capped d", "w.timeout e", "e.next e"]))]
    assert len(found) == 2
    assert any("d → w → m → d" in words or "w → m → d → w" in words or "m → d → w → m" in words for words in found)
    assert any("e → e" in words for words in found)


def test_who_can_enter() -> None:
    nodes = {id_: node for id_, node in NODES.items() if id_ != "t"}
    assert codes(canvas(nodes, EDGES[1:])) == ["no_trigger"]


def test_ids_and_ports_are_there_once() -> None:
    document = canvas()
    document["nodes"].append({"id": "m", "type": "exit"})
    assert ("duplicate_node", "m", "nodes[6].id") in told(document)
    ways = {"ways": [{"id": "a", "percent": 50}, {"id": "a", "percent": 50}]}
    split = {**NODES, "d": {"type": "split.random", "config": ways}}
    found = told(canvas(split, ["t.next c", "c.yes d", "d.a w", "c.no m", "w.paid m", "m.next x"]))
    assert found == [("duplicate_port", "d", "nodes[2].config")]


FORMS: list[tuple[dict[str, Any], tuple[str, str]]] = [
    ({"type": "delay.for", "config": {"duration": "7 days"}}, ("bad_duration", "config.duration")),
    ({"type": "delay.for", "config": {}}, ("missing_key", "config.duration")),
    ({"type": "delay.for"}, ("missing_key", "config.duration")),
    ({"type": "delay.for", "config": {"duration": "P1D", "huh": 1}}, ("unknown_key", "config.huh")),
    ({"type": "delay.for", "config": []}, ("wrong_value", "config")),
    ({"type": "delay.for", "config": {"duration": "P1D"}, "huh": 1}, ("unknown_key", "huh")),
    ({"type": "delay.until", "config": {"attribute": "a", "workday": True}}, ("contradictory", "config")),
    ({"type": "delay.until", "config": {"time": "9"}}, ("bad_time", "config.time")),
    ({"type": "branch", "config": {"paths": []}}, ("empty", "config.paths")),
    ({"type": "split.random", "config": {"ways": [{"id": "a", "percent": 60}, {"id": "b", "percent": 41}]}},
     ("percents", "config")),
    ({"type": "wait.event", "config": {"paths": [{"id": "p", "event": ""}], "timeout": "P1D"}},
     ("empty", "config.paths[0].event")),
    ({"type": "message", "config": {"channel": "sms"}}, ("no_content", "config")),
    ({"type": "message", "config": {"channel": "push", "content": {"text": "x"}}}, ("not_supported", "config.channel")),
    ({"type": "condition", "config": {"rule": {"nonsense": 1}}}, ("not_a_rule", "config.rule")),
    ({"type": "condition", "config": {"rule": {"any": [{"attribute": "a", "op": "like", "value": 1}]}}},
     ("wrong_value", "config.rule.any[0].op")),
    ({"type": "webhook", "config": {"url": "https://example.com"}}, ("not_supported", "type")),
    ({"type": "teleport"}, ("unknown_type", "type")),
    ({"type": 5}, ("missing_key", "type")),
    ({}, ("missing_key", "type")),
]  # fmt: skip


@pytest.mark.parametrize(("node", "expected"), FORMS)
def test_faults_of_form_name_the_node_and_do_not_hide_the_rest(node: dict[str, Any], expected: tuple[str, str]) -> None:
    found = told(canvas({**NODES, "d": node}, [*EDGES, "x.next nowhere"]))
    assert found[0] == (expected[0], "d", f"nodes[2].{expected[1]}")
    assert ("unknown_node", None, "edges[6].to") in found


@pytest.mark.parametrize(
    ("settings", "code", "path"),
    [
        ({"zone": "Mars/Olympus"}, "bad_zone", "settings.zone"),
        ({"priority": "high"}, "wrong_value", "settings.priority"),
        ({"reentry": {"policy": "sometimes"}}, "wrong_value", "settings.reentry.policy"),
        ({"reentry": {"interval": "-P1D"}}, "bad_duration", "settings.reentry.interval"),
        ({"entry": {"per_day": 5}}, "not_supported", "settings.entry.per_day"),
        ({"entry": {"control_percent": 5}}, "not_supported", "settings.entry.control_percent"),
        ({"budget": {"amount": 5, "currency": "CNY"}}, "not_supported", "settings.budget"),
        ({"ends_at": "2026-12-01T00:00:00+08:00"}, "not_supported", "settings.ends_at"),
        ({"exit_when": [{"event": "a"}, {"audience": "b"}]}, "not_supported", "settings.exit_when[1]"),
        ({"exit_when": [{"event": "a", "window": {"last": "P1D"}}]}, "not_supported", "settings.exit_when[0]"),
        ({"exit_when": [{"event": "message.sent"}]}, "not_supported", "settings.exit_when[0]"),
        ({"goal": {"when": {"event": "task.done"}}}, "not_supported", "settings.goal.when.event"),
        ({"goal": {"within": "P1D"}}, "missing_key", "settings.goal.when"),
        ({"entry": {"filter": {"variant": "b", "experiment": "x"}}}, "not_supported", "settings.entry.filter.variant"),
        ({"colour": "red"}, "unknown_key", "settings.colour"),
        ([], "wrong_value", "settings"),
    ],
)
def test_faults_of_the_settings(settings: object, code: str, path: str) -> None:
    assert told(canvas(settings=settings)) == [(code, None, path)]


def test_what_asks_for_nothing_is_no_fault() -> None:
    nothing: dict[str, Any] = {
        "entry": {"per_day": None, "control_percent": 0},
        "budget": None,
        "ends_at": None,
        "exit_when": [],
    }
    assert problems(canvas(settings=nothing)) == []


@pytest.mark.parametrize("document", [None, 5, "canvas", [], {}, {"format": 2}, {"format": True}, {"format": "1"}])
def test_what_is_no_canvas_at_all(document: object) -> None:
    assert codes(document) in (["not_object"], ["unknown_format"])


def test_the_head_of_the_document() -> None:
    bad = {**canvas(), "slug": "Not A Slug", "name": "", "stray": 1}
    assert told(bad) == [
        ("empty", None, "name"),
        ("bad_slug", None, "slug"),
        ("unknown_key", None, "stray"),
    ]


def test_too_much_of_it() -> None:
    deep: Any = {"attribute": "a", "op": "eq", "value": 1}
    for _ in range(200):
        deep = {"not": deep}
    hostile = canvas({**NODES, "c": {"type": "condition", "config": {"rule": deep}}})
    assert codes(hostile) == ["too_large"]
    with pytest.raises(Refusal, match="too_large"):
        parse_canvas(hostile)
    assert codes({**canvas(), "name": {1, 2}}) == ["not_json"]
    assert codes({**canvas(), "name": "长" * 400_000}) == ["too_large"]
    many = {f"n{number}": {"type": "exit"} for number in range(512)}
    assert "too_many_nodes" in codes(canvas(many, []))
    assert codes(canvas({"t": NODES["t"], **many}, [])).count("unreachable") == 512


def test_messages_are_compiled() -> None:
    message = {"type": "message", "config": {"channel": "sms", "content": {"text": "{{ profile.name"}}}
    ((code, node, path),) = told(canvas({**NODES, "m": message}))
    assert (node, path) == ("m", "nodes[3].config.content.text")
    assert code == "template_syntax"


class _Workspace(NullWorld):
    def check_rule(self, rule: Rule, path: str, people: str | None = None) -> list[Problem]:
        return [Problem("unknown_event", "No such event was ever seen.", path, severity="warning")]

    def has_account(self, slug: str | None, channel: str) -> bool:
        return False

    def has_template(self, slug: str, channel: str) -> bool:
        return (slug, channel) == ("hello", "email")


def test_what_the_workspace_does_not_know() -> None:
    message = {"type": "message", "config": {"channel": "sms", "template": "hello", "account": "acme"}}
    settings = {
        "goal": {"when": {"event": "order_paid"}},
        "exit_when": [{"event": "left"}],
        "entry": {"filter": {"all": []}},
    }
    found = check(canvas({**NODES, "m": message}, settings=settings), _Workspace(TODAY))
    assert [(each.code, each.path, each.severity) for each in found] == [
        ("unknown_event", "settings.entry.filter", "warning"),
        ("unknown_event", "settings.goal.when", "warning"),
        ("unknown_event", "settings.exit_when[0]", "warning"),
        ("unknown_event", "nodes[0].config", "warning"),
        ("unknown_event", "nodes[1].config.rule", "warning"),
        ("unknown_account", "nodes[3].config.account", "error"),
        ("unknown_template", "nodes[3].config.template", "error"),
        ("unknown_event", "nodes[4].config.paths[0]", "warning"),
    ]


def test_words_in_the_readers_language() -> None:
    document = canvas({**NODES, "d": {"type": "delay.for", "config": {"duration": "soon"}}}, EDGES[:5])
    with translation.override("zh-hans"):
        assert [each.detail for each in problems(document)] == [
            "这不是 PT30M、P7D、P1M 这样的时长。", "从任何触发器都走不到这里。",
        ]  # fmt: skip
    with translation.override("en"):
        assert problems(document)[1].detail == "No way leads here from a trigger."


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.data())
def test_no_nonsense_raises(data: st.DataObject) -> None:
    """Any value put anywhere in a document gives problems with codes and words, never an exception."""
    document = canvas(settings={"goal": {"when": {"event": "a"}}, "exit_when": [{"event": "b"}]})
    places = list(_places(document))
    for place in data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=3)):
        _put(document, place, data.draw(json_values))
    for problem in problems(document):
        assert problem.code
        assert problem.detail
        assert "%(" not in problem.detail
        json.dumps(problem.as_dict())


def _places(value: Any, path: tuple[Any, ...] = ()) -> Any:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from _places(inner, (*path, key))


def _put(document: Any, place: tuple[Any, ...], value: object) -> None:
    for key in place[:-1]:
        try:
            document = document[key]
        except (KeyError, IndexError, TypeError):
            return  # an earlier change took this place away
    if isinstance(document, dict | list) and (isinstance(document, dict) or isinstance(place[-1], int)):
        document[place[-1]] = value
