"""Files of comma-separated values with profiles: one column per attribute or identity.

`member_id` and the other known kinds of identity are columns of their own name or `identity:KIND`;
`consent:CHANNEL:CATEGORY` holds yes or no; `zone`, `tags` and `suppressed` (parts separated by `;`) and
`updated` mean what they mean in a profile line; every other column is an attribute. A value is read as
its attribute's declared type; of undeclared ones it stays text. An empty cell says nothing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from audiences.batch import Bad
from audiences.files.raw import LONGEST_LINE, opened
from audiences.kinds import KINDS
from audiences.rules.catalogue import Catalogue, Known
from itinera.kit.errors import Refusal

ENCODINGS = ("utf-8-sig", "gb18030")
"""Tried in this order; GB18030 includes GBK and GB2312."""

_YES, _NO = frozenset({"true", "1", "yes", "y", "是"}), frozenset({"false", "0", "no", "n", "否"})
_OWN = frozenset({"zone", "tags", "suppressed", "updated"})


def profile_rows(path: Path, catalogue: Catalogue) -> Iterator[tuple[int, object]]:
    """The number of each row's last line and the row as a profile line, or a `Bad`.

    Refusal with codes not_text, bad_header: nothing of the file can be used.
    """
    encoding = find_encoding(path)
    with opened(path) as file, io.TextIOWrapper(file, encoding=encoding, newline="") as text:
        csv.field_size_limit(LONGEST_LINE)
        reader = csv.reader(text, strict=True)
        header = _header(next(reader, []))
        yield from _rows(reader, header, catalogue)


def find_encoding(path: Path) -> str:
    """The first encoding in which the whole file is text. Refusal that names the first bad line."""
    places = [_first_bad_line(path, encoding) for encoding in ENCODINGS]
    for encoding, place in zip(ENCODINGS, places, strict=True):
        if place is None:
            return encoding
    words = _("Line %(line)d is neither UTF-8 nor GB18030. Save the file as UTF-8 and load it again.")
    line = max(place for place in places if place is not None)
    raise Refusal.because("not_text", words % {"line": line}, path=f"line {line}")


def _first_bad_line(path: Path, encoding: str) -> int | None:
    with opened(path) as file:
        for number, line in enumerate(iter(lambda: file.readline(LONGEST_LINE), b""), 1):
            try:
                line.decode(encoding)
            except UnicodeDecodeError:
                return number
    return None


def _header(names: Sequence[str]) -> list[str]:
    header = [name.strip() for name in names]
    twice = sorted({name for name in header if header.count(name) > 1})
    if "" in header or twice or len(header) == 0:
        words = _("The first line must name every column, each once: %(names)s.")
        raise Refusal.because("bad_header", words % {"names": ", ".join(twice) or "…"}, path="line 1")
    return header


def _rows(reader: Any, header: Sequence[str], catalogue: Catalogue) -> Iterator[tuple[int, object]]:
    readers = [profile_reader(name, catalogue) for name in header]
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            words = _("This row cannot be read: %(reason)s.") % {"reason": error}
            yield reader.line_num, Bad("bad_row", words, "")
            continue
        if any(cells):
            yield reader.line_num, _row(header, cells, readers)


Reader = Callable[[dict[str, Any], str], None]
"""Puts a cell where it belongs in a line. ValueError with the reason."""


def _row(header: Sequence[str], cells: Sequence[str], readers: Sequence[Reader]) -> object:
    if len(cells) != len(header):
        words = _("This row has %(cells)d cells, the first line names %(columns)d.")
        return Bad("bad_row", words % {"cells": len(cells), "columns": len(header)}, ",".join(cells))
    line: dict[str, Any] = {}
    for name, cell, read in zip(header, cells, readers, strict=True):
        if not cell.strip():
            continue
        try:
            read(line, cell.strip())
        except ValueError as error:
            return Bad("wrong_type", str(error), ",".join(cells), name)
    return line


def profile_reader(name: str, catalogue: Catalogue) -> Reader:
    """How the cells of a column of this name are put into a profile line."""
    kind = name.removeprefix("identity:")
    if name in KINDS or name != kind:
        return lambda line, cell: line.setdefault("identities", {}).__setitem__(kind, cell)
    if name.startswith("consent:") and name.count(":") == 2:
        _consent, channel, category = name.split(":")
        return lambda line, cell: (
            line.setdefault("consent", {}).setdefault(channel, {}).__setitem__(category, _yes_or_no(cell))
        )
    if name in _OWN:
        split = name in {"tags", "suppressed"}
        return lambda line, cell: line.__setitem__(name, _parts(cell) if split else cell)
    typed = cell_type(catalogue.attributes.get(name))
    return lambda line, cell: line.setdefault("attributes", {}).__setitem__(name, typed(cell))


def cell_type(known: Known | None) -> Callable[[str], Any]:
    """How a cell is read whose value has this type; what nobody declared stays text. ValueError with the reason."""
    return _TYPED.get(known.type, str) if known is not None and known.declared else str


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _yes_or_no(cell: str) -> bool:
    if cell.lower() not in _YES | _NO:
        raise ValueError(_("This is neither yes nor no."))
    return cell.lower() in _YES


def _number(cell: str) -> int | float:
    try:
        return int(cell) if cell.lstrip("+-").isdigit() else float(cell)
    except ValueError:
        raise ValueError(_("This is no number.")) from None


_TYPED: Mapping[str, Callable[[str], Any]] = {
    "number": _number,
    "money": _number,
    "boolean": _yes_or_no,
    "list": _parts,
}
