"""Rendering of `{{ namespace.name }}` and `{{ namespace.name | default("…") }}`, and nothing else."""

from __future__ import annotations

import html
import re

from tests.acceptance.oracle.people import Json, Value

_VARIABLE = re.compile(r'\{\{\s*(\w+)\.(\w+)\s*(?:\|\s*default\("([^"]*)"\)\s*)?\}\}')


class MissingVariableError(Exception):
    """A variable without a value and without a default."""


def render(content: Json, spaces: dict[str, Json]) -> Json | None:
    """The content with its variables filled in, or None if one of them is missing."""
    try:
        return {key: _render(value, spaces, escape=key == "html") for key, value in content.items()}
    except MissingVariableError:
        return None


def _render(value: Value, spaces: dict[str, Json], *, escape: bool) -> Value:
    if not isinstance(value, str):
        return value

    def fill(found: re.Match[str]) -> str:
        actual = spaces[found[1]].get(found[2])
        if actual is None:
            actual = found[3]
        if actual is None:
            raise MissingVariableError(found[0])
        return html.escape(str(actual)).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") if escape else str(actual)

    return _VARIABLE.sub(fill, value)
