"""Log lines carry no personal data and no keys."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from itinera.kit.masking import scrub as mask
from itinera.logs import JsonLines


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("call +8613800138000 now", "call +86138****8000 now"),
        ("13800138000", "138****8000"),
        ("mail to li.ming@example.com.", "mail to l***@example.com."),
        ("GET /cgi?access_token=abcDEF123&x=1", "GET /cgi?access_token=***&x=1"),
        ('{"secret": "s3cr3t", "n": 1}', '{"secret": "***", "n": 1}'),
        ("redis://:hunter2@127.0.0.1:6379/0", "redis://:***@127.0.0.1:6379/0"),
        ("postgres://me:hunter2@db/x", "postgres://me:***@db/x"),
    ],
)
def test_what_names_a_person_or_opens_a_door_is_masked(text: str, expected: str) -> None:
    assert mask(text) == expected


@pytest.mark.parametrize(
    "text", ["wave 12 took 0.52 s", "2026-11-22T08:35:40.421+00:00", "journey new_customer: 23570"]
)
def test_ordinary_lines_stay_as_they_are(text: str) -> None:
    assert mask(text) == text


def test_a_record_is_one_line_of_json_with_its_exception_masked() -> None:
    try:
        raise ValueError("no such person: li.ming@example.com")
    except ValueError:
        record = logging.LogRecord("a.b", logging.ERROR, __file__, 1, "sent to %s", ("13800138000",), sys.exc_info())
    line = JsonLines().format(record)
    told = json.loads(line)
    assert "\n" not in line
    assert (told["level"], told["logger"], told["text"]) == ("ERROR", "a.b", "sent to 138****8000")
    assert "l***@example.com" in told["error"]
    assert "li.ming" not in line
