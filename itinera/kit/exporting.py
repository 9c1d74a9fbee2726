"""Tables as CSV that a spreadsheet opens as they are: nothing in a cell can be taken for a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

BYTE_ORDER_MARK = "\ufeff"
"""Without it, Excel on a Chinese Windows takes UTF-8 for GBK."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def quoted(cell: object) -> str:
    """The text of a cell; a text that a spreadsheet would run gets an apostrophe in front. Numbers stay numbers."""
    if cell is None:
        return ""
    text = str(cell)
    harmless = isinstance(cell, int | float) and not isinstance(cell, bool)
    return f"'{text}" if text.startswith(_FORMULA) and not harmless else text


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The file line by line, for a streamed answer; the first line carries the byte-order mark."""
    writer = csv.writer(_Echo())
    yield BYTE_ORDER_MARK + writer.writerow([quoted(name) for name in header])
    for row in rows:
        yield writer.writerow([quoted(cell) for cell in row])


class _Echo:
    """What `csv.writer` writes to: it hands each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line
