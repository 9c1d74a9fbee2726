"""The JSON that the API accepts: bounded, UTF-8, and a refusal that names the place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser

from itinera.kit.errors import Refusal


class StrictJSONParser(BaseParser):
    """At most `settings.DATA_UPLOAD_MAX_MEMORY_SIZE` bytes; no NaN, no other encoding, bounded nesting.

    Refuses with `too_large` (413), `not_utf8` and `not_json` (400).
    """

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        return parse_json(stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1))


def parse_json(body: bytes) -> Any:
    """The value that a body holds. Also for plain views that take JSON."""
    if len(body) > (limit := settings.DATA_UPLOAD_MAX_MEMORY_SIZE):
        words = _("The body is larger than %(limit)d MB. Send it in parts.")
        raise Refusal.because("too_large", words % {"limit": limit // 1_048_576}, status=413)
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        # Looked at only now: good bodies pay nothing.
        _refuse_other_encodings(body)
        words = _("This is not JSON: line %(line)d, column %(column)d: %(reason)s.")
        values = {"line": error.lineno, "column": error.colno, "reason": error.msg.partition(": line")[0]}
        path = f"line {error.lineno}, column {error.colno}"
        raise Refusal.because("not_json", words % values, path=path) from None


def _refuse_other_encodings(body: bytes) -> None:
    try:
        body.decode()
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        words = _("The body is not UTF-8: byte %(byte)d, in line %(line)d. Save it as UTF-8 and send it again.")
        values = {"byte": error.start, "line": line}
        raise Refusal.because("not_utf8", words % values, path=f"byte {error.start}") from None
