"""Files of JSON lines: strict UTF-8, one object a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import orjson
from django.utils.translation import gettext as _

from audiences.batch import Bad
from audiences.files.raw import LONGEST_LINE, raw_lines

SHOWN = 200
"""So many bytes of a line that cannot be read are kept."""


def json_lines(file: BinaryIO, part: int = 0, parts: int = 1, slice_size: int = 1) -> Iterator[tuple[int, object]]:
    """The number and the value of each line; a `Bad` in the place of one that cannot be read.

    With several `parts`, only every so-manyeth slice of lines is read: the other slices are the others'.
    """
    for place, (number, line) in enumerate(raw_lines(file)):
        if parts == 1 or place // slice_size % parts == part:
            yield number, read_line(line)


def read_line(line: bytes | None) -> object:
    """The JSON value of a line, or why there is none."""
    if line is None:
        words = _("This line is longer than %(longest)d bytes.") % {"longest": LONGEST_LINE}
        return Bad("too_large", words, "")
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError as error:
        shown = line[:SHOWN].decode("utf-8", "backslashreplace")
        place = _not_utf8(line)
        if place is not None:
            words = _("This line is not UTF-8: byte %(place)d.") % {"place": place}
            return Bad("not_utf8", words, shown)
        reason = error.msg.partition(": line")[0]
        words = _("This line is not JSON: column %(column)d: %(reason)s.")
        return Bad("not_json", words % {"column": error.colno, "reason": reason}, shown)


def _not_utf8(line: bytes) -> int | None:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start + 1
    return None
