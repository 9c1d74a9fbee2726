"""JSON as it will be stored: bounded, and without the one character that PostgreSQL cannot keep. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import orjson
from django.utils.translation import gettext as _

from audiences.lines import BadLine

LONGEST = 65_536
"""The largest object of a line, in bytes of JSON."""


def stored_json(value: object, path: str) -> bytes:
    """The bytes of a JSON value. BadLine with codes bad_text and too_large."""
    try:
        text = orjson.dumps(value)
    except TypeError:
        raise BadLine("bad_text", _("This holds something that is not JSON."), path) from None
    if len(text) > LONGEST:
        raise BadLine("too_large", _("This is larger than %(longest)d bytes.") % {"longest": LONGEST}, path)
    # The escape is looked for first: it is rare, and may be an escaped backslash before "u0000".
    if b"\\u0000" in text and any("\x00" in each for each in _texts(value)):
        raise BadLine("bad_text", _("The character NUL cannot be stored."), path)
    return text


def _texts(value: object) -> Sequence[str]:
    """All texts within a JSON value, names included."""
    if isinstance(value, str):
        return (value,)
    inner = [*value.keys(), *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for each in inner for text in _texts(each)]
