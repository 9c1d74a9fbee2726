"""Where a rule stands (what it may ask there), and where in a rule something stands."""

from __future__ import annotations

from dataclasses import dataclass, replace

from itinera.kit.validation import place


@dataclass(frozen=True, slots=True)
class Place:
    """What a rule is asked of: people on a walk (`on_walk`), or everybody. `people` is their kind, None for any."""

    on_walk: bool
    people: str | None = None

    def among(self, people: str | None) -> Place:
        """The same, within one kind of people."""
        return replace(self, people=people)


JOURNEY = Place(on_walk=True)
"""Conditions, filters and exit rules: all words of the language are allowed."""
AUDIENCE = Place(on_walk=False)
"""Audiences and tags: what asks about a walk is refused."""


def join(path: str, step: str | int) -> str:
    """One step further, as problems tell it: `all[0].where[1].op`."""
    return place((step,), path)
