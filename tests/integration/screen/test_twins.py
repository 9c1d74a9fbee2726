"""Every node type has a face, and every face a node type: twin names across the language border."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils.translation import override

from channels_out.models import MessageStatus
from itinera.local.home import PROJECT
from journeys.nodes import NODES

FACES = PROJECT / "frontend" / "src" / "nodes"


def faces() -> dict[str, Path]:
    return {folder.parent.name: folder for folder in FACES.glob("*/index.tsx")}


def test_node_types_and_faces_are_twins() -> None:
    modules = {type(node).__module__.rpartition(".")[2]: name for name, node in NODES.items()}
    said = {name: re.search(r"^  type: '([^']+)',$", file.read_text(), re.MULTILINE) for name, file in faces().items()}
    assert {name: found[1] for name, found in said.items() if found} == modules


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_face_speaks_both_languages(language: str) -> None:
    silent = [name for name, file in faces().items() if not re.search(rf"\b{language}: \{{", file.read_text())]
    assert silent == []


def test_canvas_and_admin_call_a_messages_status_by_the_same_word() -> None:
    """Nobody should have to guess that what waits on the one page is what waits on the other."""
    text = (PROJECT / "frontend" / "src" / "text" / "zh.ts").read_text(encoding="utf-8")
    block = re.search(r"^  messages: \{(.+?)^  \}", text, re.MULTILINE | re.DOTALL)
    assert block is not None
    drawn = dict(re.findall(r"(\w+): '([^']+)'", block[1]))
    with override("zh-hans"):
        assert drawn == {status.name.lower(): str(status.label) for status in MessageStatus}
