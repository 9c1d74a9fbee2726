"""What a file is, told by what is in it."""

from __future__ import annotations

from enum import StrEnum
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from audiences.batch import Bad
from audiences.files.jsonl import read_line
from audiences.files.raw import opened, raw_lines
from audiences.kinds import KINDS
from audiences.workspace_loaders import KEYS
from itinera.kit.errors import Refusal

LOOKED_AT = 200
"""So many lines are looked at before a file is given up."""


class FileKind(StrEnum):
    """The kinds of files that can be loaded."""

    PROFILES = "profiles"
    PROFILE_TABLE = "profile table"
    EVENTS = "events"
    WORKSPACE = "workspace"
    LOOKUPS = "look-up rows"
    LOOKUP_TABLE = "look-up table"


def sniff(path: Path, lookup: str | None = None) -> FileKind:
    """Refusal `unknown_format` if it is nothing that can be loaded; OSError if it cannot be read.

    With `lookup` it holds rows of that look-up table.
    """
    suffixes = {suffix.lower() for suffix in path.suffixes}
    if ".csv" in suffixes:
        return FileKind.PROFILE_TABLE if lookup is None else FileKind.LOOKUP_TABLE
    if lookup is not None:
        return FileKind.LOOKUPS
    if suffixes & {".yaml", ".yml"}:
        return FileKind.WORKSPACE
    with opened(path) as file:
        values = [(number, read_line(line)) for number, line in islice(raw_lines(file), LOOKED_AT)]
    for _number, value in values:
        if isinstance(value, dict) and (kind := _kind_of(value)) is not None:
            return kind
    if values and not isinstance(values[0][1], dict) and _begins_object(path):
        return FileKind.WORKSPACE
    raise Refusal.because("unknown_format", _reason(values))


def _kind_of(value: dict[str, object]) -> FileKind | None:
    if "event" in value:
        return FileKind.EVENTS
    if "lookup" in value and "key" in value:
        return FileKind.LOOKUPS
    if value.keys() & {"identities", "attributes", *KINDS}:
        return FileKind.PROFILES
    if value.keys() & set(KEYS):
        return FileKind.WORKSPACE
    return None


def _begins_object(path: Path) -> bool:
    """An object over many lines, as a workspace file is; none of its lines is JSON by itself."""
    with opened(path) as file:
        _number, line = next(raw_lines(file), (0, None))
    return line is not None and line.startswith(b"{")


def _reason(values: list[tuple[int, object]]) -> str:
    words = _("This file holds neither profiles nor events nor rows of look-up tables nor a workspace.")
    for number, value in values:
        if isinstance(value, Bad):
            return f"{words} {_('Line %(line)d: %(reason)s') % {'line': number, 'reason': value.detail}}"
    return words
