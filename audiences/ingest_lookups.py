"""Rows of look-up tables in bulk: typed, merged into what is known, safe to send again.

A line is `{"lookup": "products", "key": "A1", "values": {"name": "湿巾", "price": 9.9}}`; a null takes a value away,
`{"lookup": "products", "key": "A1", "remove": true}` the whole row. Where the table is known from elsewhere (an
address, an option) a line need not name it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from audiences.batch import IngestReport, keep_rejected, sift
from audiences.lines import NAME, VALUE, BadLine
from audiences.stored import stored_json
from audiences.typed import fits, wrong
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor, django_cursor

_SQL = queries(__file__, "lookups.sql")
_KEYS = frozenset({"lookup", "key", "values", "remove"})


@dataclass(frozen=True, slots=True)
class KnownTable:
    """A table's number, and the types of its columns by name."""

    id: int
    columns: Mapping[str, str]


class RowLine(NamedTuple):
    """What a line says about one row; `values` None: it goes."""

    table: int
    key: str
    values: Mapping[str, Any] | None


def ingest_lookups(
    lines: Sequence[object], *, now: datetime, source: str, places: Sequence[int] | None = None,
    table: str | None = None,
) -> IngestReport:  # fmt: skip
    """Take a batch of rows, at most a few thousand; later lines about a row count over earlier ones.

    `table` is for lines that name none. `places` are the numbers by which bad lines are told.
    """
    report = IngestReport()
    cursor = django_cursor()
    with transaction.atomic():
        known = load_tables(cursor)
        good = sift(lines, places, report, lambda line: _read(line, known, table))
        report.accepted = len(good)
        if good:
            _write(cursor, good, now)
        keep_rejected(cursor, report, now, source)
    return report


def load_tables(cursor: Cursor) -> dict[str, KnownTable]:
    """All tables by slug, whose columns nobody changes until the transaction ends."""
    cursor.execute(_SQL["tables"])
    return {
        slug: KnownTable(number, {each["name"]: each["type"] for each in columns})
        for number, slug, columns in cursor.fetchall()
    }


def _read(line: object, known: Mapping[str, KnownTable], table: str | None) -> RowLine:
    """BadLine with codes not_an_object, unknown_key, unknown_lookup, wrong_type, bad_text, unknown_column."""
    if not isinstance(line, dict):
        raise BadLine("not_an_object", _("A line must be a JSON object."))
    for name in line.keys() - _KEYS:
        raise BadLine("unknown_key", _("The key %(key)s is not known here.") % {"key": name[:NAME]}, name[:NAME])
    found = known.get(str(line.get("lookup", table)))
    if found is None:
        raise BadLine("unknown_lookup", _("There is no such look-up table."), "lookup")
    key = _key(line.get("key"))
    if line.get("remove") is True:
        return RowLine(found.id, key, None)
    if not isinstance(line.get("values"), dict):
        raise BadLine("wrong_type", _("This must be an object."), "values")
    _check(line["values"], found.columns)
    return RowLine(found.id, key, line["values"])


def _key(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value.strip() or len(value) > VALUE or not value.isprintable():
        raise BadLine(
            "bad_text", _("A row needs a key: a text of at most %(most)d characters.") % {"most": VALUE}, "key"
        )
    return value.strip()


def _check(values: Mapping[str, Any], columns: Mapping[str, str]) -> None:
    stored_json(values, "values")
    for name, value in values.items():
        if name not in columns:
            raise BadLine(
                "unknown_column",
                _("The table has no column %(column)s.") % {"column": name[:NAME]},
                f"values.{name[:NAME]}",
            )
        if value is not None and not fits(value, columns[name]):
            raise wrong(f"values.{name}", columns[name])


def _write(cursor: Cursor, lines: Sequence[RowLine], now: datetime) -> None:
    puts: dict[tuple[int, str], dict[str, Any]] = {}
    gone: set[tuple[int, str]] = set()
    for table, key, values in lines:
        if values is None:
            puts.pop((table, key), None)
            gone.add((table, key))
        else:
            puts.setdefault((table, key), {}).update(values)
    if gone:
        cursor.execute(_SQL["remove"], _named(sorted(gone)))
    if puts:
        texts = [orjson.dumps(values).decode() for values in puts.values()]
        cursor.execute(_SQL["put"], {**_named(list(puts)), "values": texts, "now": now})
    if bare := [row for row, values in puts.items() if None in values.values()]:
        cursor.execute(_SQL["strip"], _named(bare))


def _named(wanted: Sequence[tuple[int, str]]) -> dict[str, Any]:
    return {"tables": [table for table, _ in wanted], "keys": [key for _, key in wanted]}
