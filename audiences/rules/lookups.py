"""Conditions asked of a look-up table: the value is a key, and the column of its row is compared, as it is now.

In SQL the rows are joined by the table's primary key: hashed once for many people, looked up for few.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from audiences.rules.build import Build, Joins
from audiences.rules.catalogue import Catalogue, Known
from audiences.rules.leaf_ast import Via
from audiences.rules.places import join
from itinera.kit.errors import Problem


def check_via(via: Via | None, catalogue: Catalogue, path: str) -> Iterator[Problem]:
    """Whether there is such a table and column; `path` is that of the condition."""
    if via is None:
        return
    table = catalogue.tables.get(via.table)
    if table is None:
        words = _("There is no look-up table %(slug)s.") % {"slug": via.table}
        yield Problem("unknown_table", words, join(join(path, "via"), "table"))
    elif via.column not in table.columns:
        words = _("The look-up table %(slug)s has no column %(name)s.") % {"slug": via.table, "name": via.column}
        yield Problem("unknown_column", words, join(join(path, "via"), "column"))


def compared(via: Via | None, own: Known | None, catalogue: Catalogue) -> Known | None:
    """The declared name whose type decides: the column's, or the fact's own."""
    if via is None:
        return own
    table = catalogue.tables.get(via.table)
    return None if table is None else table.columns.get(via.column)


def looked_up_sql(via: Via, key: str, build: Build, joins: Joins) -> str:
    """The column as jsonb, for a key of type jsonb; NULL where no row has that key."""
    text = f"CASE WHEN jsonb_typeof({key}) IN ('string', 'number') THEN {key} #>> '{{}}' END"
    table = build.bind(build.catalogue.tables[via.table].id, "int")
    row = joins.add("lookup_row", f"{{me}}.table_id = {table} AND {{me}}.key = {text}")
    return f"({row}.values -> {build.bind(via.column, 'text')})"


def looked_up(via: Via | None, value: object, rows: Mapping[tuple[str, str], Mapping[str, Any]]) -> object:
    """The same for one value; the value itself where nothing is to be looked up."""
    if via is None:
        return value
    key = key_of(value)
    return None if key is None else rows.get((via.table, key), {}).get(via.column)


def key_of(value: object) -> str | None:
    """A text or number as the key of a row; None for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    return format(number or abs(number), "f")
