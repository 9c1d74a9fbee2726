"""Files that hold one object: JSON, or YAML read as YAML 1.2 (and so as JSON would be)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import orjson
import yaml
from django.utils.translation import gettext as _

from audiences.files.raw import opened
from itinera.kit.errors import Refusal

LARGEST_JSON, LARGEST_YAML = 64 * 1_048_576, 4 * 1_048_576
"""In bytes, unpacked."""


class _Loader(yaml.SafeLoader):
    """YAML 1.1 reads `21:00` as 1260, `on` as true and `2026-01-01` as a date: here they stay text."""

    yaml_implicit_resolvers: Any = {}

    def compose_node(self, parent: Any, index: Any) -> Any:
        """References to earlier parts are refused: a few lines of them unfold into gigabytes."""
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "references (*) are not allowed", event.start_mark)
        return super().compose_node(parent, index)


for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), _first)


def read_document(path: Path) -> Any:
    """The value of the file. Refusal with codes too_large, not_utf8, not_json, not_yaml."""
    is_yaml = any(suffix in {".yaml", ".yml"} for suffix in path.suffixes)
    largest = LARGEST_YAML if is_yaml else LARGEST_JSON
    with opened(path) as file:
        text = file.read(largest + 1)
    if len(text) > largest:
        words = _("The file is larger than %(limit)d MB.") % {"limit": largest // 1_048_576}
        raise Refusal.because("too_large", words, status=413)
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        words = _("The file is not UTF-8: line %(line)d.") % {"line": line}
        raise Refusal.because("not_utf8", words, path=f"line {line}") from None
    return _yaml(decoded) if is_yaml else _json(decoded)


def _json(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        words = _("The file is not JSON: line %(line)d, column %(column)d: %(reason)s.")
        values = {"line": error.lineno, "column": error.colno, "reason": error.msg.partition(": line")[0]}
        raise Refusal.because("not_json", words % values, path=f"line {error.lineno}") from None


def _yaml(text: str) -> Any:
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader with fewer types
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        words = _("The file is not YAML: line %(line)d: %(reason)s.")
        reason = getattr(error, "problem", None) or type(error).__name__
        raise Refusal.because("not_yaml", words % {"line": line, "reason": reason}, path=f"line {line}") from None
