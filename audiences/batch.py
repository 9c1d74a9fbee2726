"""What a batch of lines goes through, whatever is in it: sifted, its names made known, its bad rows kept."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

import orjson
from django.db import transaction

from audiences.lines import BadLine
from audiences.newcomers import add_newcomers
from audiences.rules.catalogue import Catalogue
from audiences.typed import TypeCheck
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor

SQL = queries(__file__, "ingest.sql")
KEPT = 4_000
"""So many characters of a bad row are kept."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rejection:
    """A line that was refused: its place in the batch (or file), a stable code, plain words, the place within it."""

    index: int
    code: str
    detail: str
    path: str | None = None


@dataclass
class IngestReport:
    """What became of a batch. `duplicates` were accepted before and changed nothing."""

    accepted: int = 0
    duplicates: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list, repr=False)
    """The rejected lines as they came, cut to size."""
    good: list[int] = field(default_factory=list, repr=False)
    """The positions of the lines that could be read."""

    def refuse(self, place: int, bad: BadLine, line: object) -> None:
        """Tell a line that is not taken, with its place."""
        self.rejected.append(Rejection(place, bad.code, bad.detail, bad.path))
        self.bodies.append(_body(line))


@dataclass(frozen=True, slots=True)
class Bad:
    """A line that could not even be read, in the place of one that could."""

    code: str
    detail: str
    body: str
    path: str | None = None


def sift(
    lines: Sequence[object], places: Sequence[int] | None, report: IngestReport, parse: Callable[[object], T]
) -> list[T]:
    """The lines that are good; the others are told in the report."""
    good: list[T] = []
    for index, line in enumerate(lines):
        try:
            if isinstance(line, Bad):
                raise BadLine(line.code, line.detail, line.path)
            good.append(parse(line))
            report.good.append(index)
        except BadLine as bad:
            report.refuse(index if places is None else places[index], bad, line)
    return good


def settle_names(cursor: Cursor, check: TypeCheck) -> Catalogue:
    """The catalogue with everything that the good lines brought."""
    if not check.new:
        return check.catalogue
    with transaction.atomic():
        return add_newcomers(cursor, check.new)


def keep_rejected(cursor: Cursor, report: IngestReport, now: datetime, source: str) -> None:
    """Write the bad rows as they came."""
    bad = report.rejected
    if not bad:
        return
    cursor.execute(
        SQL["add_rejected"],
        {
            "source": source,
            "batch": uuid.uuid4().hex,
            "now": now,
            "indexes": [each.index for each in bad],
            "codes": [each.code for each in bad],
            "details": [each.detail for each in bad],
            "paths": [each.path for each in bad],
            "bodies": report.bodies,
        },
    )


def _body(line: object) -> str:
    if isinstance(line, Bad):
        return line.body[:KEPT].replace("\x00", "␀")
    try:
        text = orjson.dumps(line, option=orjson.OPT_NON_STR_KEYS, default=str).decode()
    except TypeError:
        text = ascii(line)
    return text[:KEPT]
