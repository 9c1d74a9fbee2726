"""Where in a rule something stands, as problems tell it: `all[0].where[1].op`."""

from __future__ import annotations

from itinera.kit.validation import place


def join(path: str, step: str | int) -> str:
    """One step further."""
    return place((step,), path)
