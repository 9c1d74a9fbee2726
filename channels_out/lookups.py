"""What messages read from look-up tables: each row as it is when the text is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from audiences.lookups import Row, key_of, rows
from audiences.models import LookupTable
from audiences.uses import Thing
from channels_out.models import Template
from channels_out.render import Columns, CompiledContent, Looked, compile_content
from itinera.kit.errors import Problem, Refusal
from itinera.kit.wire import Cursor

Content = tuple[str, Mapping[str, Any]]
"""A channel, and what is to be said on it."""


def with_rows(cursor: Cursor, compiled: CompiledContent, columns: Columns, count: int) -> Columns:
    """The columns and, beside them, one for each look-up of the content; None where there is no such row or value."""
    wanted: defaultdict[str, dict[Looked, list[str | None]]] = defaultdict(dict)
    for _part, looked in compiled.lookups_by_part():
        wanted[looked.table][looked] = _keys(looked, columns, count)
    found = dict(columns)
    for table, asked in wanted.items():
        present = rows(cursor, table, {key for keys in asked.values() for key in keys if key is not None})
        for looked, keys in asked.items():
            found[looked] = [_value(present, key, looked.column) for key in keys]
    return found


def _keys(looked: Looked, columns: Columns, count: int) -> list[str | None]:
    if isinstance(looked.key, str):
        return [looked.key] * count
    return [key_of(value) for value in columns[looked.key]]


def _value(present: Mapping[str, Row], key: str | None, column: str) -> object:
    return None if key is None else present.get(key, {}).get(column)


def check_lookups(compiled: CompiledContent) -> None:
    """Refusal if the content reads a table or column that is not there."""
    tables = {row.slug: {each["name"] for each in row.columns} for row in LookupTable.objects.all()}
    problems: list[Problem] = []
    for part, looked in compiled.lookups_by_part():
        columns = tables.get(looked.table)
        problems += unknown_lookup(looked, None if columns is None else looked.column in columns, part)
    if problems:
        raise Refusal(problems)


def unknown_lookup(looked: Looked, has_column: bool | None, path: str) -> Iterator[Problem]:
    """What is wrong with a look-up, given whether the table has the column; None: there is no such table."""
    if has_column is None:
        words = _("There is no look-up table %(slug)s.") % {"slug": looked.table}
        yield Problem("unknown_table", words, path)
    elif not has_column:
        words = _("The look-up table %(slug)s has no column %(name)s.")
        yield Problem("unknown_column", words % {"slug": looked.table, "name": looked.column}, path)


def reads(content: Content, thing: Thing) -> bool:
    """Whether a content that can be compiled reads a table, or one column of it."""
    if thing.kind != "lookup":
        return False
    asked = (looked for _part, looked in compile_content(*content).lookups_by_part())
    return any(each.table == thing.slug and thing.part in (None, each.column) for each in asked)


def templates_that_use(thing: Thing) -> Iterator[str]:
    """Templates that read a table, or one column of it."""
    for slug, *content in Template.objects.order_by("slug").values_list("slug", "channel", "content"):
        if reads((content[0], content[1]), thing):
            yield _("template %(name)s") % {"name": slug}
