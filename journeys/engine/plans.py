"""Plans of published versions, compiled once per process: a published canvas never changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from itinera.kit import sqlfile
from itinera.kit.wire import Cursor
from journeys.canvas.document import parse_canvas
from journeys.canvas.plan import Plan, compile_plan

SQL = sqlfile.queries(__file__, "world.sql")


class Plans:
    """Plans by version id. A replay has its own: its versions' ids are not the real ones."""

    def __init__(self) -> None:
        self._plans: dict[int, Plan] = {}

    def of(self, cursor: Cursor, versions: Sequence[int]) -> dict[int, Plan]:
        """The plans of these versions; reads the canvases that this process has not seen."""
        unknown = [version for version in versions if version not in self._plans]
        if unknown:
            cursor.execute(SQL["canvases"], {"versions": unknown})
            for version, canvas in cursor.fetchall():
                self._plans[version] = compile_plan(parse_canvas(_value(canvas)))
        return {version: self._plans[version] for version in versions}

    def forget(self) -> None:
        """Start anew: after a database was emptied its version ids come again, for other canvases."""
        self._plans.clear()


def _value(stored: Any) -> Any:
    return orjson.loads(stored) if isinstance(stored, str | bytes) else stored


PLANS = Plans()
"""Those of the real tables."""
