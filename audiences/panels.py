"""What upper packages add to the view of one profile: each a list of rows, shown with its own right.

PANELS.register("walks", WalksPanel())     # when the app starts
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

from itinera.kit.registry import Registry

LATEST = 50
"""So many rows of a panel are shown, the newest first."""

Row = dict[str, Any]


class Panel(ABC):
    """One list about a profile. `label` is for the reader (a msgid), `permission` what she needs to see it."""

    label: ClassVar[str]
    permission: ClassVar[str]

    @abstractmethod
    def rows(self, profile: int, *, clear: bool, most: int = LATEST) -> list[Row]:
        """JSON values by key, newest first; addresses and contents are masked unless `clear`."""


PANELS: Registry[Panel] = Registry("panels of a profile")


def panels_of(profile: int, *, clear: bool, may: Callable[[str], bool], say: Callable[[str], str]) -> list[Row]:
    """`[{"key", "label", "rows"}]` of the panels that the reader may see."""
    return [
        {"key": key, "label": say(panel.label), "rows": panel.rows(profile, clear=clear)}
        for key, panel in PANELS.items()
        if may(panel.permission)
    ]
