"""A body that cannot be read is refused with the place named."""

import pytest
from django.utils import translation
from pytest_django import Settings

from itinera.kit.errors import Refusal
from itinera.kit.parsers import parse_json


def refused(body: bytes) -> tuple[str, str | None, int]:
    with translation.override("en"), pytest.raises(Refusal) as caught:
        parse_json(body)
    return caught.value.problems[0].code, caught.value.problems[0].path, caught.value.status


def test_json_is_read() -> None:
    assert parse_json('{"name": "张三", "n": [1, 2.5, null]}'.encode()) == {"name": "张三", "n": [1, 2.5, None]}


def test_nonsense_is_refused_with_line_and_column() -> None:
    assert refused(b'[{"a": 1},\n {"b": }]') == ("not_json", "line 2, column 8", 400)


def test_another_encoding_is_refused_with_the_byte() -> None:
    assert refused('{"name": "张三"}'.encode("gb18030")) == ("not_utf8", "byte 10", 400)


@pytest.mark.parametrize("body", [b"", b"NaN", b"[1,]", b"{'a': 1}", b"[" * 100_000, b"\x00" * 100])
def test_what_is_not_json_is_never_an_error_of_ours(body: bytes) -> None:
    assert refused(body)[0] == "not_json"


def test_five_megabytes_of_nonsense_get_a_clear_answer() -> None:
    assert refused(b"x" * 5_000_000) == ("not_json", "line 1, column 1", 400)


def test_a_body_that_is_too_large_is_refused(settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
    assert refused(b" " * 1_048_577) == ("too_large", None, 413)
