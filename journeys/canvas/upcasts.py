"""Old formats of the canvas document, brought up to the newest by a chain of small steps.

A step takes a document of its format and returns one of the next; it never changes its argument.
Every old format keeps example documents beside the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from itinera.kit.errors import Refusal

Document = Mapping[str, Any]

NEWEST = 1

STEPS: Mapping[int, Callable[[Document], Document]] = {}
"""By the format that a step starts from."""


def upcast(document: object) -> Document:
    """The document in the newest format. Refusal if it is no object or of a format nobody knows."""
    if not isinstance(document, dict):
        raise Refusal.because("not_object", _("A canvas is a JSON object."))
    form = document.get("format")
    if isinstance(form, bool) or not isinstance(form, int) or not 1 <= form <= NEWEST:
        words = _("The format must be one of: %(known)s.") % {"known": ", ".join(map(str, range(1, NEWEST + 1)))}
        raise Refusal.because("unknown_format", words, path="format")
    found: Document = document
    for step in range(form, NEWEST):
        found = STEPS[step](found)
    return found
