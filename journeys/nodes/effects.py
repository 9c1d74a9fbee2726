"""What nodes want done, as data. The engine does it, in the order given, after the decision.

`rows` are indices into the step, ascending; values run in step with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class SendMessage:
    """Write what policy decided about these people's message: let through, skipped, capped or unreachable.

    Never for people who are held. The rest (channel, content …) stands in the node's `MessageNeed`.
    """

    rows: Rows


@dataclass(frozen=True, slots=True)
class SetAttribute:
    """Give an attribute a JSON value per person; None removes the attribute."""

    name: str
    rows: Rows
    values: Sequence[object]


@dataclass(frozen=True, slots=True)
class AddToAttribute:
    """Add to a number; who has none, or something that is no number, counts as 0."""

    name: str
    rows: Rows
    amount: int | float


@dataclass(frozen=True, slots=True)
class ChangeTags:
    """Add these tags, then remove those."""

    rows: Rows
    add: tuple[str, ...]
    remove: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CountGoal:
    """Count a named goal, with a value per person (None = no value); nobody leaves by it."""

    name: str
    rows: Rows
    values: Sequence[float | None]


Effect = SendMessage | SetAttribute | AddToAttribute | ChangeTags | CountGoal
