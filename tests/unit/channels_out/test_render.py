"""Rendering: a batch equals one by one, nothing leaks, nothing grows without bound."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment
from markupsafe import escape

from channels_out.render import Variable, compile_content
from itinera.kit.errors import Refusal

TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "\x1e",
            "\x00",
            "|",
            "\n",
            "{{ profile.b }}",
            "%s",
            "%",
            "</b>",
            "<script>",
            "&amp;",
            "张\u3000三",
            "👩‍👧",
            "\u2028",
        ]
    ),
)
VALUES = st.one_of(
    st.none(), TEXTS, st.integers(), st.floats(allow_nan=False), st.booleans(), st.lists(TEXTS, max_size=3)
)
PIECES = st.sampled_from(
    [
        "{{ profile.a }}", "{{ profile.b }}", "{{ entry.c | default('-<&>') }}", "{{ profile['a'] }}", "100% ", "%s",
        "{% raw %}{{ x }}{% endraw %}",
        "你好,", "<b>", "{# hidden #}", "\n", "{{ profile.b | d('') }}",
    ]
)  # fmt: skip
VARIABLES: tuple[Variable, ...] = (("profile", "a"), ("profile", "b"), ("entry", "c"))


@settings(max_examples=150, deadline=None)
@given(pieces=st.lists(PIECES, min_size=1, max_size=6), rows=st.lists(st.tuples(VALUES, VALUES, VALUES), max_size=6))
@pytest.mark.parametrize("part", ["text", "html"])
def test_a_batch_equals_rendering_one_by_one(part: str, pieces: list[str], rows: list[tuple[object, ...]]) -> None:
    compiled = compile_content("email", {"subject": "x", part: "".join(pieces)})
    columns = {variable: [row[place] for row in rows] for place, variable in enumerate(VARIABLES)}
    together = compiled.render(columns, len(rows))
    alone = [compiled.render({v: [row[i]] for i, v in enumerate(VARIABLES)}, 1)[0] for row in rows]
    assert together == alone
    fast = compiled.parts[part]
    assert fast.slots is not None
    assert fast.render(columns, len(rows)) == fast.render_one_by_one(columns, len(rows))


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=5))
def test_each_row_has_its_own_values_and_no_others(rows: list[tuple[str, str]]) -> None:
    compiled = compile_content("sms", {"text": "{{ profile.a }}|{{ profile.b }}"})
    found = compiled.render({("profile", "a"): [a for a, _ in rows], ("profile", "b"): [b for _, b in rows]}, len(rows))
    assert [each["text"] if each else None for each in found] == [f"{a}|{b}".replace("\0", "") for a, b in rows]


@settings(max_examples=80, deadline=None)
@given(name=TEXTS)
def test_html_parts_are_escaped_and_plain_ones_are_not(name: str) -> None:
    content = {"subject": "s", "text": "{{ profile.a }}", "html": "<i>{{ profile.a }}</i>"}
    (found,) = compile_content("email", content).render({("profile", "a"): [name]}, 1)
    assert found is not None
    assert found["text"] == name.replace("\0", "")
    assert found["html"] == f"<i>{escape(name)}</i>".replace("\0", "")


def test_simple_texts_are_what_jinja_itself_makes_of_them() -> None:
    source = "{{ profile.a }}, {% if profile.b > 3 %}many{% else %}few{% endif %} {{ profile.a | upper }}"
    compiled = compile_content("sms", {"text": source})
    (found,) = compiled.render({("profile", "a"): ["ann"], ("profile", "b"): [4]}, 1)
    assert found is not None
    assert found["text"] == Environment(autoescape=False).from_string(source).render(profile={"a": "ann", "b": 4})


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ profile.a }}", None),
        ("{{ profile.a | default('朋友') }}", "朋友"),
        ("{{ profile.a | upper }}", None),
        ("{{ profile.a ~ '!' }}", None),
        ("{{ profile.a + 1 }}", None),
        ("{% if profile.a %}x{% endif %}", ""),
        ("{% if profile.a == 'x' %}x{% else %}y{% endif %}", "y"),
        ("{% if profile.a != 'x' %}x{% else %}y{% endif %}", "x"),
        ("{% if profile.a > 3 %}x{% else %}y{% endif %}", "y"),
        ("{% if profile.a is defined %}x{% else %}y{% endif %}", "y"),
        ("{{ profile.a['b'] | default('z') }}", "z"),
    ],
)
def test_a_missing_variable_takes_its_default_or_stops_the_message(source: str, expected: str | None) -> None:
    (found,) = compile_content("sms", {"text": source}).render({("profile", "a"): [None]}, 1)
    assert found == (None if expected is None else {"text": expected})


def test_a_row_that_cannot_be_rendered_does_not_stop_the_others() -> None:
    compiled = compile_content("sms", {"text": "{% if profile.a > 3 %}x{% endif %}{{ 6 / profile.a }}"})
    found = compiled.render({("profile", "a"): [0, "word", 3, True, 10**30]}, 5)
    assert [each and each["text"] for each in found] == [None, None, "2.0", None, None]


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("{{ profile }}", "unknown_namespace"),
        ("{{ nobody.x }}", "unknown_namespace"),
        ("{{ self }}", "unknown_namespace"),
        ("{{ profile.x.__class__ }}", "template_construct"),
        ("{{ profile.x.upper() }}", "template_construct"),
        ("{{ profile.x() }}", "template_construct"),
        ("{% for c in profile.x %}{% endfor %}", "unknown_namespace"),
        ("{% for profile in profile.x %}{% endfor %}", "unknown_namespace"),
        ("{% set profile = 1 %}", "unknown_namespace"),
        ("{% macro profile() %}{% endmacro %}", "template_construct"),
        ("{% include 'x' %}", "template_construct"),
        ("{{ profile.x | replace('a', 'aaaa') }}", "template_construct"),
        ("{{ profile.x | map('upper') }}", "template_construct"),
        ("{{ 'x' * 1000000000 }}", "template_construct"),
        ("{{ 2 ** 99999999 }}", "template_construct"),
        ("{{ '%9999999d' % 1 }}", "template_construct"),
        ("{{ profile.x", "template_syntax"),
        ("{% if %}", "template_syntax"),
        ("{{ " + "(" * 900 + "1" + ")" * 900 + " }}", "template_syntax"),
    ],
)
def test_what_a_template_may_not_do_is_named(source: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        compile_content("sms", {"text": source})
    assert [(each.code, each.path) for each in refused.value.problems] == [(code, "text")]


def test_every_problem_is_named() -> None:
    with pytest.raises(Refusal) as refused:
        compile_content("email", {"subject": "{{", "text": "{{ x.y }}", "html": "fine"})
    assert {each.path for each in refused.value.problems} == {"subject", "text"}
    with pytest.raises(Refusal) as refused:
        compile_content("sms", {"text": "x", "body": "y"})
    assert [(each.code, each.path) for each in refused.value.problems] == [("unknown_key", "body")]


@pytest.mark.parametrize(
    "source",
    [
        "{{ profile.x * 99999 }}",
        "{{ profile.x | truncate(5, profile.x) }}",
        "{{ profile.x | round(400) }}",
        "{{ profile.x ~ profile.x }}",
    ],
)
def test_no_value_makes_a_template_run_away(source: str) -> None:
    started = time.process_time()
    compile_content("sms", {"text": source}).render({("profile", "x"): ["x" * 100_000, "9" * 5000, 10**15, [[]]]}, 4)
    assert time.process_time() - started < 1


def test_output_beyond_the_channels_length_is_no_message() -> None:
    compiled = compile_content("sms", {"text": "{{ profile.x }}"})
    found = compiled.render({("profile", "x"): ["x" * 200_000, "ok"]}, 2)
    assert found == [None, {"text": "ok"}]


def test_a_subject_stays_one_line() -> None:
    compiled = compile_content("email", {"subject": "Hi {{ profile.x }}", "text": "t"})
    (found,) = compiled.render({("profile", "x"): ["a\r\nBcc: everybody@example.com"]}, 1)
    assert found is not None
    assert found["subject"] == "Hi a Bcc: everybody@example.com"


def test_plain_texts_are_rendered_fast() -> None:
    source = (
        "尊敬的{{ profile.name }},您在{{ profile.city }}的{{ profile.level | default('会员') }}"
        "积分{{ profile.points }}将于{{ entry.date }}到期"
    )
    compiled = compile_content("sms", {"text": source})
    rows = 20_000
    columns: dict[Variable, list[object]] = {
        ("profile", "name"): [f"张{row}" for row in range(rows)],
        ("profile", "city"): ["上海"] * rows,
        ("profile", "level"): [None, "金卡"] * (rows // 2),
        ("profile", "points"): list(range(rows)),
        ("entry", "date"): ["2026-01-01"] * rows,
    }
    best = 9.0
    for _ in range(5):
        started = time.process_time()
        compiled.render(columns, rows)
        best = min(best, time.process_time() - started)
    assert rows / best > 100_000  # measured: 400-700 thousand; a busy machine is no reason to fail
