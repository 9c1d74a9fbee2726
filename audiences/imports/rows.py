"""Reads the rows of an upload as lines of the contract, by the meaning of its columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from audiences.batch import Bad
from audiences.files.table import cell_type, profile_reader
from audiences.imports.keep import reading
from audiences.models.upload import Upload, UploadTarget
from audiences.rules.catalogue import Catalogue

Put = Callable[[dict[str, Any], str], None]
"""Puts a cell where it belongs in a line. ValueError with the reason."""
_WRITTEN = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the number of its last line, its cells, and what they say (a line of the contract, or `Bad`)."""

    number: int
    cells: list[str]
    line: object


def upload_rows(upload: Upload, catalogue: Catalogue, zone: str, after: int = 0, most: int | None = None) -> list[Row]:
    """At most so many rows that end behind line `after`. Times without an offset are of `zone`."""
    return list(islice(_rows(upload, catalogue, zone, after), most))


def _rows(upload: Upload, catalogue: Catalogue, zone: str, after: int) -> Iterator[Row]:
    puts = [_put(upload, column, catalogue, zone) for column in upload.columns]
    path = Path(settings.MEDIA_ROOT) / upload.path
    with reading(path, upload.encoding, upload.delimiter) as (rows, _file):
        reader: Any = rows
        next(reader, None)
        for cells in reader:
            if reader.line_num > after and any(cells):
                yield Row(reader.line_num, cells, _line(upload, reader.line_num, cells, puts))


def _line(upload: Upload, number: int, cells: list[str], puts: list[Put | None]) -> object:
    if len(cells) != len(puts):
        words = _("This row has %(cells)d cells, the first line names %(columns)d.")
        return Bad("bad_row", words % {"cells": len(cells), "columns": len(puts)}, "")
    line: dict[str, Any] = {}
    if upload.target == UploadTarget.EVENTS:
        line["event"] = upload.constants.get("event", "")
    for column, cell, put in zip(upload.columns, cells, puts, strict=True):
        if put is None or not cell.strip():
            continue
        try:
            put(line, cell.strip())
        except ValueError as error:
            return Bad("wrong_type", str(error), "", column)
    if upload.target == UploadTarget.EVENTS:
        line.setdefault("id", f"import:{upload.digest[:32]}:{number}")
    return line


def _put(upload: Upload, column: str, catalogue: Catalogue, zone: str) -> Put | None:
    """How the cells of one column go into a line; None for a column that is left out."""
    meaning = upload.mapping.get(column, "")
    if not meaning:
        return None
    if upload.target == UploadTarget.PROFILES:
        return profile_reader(meaning.removeprefix("attribute:"), catalogue)
    head, _separator, name = meaning.partition(":")
    if head == "identity":
        return lambda line, cell: line.setdefault("identities", {}).__setitem__(name, cell)
    if head == "time":
        local = ZoneInfo(zone)
        return lambda line, cell: line.__setitem__("time", instant(cell, local))
    if head in {"id", "event"}:
        return lambda line, cell: line.__setitem__(head, cell)
    return _property(name, str(upload.constants.get("event", "")), catalogue)


def _property(name: str, event: str, catalogue: Catalogue) -> Put:
    """Of rows of several events each property is typed by its own event."""

    def put(line: dict[str, Any], cell: str) -> None:
        typed = cell_type(catalogue.property(line.get("event") or event, name))
        line.setdefault("properties", {})[name] = typed(cell)

    return put


def instant(cell: str, zone: ZoneInfo) -> str:
    """A time as people and spreadsheets write it, as ISO 8601 with offset. ValueError if it is none."""
    text = cell.replace("T", " ").strip()
    for form in _WRITTEN:
        try:
            return datetime.strptime(text, form).replace(tzinfo=zone).isoformat()
        except ValueError:
            continue
    try:
        found = datetime.fromisoformat(cell)
    except ValueError:
        raise ValueError(_("This is no time such as 2026-11-22 09:30.")) from None
    return (found if found.tzinfo else found.replace(tzinfo=zone)).isoformat()
