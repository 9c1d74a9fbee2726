"""Loads one file, slice by slice: good rows go in, bad ones are told with their line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from audiences.files.documents import read_document
from audiences.files.jsonl import json_lines
from audiences.files.raw import opened
from audiences.files.sniff import FileKind, sniff
from audiences.files.table import profile_rows
from audiences.ingest import IngestReport, ingest_events, ingest_profiles
from audiences.rules.catalogue import load_types
from audiences.workspace_loaders import Occasion, apply_workspace
from itinera.kit.audit import Actor
from itinera.kit.wire import django_cursor

SLICE = 5_000
"""Lines of one transaction."""
TOLD = 1_000
"""So many bad rows of a file are told one by one; all are counted and kept."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """One bad row: its place in the file, a stable code, and plain words."""

    place: str
    code: str
    detail: str
    severity: str = "error"


@dataclass
class FileReport:
    """What became of a file."""

    kind: str = ""
    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    told: list[BadRow] = field(default_factory=list)

    def add(self, other: FileReport) -> None:
        """Take in what another process did with its part of the same file."""
        self.kind = other.kind
        self.accepted += other.accepted
        self.duplicates += other.duplicates
        self.rejected += other.rejected
        self.told = (self.told + other.told)[:TOLD]

    def take(self, batch: IngestReport) -> None:
        """Take in the report of a slice, whose indexes are line numbers."""
        self.accepted += batch.accepted
        self.duplicates += batch.duplicates
        self.rejected += len(batch.rejected)
        for each in batch.rejected[: TOLD - len(self.told)]:
            place = f"{each.index}" + (f":{each.path}" if each.path else "")
            self.told.append(BadRow(place, each.code, each.detail))


Progress = Callable[[FileReport], None]


def load_file(
    path: Path, now: datetime, actor: Actor, *, part: int = 0, parts: int = 1, progress: Progress | None = None
) -> FileReport:
    """Load a file of any kind. Refusal if nothing of it can be used; OSError if it cannot be read.

    With several `parts`, lines of JSON are shared between as many processes; other kinds are the first one's.
    """
    report = FileReport(sniff(path).value)
    if report.kind == FileKind.WORKSPACE:
        if part == 0:
            _load_workspace(path, now, actor, report)
        return report
    rows = _rows(path, FileKind(report.kind), part, parts)
    ingest = ingest_events if report.kind == FileKind.EVENTS else ingest_profiles
    for places, lines in _slices(rows):
        report.take(ingest(lines, now=now, source=f"load:{path.name}", places=places))
        if progress is not None:
            progress(report)
    return report


def _rows(path: Path, kind: FileKind, part: int, parts: int) -> Iterator[tuple[int, object]]:
    if kind == FileKind.PROFILE_TABLE:
        if part == 0:
            yield from profile_rows(path, load_types(django_cursor()))
        return
    with opened(path) as file:
        yield from json_lines(file, part, parts, SLICE)


def _slices(rows: Iterable[tuple[int, object]]) -> Iterator[tuple[list[int], list[object]]]:
    source = iter(rows)
    while some := list(islice(source, SLICE)):
        yield [place for place, _ in some], [line for _, line in some]


def _load_workspace(path: Path, now: datetime, actor: Actor, report: FileReport) -> None:
    done = apply_workspace(read_document(path), Occasion(now, actor, path.parent))
    report.accepted = sum(done.counts.values())
    report.told = [BadRow(each.path or "", each.code, each.detail, each.severity) for each in done.problems]
    report.rejected = sum(each.severity == "error" for each in done.problems)
