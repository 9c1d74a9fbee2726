"""What would come of an import: the first rows as they would be read, and what is wrong among the first thousand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from audiences.batch import Bad
from audiences.imports.rows import Row, upload_rows
from audiences.imports.run import column_of
from audiences.lines import BadLine, parse_event_line, parse_profile_line
from audiences.models import Workspace
from audiences.models.upload import Upload, UploadTarget
from audiences.rules.catalogue import load_catalogue
from audiences.typed import TypeCheck
from itinera.kit.wire import django_cursor

SHOWN, LOOKED_AT = 20, 1_000


@dataclass(frozen=True, slots=True)
class Told:
    """A row as it would be read; `detail` and `column` say why it would be refused (None: it would not)."""

    number: int
    cells: list[str]
    detail: str | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """`rows` are the first ones, `bad` the first refused ones, `reasons` how many of the rows looked at have each."""

    rows: list[Told]
    bad: list[Told]
    reasons: list[tuple[str, int]]
    looked_at: int


def preview(upload: Upload, now: datetime) -> Preview:
    """Nothing is written."""
    catalogue = load_catalogue(django_cursor())
    zone = Workspace.objects.values_list("zone", flat=True).get()
    check = TypeCheck(catalogue)
    told = [_told(upload, row, check, now) for row in upload_rows(upload, catalogue, zone, 1, LOOKED_AT)]
    bad = [each for each in told if each.detail is not None]
    reasons = Counter(each.detail or "" for each in bad).most_common(10)
    return Preview(told[:SHOWN], bad[:SHOWN], reasons, len(told))


def _told(upload: Upload, row: Row, check: TypeCheck, now: datetime) -> Told:
    try:
        _read(upload, row.line, check, now)
    except BadLine as bad:
        return Told(row.number, row.cells, bad.detail, column_of(upload, bad.path))
    return Told(row.number, row.cells)


def _read(upload: Upload, line: Any, check: TypeCheck, now: datetime) -> None:
    if isinstance(line, Bad):
        raise BadLine(line.code, line.detail, line.path)
    if upload.target == UploadTarget.EVENTS:
        check.event(parse_event_line(line, now=now))
    else:
        check.profile(parse_profile_line(line))
