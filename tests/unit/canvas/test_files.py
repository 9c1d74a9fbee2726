"""Canvas files: what is read, what is refused, and what the command says about it."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from itinera.kit.errors import Refusal
from journeys.canvas.document import parse_canvas
from journeys.canvas.reading import LARGEST, read
from journeys.management.commands.check_canvas import Command
from tests.unit.canvas.drawing import EDGES, NODES, canvas


def _refused(raw: bytes) -> str:
    with pytest.raises(Refusal) as refusal:
        read(raw)
    (problem,) = refusal.value.problems
    return f"{problem.code}: {problem.detail}"


def test_json_is_read_strictly() -> None:
    assert read(b'\xef\xbb\xbf{"name": "\xe6\x97\x85\xe7\xa8\x8b"}') == {"name": "旅程"}
    assert _refused(b'{"a": 1,\n "b": }').startswith("not_json: ")
    assert _refused(b'{"a": NaN}').startswith("not_json: ")
    assert _refused(b'{"a": {"b": 1, "b": 2}}').startswith("duplicate_key: ")
    assert "b" in _refused(b'{"a": {"b": 1, "b": 2}}')
    assert _refused("{}\n旅程".encode("gb18030")).startswith("bad_encoding: ")
    assert "2" in _refused("{}\n旅程".encode("gb18030"))
    assert _refused(b"[" * 500_000).startswith("not_json: ")
    assert _refused(b" " * (LARGEST + 1)).startswith("too_large: ")
    assert _refused(b"1" * 900_000).startswith("not_json: ")


def test_a_document_survives_being_saved_and_read() -> None:
    settings = {
        "max_stay": "P180D",
        "exit_when": [{"event": "left"}],
        "goal": {"when": {"event": "a"}, "within": "P14D"},
    }
    drawn = {
        **NODES,
        "d": {"type": "delay.until", "config": {"from": "entry", "offset": "PT48H", "time": "09:30"}, "name": "等"},
    }
    first = canvas(drawn, settings=settings)
    saved = parse_canvas(first).model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert saved == {**first, "nodes": [{"config": {}, **node} for node in first["nodes"]]}
    assert parse_canvas(saved) == parse_canvas(first)


def test_a_document_that_cannot_be_read_is_refused_with_all_its_faults() -> None:
    with pytest.raises(Refusal) as refusal:
        parse_canvas(canvas({**NODES, "x": {"type": "exit", "config": {"huh": 1}}}, slug="Not A Slug"))
    assert [(each.code, each.node) for each in refusal.value.problems] == [("bad_slug", None), ("unknown_key", "x")]


def _command(file: Path) -> tuple[int, list[str]]:
    out = StringIO()
    try:
        call_command(Command(), str(file), stdout=out)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


def test_the_command_prints_every_problem_and_says_by_its_exit_whether_it_may_be_published(tmp_path: Path) -> None:
    file = tmp_path / "canvas.json"
    file.write_text(json.dumps(canvas()))
    assert _command(file)[0] == 0
    file.write_text(json.dumps(canvas(edges=EDGES[:5])))
    code, lines = _command(file)
    assert code == 1
    assert len(lines) == 1
    assert lines[0].startswith("unreachable  x  ")
    assert lines[0].endswith("[nodes[5]]")


def test_a_warning_forbids_nothing(tmp_path: Path) -> None:
    file = tmp_path / "canvas.json"
    file.write_text(json.dumps(canvas(edges=["t.next c", "c.yes d", "d.next w", "c.no m", "m.next x"])))
    code, lines = _command(file)
    assert (code, len(lines)) == (0, 2)
    assert lines[0].startswith("nothing_follows  w  ")


@pytest.mark.parametrize("raw", [b"", b"nonsense " * 600_000, b"\xff\xfe\x00", b"[]", b'"canvas"', b"null"])
def test_nonsense_is_one_clear_line(tmp_path: Path, raw: bytes) -> None:
    file = tmp_path / "canvas.json"
    file.write_bytes(raw)
    code, lines = _command(file)
    assert (code, len(lines)) == (1, 1)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refusal:
        call_command(Command(), str(tmp_path / "nothing.json"))
    assert refusal.value.returncode == 2
