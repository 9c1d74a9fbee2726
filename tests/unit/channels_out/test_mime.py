"""Mails put together by hand are read back by the standard library as they were meant."""

from __future__ import annotations

from datetime import UTC, datetime
from email import policy
from email.parser import BytesParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels_out.mime import Skeleton
from channels_out.providers.base import Envelope

AT = datetime(2026, 11, 20, 4, tzinfo=UTC)
_LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\r\0")
LINES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=120).map(
    lambda text: " ".join(text.split())
)


@settings(max_examples=150, deadline=None)
@given(
    subject=LINES.filter(bool),
    text=st.text(_LETTERS, max_size=300),
)
def test_what_goes_in_comes_out(subject: str, text: str) -> None:
    content = {"subject": subject, "text": text, "html": f"<p>{text}</p>"}
    raw = Skeleton("shop@brand.example", "品牌", "care@brand.example").fill(
        Envelope("m1-ff", "a@b.example", content, AT)
    )
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    mail = BytesParser(policy=policy.default).parsebytes(raw)
    assert mail["Subject"] == subject
    assert (mail["To"], mail["From"], mail["Reply-To"]) == (
        "a@b.example",
        "品牌 <shop@brand.example>",
        "care@brand.example",
    )
    assert mail["Message-ID"] == "<m1-ff@brand.example>"
    assert not mail.defects
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")
    assert html.get_content().replace("\r\n", "\n").rstrip("\n") == f"<p>{text}</p>"


@pytest.mark.parametrize(("parts", "kind"), [({"text": "x"}, "text/plain"), ({"html": "<i>x</i>"}, "text/html")])
def test_one_part_needs_no_frame(parts: dict[str, str], kind: str) -> None:
    raw = Skeleton("shop@brand.example", "", None).fill(Envelope("k", "a@b.example", {"subject": "s", **parts}, AT))
    assert BytesParser(policy=policy.default).parsebytes(raw).get_content_type() == kind
