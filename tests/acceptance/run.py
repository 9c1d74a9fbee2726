"""What a replay is to a test: canvases, lines and a span of time in, three files of results out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from tests.acceptance.oracle.results import Results

Json = dict[str, Any]


class Replay(Protocol):
    """The oracle, or the engine's `manage.py replay`."""

    def __call__(
        self,
        canvases: list[Json],
        *,
        profiles: Iterable[Json] = (),
        events: Iterable[Json] = (),
        workspace: Json | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Results: ...
