"""Types that measure people in stretches: columns of numbers, cut into bands, placed in cells."""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from audiences.bitmaps import Members
from audiences.definitions.base import Scope
from audiences.segmentations.base import Piece, Pieces, SegmentationType, Settled, Standing
from audiences.segmentations.packing import Columns, pack_table, unpack_table
from audiences.stretches import FIRST, Stretch, next_size, stretch_after

C = TypeVar("C", bound=BaseModel)


class TableType(SegmentationType[C]):
    """A type whose cells follow from some numbers of each person and from cuts over all of them."""

    @abstractmethod
    def measure(self, config: C, scope: Scope, stretch: Stretch) -> Columns:
        """The people of a stretch with all that is looked at. Columns that no other method reads serve to explain."""

    @abstractmethod
    def kept(self) -> tuple[str, ...]:
        """The columns beside `id` that `cuts` and `places` read."""

    @abstractmethod
    def cuts(self, config: C, tables: Iterable[Columns]) -> Mapping[str, Any]:
        """The cuts over everybody, as JSON."""

    @abstractmethod
    def places(self, config: C, cuts: Mapping[str, Any], table: Columns) -> NDArray[np.int16]:
        """For each row the place of her cell among `cells`; -1 for none."""

    @abstractmethod
    def stand(self, config: C, scope: Scope, cuts: Mapping[str, Any], table: Columns) -> Standing:
        """The one person of a table with one row."""

    def piece(self, config: C, scope: Scope, after: Any) -> Piece:
        last, size = after or (0, FIRST)
        stretch = stretch_after(scope.cursor, last, size)
        if stretch is None:
            return Piece(pack_table({"id": np.empty(0, dtype=np.int64)}), None, 1.0)
        began = time.monotonic()
        table = self.measure(config, scope, stretch)
        size = next_size(size, time.monotonic() - began)
        body = pack_table({name: table[name] for name in ("id", *self.kept())})
        return Piece(body, [stretch.last, size], stretch.share)

    def settle(self, config: C, pieces: Pieces) -> Settled:
        cuts = self.cuts(config, _tables(pieces))
        cells = self.cells(config)
        found = {cell.slug: Members() for cell in cells}
        for table in _tables(pieces):
            places = self.places(config, cuts, table)
            for place in np.unique(places[places >= 0]).tolist():
                found[cells[place].slug] |= Members.of(table["id"][places == place])
        return Settled(cuts, found)

    def explain(self, config: C, scope: Scope, cuts: Mapping[str, Any], profile: int) -> Standing | None:
        table = self.measure(config, scope, Stretch.alone(profile))
        return self.stand(config, scope, cuts, table) if len(table["id"]) else None


def _tables(pieces: Pieces) -> Iterable[Columns]:
    """Those that hold somebody."""
    return (table for body in pieces() if len((table := unpack_table(body))["id"]))
