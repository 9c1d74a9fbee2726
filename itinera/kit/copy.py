"""Binary COPY straight from numpy arrays: no Python object per value.

The tuple format is PostgreSQL's (documentation, "COPY", binary format): a count of fields, then each field
as its length and its bytes, all big-endian. Rows of equal shape are one structured array.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from itinera.kit.wire import NEVER, Cursor

_SIGNATURE = b"PGCOPY\n\xff\r\n\x00" + b"\x00" * 8
_END = b"\xff\xff"
_PG_EPOCH = 946_684_800_000_000
_INT2 = 21

Column = tuple[str, NDArray[Any]]
"""A wire type (`i2`, `i4`, `i8`, `f8`, `?`, `t8` for an instant) and its values."""


def rows(columns: Sequence[Column], codes: NDArray[np.int16] | None = None) -> bytes:
    """The tuples of some columns, and a last column of `smallint[]` where `codes` (n × m) is given.

    Values of an instant column must not be `NEVER`: rows with a NULL have another shape.
    """
    kinds = [("fields", ">i2")]
    for i, (kind, _) in enumerate(columns):
        kinds += [(f"size{i}", ">i4"), (f"value{i}", ">i8" if kind == "t8" else "?" if kind == "?" else ">" + kind)]
    width = 0 if codes is None else codes.shape[1]
    if codes is not None:
        cell = np.dtype([("size", ">i4"), ("value", ">i2")])
        kinds += [("bytes", ">i4"), ("head", ">i4", (5,)), ("cells", cell, (width,))]  # type: ignore[list-item]
    table = np.empty(len(columns[0][1]), dtype=kinds)
    table["fields"] = len(columns) + (codes is not None)
    for i, (kind, values) in enumerate(columns):
        table[f"size{i}"] = table.dtype[f"value{i}"].itemsize
        table[f"value{i}"] = values - _PG_EPOCH if kind == "t8" else values
    if codes is not None:
        table["bytes"] = 20 + 6 * width
        table["head"] = (1, 0, _INT2, width, 1)
        table["cells"]["size"] = 2
        table["cells"]["value"] = codes
    return table.tobytes()


def write(cursor: Cursor, statement: str, blocks: Sequence[bytes]) -> None:
    """Send blocks of tuples through one `COPY … FROM STDIN (FORMAT binary)`."""
    with cursor.copy(statement) as copy:
        copy.write(_SIGNATURE)
        for block in blocks:
            copy.write(block)
        copy.write(_END)


def groups(shapes: NDArray[Any]) -> list[NDArray[np.int64]]:
    """The positions of the rows of each shape, so that each group is one structured array."""
    if not len(shapes):
        return []
    order = np.argsort(shapes, kind="stable")
    cuts = np.flatnonzero(np.diff(shapes[order])) + 1
    return list(np.split(order, cuts))


def missing(values: NDArray[np.int64]) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = values == NEVER
    return found
