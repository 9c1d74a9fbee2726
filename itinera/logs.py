"""Log lines: one JSON object a line, in which phone numbers, addresses and secrets are masked."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

from itinera.kit.masking import scrub


class JsonLines(logging.Formatter):
    """Formats a record as `{"at", "level", "logger", "text"}`, with `error` when an exception is told."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "text": scrub(record.getMessage()),
        }
        if record.exc_info:
            line["error"] = scrub(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
