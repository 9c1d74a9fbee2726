"""Bytes of a file, unpacked where it is packed, as lines of bounded length."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

LONGEST_LINE = 1_048_576
"""In bytes; what is longer is no line of ours."""

_GZIP = b"\x1f\x8b"
_MARK = b"\xef\xbb\xbf"
"""The byte order mark that some programs put before UTF-8."""


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file for reading; packed with gzip or not is seen from its first bytes. OSError, also for a broken pack."""
    with path.open("rb") as file:
        head = file.read(2)
        file.seek(0)
        yield cast("BinaryIO", gzip.GzipFile(fileobj=file)) if head == _GZIP else file


def raw_lines(file: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Each line that is not empty with its number from 1, without its end; None for one that is too long."""
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if number == 1:
            line = line.removeprefix(_MARK)
        if len(line) > LONGEST_LINE:
            _skip_to_end(file, line)
            yield number, None
        elif stripped := line.strip():
            yield number, stripped


def _skip_to_end(file: BinaryIO, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = file.readline(LONGEST_LINE)
