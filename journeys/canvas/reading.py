"""From the bytes of a file to a document: size, encoding, JSON, keys that stand twice, depth."""

from __future__ import annotations

import json
from typing import Any

import orjson
from django.utils.translation import gettext as _

from itinera.kit.errors import Refusal

LARGEST = 1_000_000
"""Bytes of a canvas document."""

DEEPEST = 120
"""Levels of objects and lists inside one another: rules nested 40 deep fit in, the validator is not exhausted."""


def read(raw: bytes) -> object:
    """The JSON value in the file. Refusal names the line and column, or the key that stands twice."""
    if len(raw) > LARGEST:
        raise _too_large()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Refusal.because("bad_encoding", _("Line %(line)d is not UTF-8.") % {"line": line}) from None
    try:
        found = json.loads(text, object_pairs_hook=_object, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        words = _("Line %(line)d, column %(column)d: this is not JSON.")
        raise Refusal.because("not_json", words % {"line": error.lineno, "column": error.colno}) from None
    except (RecursionError, ValueError) as error:
        raise Refusal.because("not_json", _("This is not JSON: %(reason)s.") % {"reason": error}) from None
    return found


def bounded(document: object) -> None:
    """Look before the models leap: Refusal if a value is too large, too deep, or holds what JSON cannot."""
    if _too_deep(document):
        raise Refusal.because("too_large", _("This is nested too deeply."))
    try:
        size = len(orjson.dumps(document))
    except TypeError as error:
        raise Refusal.because("not_json", _("This is not JSON: %(reason)s.") % {"reason": error}) from None
    if size > LARGEST:
        raise _too_large()


def _too_large() -> Refusal:
    return Refusal.because("too_large", _("A canvas has at most %(bytes)d bytes.") % {"bytes": LARGEST}, status=413)


def _too_deep(document: object) -> bool:
    level = [document]
    for _depth in range(DEEPEST):
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Refusal.because("duplicate_key", _("The key “%(key)s” stands twice in one object.") % {"key": key})
        found[key] = value
    return found


def _no_number(text: str) -> None:
    raise Refusal.because("not_json", _("%(text)s is not a number in JSON.") % {"text": text})
