"""Named SQL: statements live in `.sql` files, each under a `-- name:` line with its purpose."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

_NAME = re.compile(r"^-- name: (?P<name>[a-z_0-9]+)\s*$", re.MULTILINE)
_COMMENT = re.compile(r"^\s*--.*$\n?", re.MULTILINE)


@cache
def queries(module_file: str, name: str) -> Mapping[str, str]:
    """The statements of `sql/<name>` (or `<name>`) beside the module, by name.

    Comments are for readers and are left out of what goes over the wire.
    """
    folder = Path(module_file).parent
    path = next(p for p in (folder / "sql" / name, folder / name) if p.exists())
    text = path.read_text(encoding="utf-8")
    marks = list(_NAME.finditer(text))
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    found: dict[str, str] = {}
    for mark, end in zip(marks, ends, strict=True):
        if mark["name"] in found:
            raise ValueError(f"{path}: the name {mark['name']} stands twice")
        found[mark["name"]] = _COMMENT.sub("", text[mark.end() : end]).strip()
    return MappingProxyType(found)
