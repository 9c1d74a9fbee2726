"""Files of comma-separated values with rows of one look-up table: one column per column, one of them the key.

The key's column is called as the table's key is (商品编码) or `key`; the others by name or label. A value is read as
its column's type. An empty cell says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from audiences.files.table import Reader, opened_table, typed_reader
from audiences.models import LookupTable
from itinera.kit.errors import Refusal


def lookup_rows(path: Path, slug: str) -> Iterator[tuple[int, object]]:
    """The number of each row's last line and the row as a line of `ingest_lookups`, or a `Bad`.

    Refusal with codes unknown_lookup, not_text, bad_header, unknown_column, missing_key.
    """
    table = LookupTable.objects.filter(slug=slug).first()
    if table is None:
        raise Refusal.because("unknown_lookup", _("There is no such look-up table."))
    yield from opened_table(path, lambda name: _reader(name, table), lambda header: _refuse_keyless(header, table))


def _reader(name: str, table: LookupTable) -> Reader:
    if name in ("key", table.key):
        return lambda line, cell: line.__setitem__("key", cell)
    column: dict[str, Any] | None = next(
        (each for each in table.columns if name in (each["name"], each["label"])), None
    )
    if column is None:
        words = _("The table has no column %(column)s.") % {"column": name[:128]}
        raise Refusal.because("unknown_column", words, path="line 1")
    read, own = typed_reader(column["type"]), column["name"]
    return lambda line, cell: line.setdefault("values", {}).__setitem__(own, read(cell))


def _refuse_keyless(header: list[str], table: LookupTable) -> None:
    if not {"key", table.key} & set(header):
        words = _("The first line must name the key: %(key)s.") % {"key": table.key}
        raise Refusal.because("missing_key", words, path="line 1")
