"""Nothing that names a person or opens a door is left readable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itinera.kit.masking import mask_email, mask_identity, mask_name, mask_phone, scrub


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("13812341234", "138****1234"),
        ("+8613812341234", "+86138****1234"),
        ("+14155550123", "+14****0123"),
        ("10086", "****86"),
    ],
)
def test_phones(value: str, shown: str) -> None:
    assert mask_phone(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [("alice@example.com", "a***@example.com"), ("@x", "***"), ("nonsense", "***")]
)
def test_emails(value: str, shown: str) -> None:
    assert mask_email(value) == shown


def test_identities_by_kind() -> None:
    assert mask_identity("member_id", "M1001") == "M1001"
    assert mask_identity("openid", "oABCDEFGH12") == "oA****12"
    assert mask_identity("device_id", "abc") == "****"
    assert mask_name("phone:13812341234") == "phone:138****1234"
    assert mask_name("13812341234") == "13****34"


@given(st.from_regex(r"1[3-9]\d{9}", fullmatch=True))
def test_a_phone_never_shows_its_middle(phone: str) -> None:
    assert phone[3:7] not in mask_phone(phone).replace(phone[:3], "", 1).replace(phone[-4:], "")
    assert len(mask_phone(phone)) == 11


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("sent to 13812341234.", "sent to 138****1234."),
        ("手机13812341234已退订", "手机138****1234已退订"),
        ("phone=%2B8613812341234&x=1", "phone=%2B86138****1234&x=1"),
        ("call 138-1234-1234 or +86 138 1234 1234", "call 138****1234 or +86 138****1234"),
        ("mail zhang.san@example.com.cn now", "mail z***@example.com.cn now"),
        ("to=zhang%40example.com", "to=z***%40example.com"),
        ("GET /cgi-bin/send?access_token=AbC123&debug=1", "GET /cgi-bin/send?access_token=***&debug=1"),
        ('{"secret": "s3cr3t", "n": 1}', '{"secret": "***", "n": 1}'),
        ("postgres://itinera:hunter2@db:5432/x", "postgres://itinera:***@db:5432/x"),
        ("Authorization: Bearer itn_ab12cd34_" + "x" * 43, "Authorization: Bearer itn_***"),
        ("Basic dXNlcjpwYXNz", "Basic ***"),
    ],
)
def test_logs(text: str, left: str) -> None:
    assert scrub(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T08:35:33.291+00:00 wave 17 took 0.123456789 s",
        "550e8400-e29b-41d4-a716-446655440000",
        "20,000 people in 12 waves, shard 63, id 123456789",
        "journeys.tasks.wave[e3b0c442-98fc-1c14-9afb-f4c8996fb924] succeeded",
        "127.0.0.1:54321 - POST /api/v1/events",
    ],
)
def test_ordinary_lines_stay_as_they_are(text: str) -> None:
    assert scrub(text) == text
