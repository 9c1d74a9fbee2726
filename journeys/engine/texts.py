"""The words of a message, for everybody at a node at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from channels_out.lookups import with_rows
from channels_out.render import Columns, Variable
from journeys.nodes.needs import Column

if TYPE_CHECKING:
    from journeys.engine.steps import Visit


def render(visit: Visit, asks: NDArray[np.int64]) -> list[dict[str, str] | None]:
    """A content for each row of the visit that asks; None elsewhere, and where a variable is missing.

    Written before policy is asked: who gets no text must not take a place under a cap.
    """
    assert visit.needs.message is not None
    compiled = visit.wave.world.content(visit.needs.message)
    values: Columns = {variable: _values(visit, variable, asks) for variable in compiled.variables}
    columns = with_rows(visit.wave.cursor, compiled, values, len(asks))
    found: list[dict[str, str] | None] = [None] * len(visit.rows)
    for row, text in zip(asks.tolist(), compiled.render(columns, len(asks)), strict=True):
        found[row] = text
    return found


def _values(visit: Visit, variable: Variable, asks: NDArray[np.int64]) -> Sequence[object]:
    namespace, name = variable
    if namespace == "journey":
        plan = visit.version.plan
        return [{"slug": plan.slug, "name": plan.name}.get(name)] * len(asks)
    column = visit.column(Column(namespace, name))  # type: ignore[arg-type]  # render knows no other namespace
    return [column[row] for row in asks.tolist()]
