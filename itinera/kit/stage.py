"""The report that every stage gives: one shape for Celery, the command line and tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class StageReport:
    """What one run of a stage did.

    `done` counts the stage's own unit (people, messages, rows); `more` says that work was left
    because of the limit, so the caller may run it again at once.
    """

    stage: str
    done: int
    more: bool = False
    detail: Mapping[str, object] = field(default_factory=dict)
