"""The HTTP side: batches in, lookups by identity in the body, one profile whole; every refusal names its place."""

from __future__ import annotations

import os
from typing import Any

import orjson
import pytest
from django.core.cache import cache
from django.test import Client

from audiences.models import Event, Identity, Profile, RejectedRow
from itinera.access.tokens import issue
from itinera.kit.models import AuditEntry

pytestmark = pytest.mark.django_db
TIME = "2026-03-15T03:00:00Z"


def event(n: int, **keys: Any) -> dict[str, Any]:
    return {"id": f"e{n}", "member_id": f"M{n}", "event": "visit", "time": TIME, **keys}


class Api:
    """Calls with a token of one scope."""

    def __init__(self, scope: str) -> None:
        cache.clear()
        _token, secret = issue(f"shop-{scope}", [scope])
        self.client = Client(headers={"Authorization": f"Bearer {secret}"})

    def post(self, address: str, body: Any, **headers: str) -> Any:
        data = body if isinstance(body, bytes) else orjson.dumps(body)
        return self.client.post(f"/api/v1/{address}", data, content_type="application/json", headers=headers)

    def get(self, address: str) -> Any:
        return self.client.get(f"/api/v1/{address}")


@pytest.fixture
def ingest() -> Api:
    return Api("ingest")


@pytest.fixture
def read() -> Api:
    return Api("read")


@pytest.mark.parametrize("wrap", [False, True])
def test_a_batch_of_events(ingest: Api, wrap: bool) -> None:
    lines = [event(1), event(1), event(2, time="never"), event(3)]
    answer = ingest.post("events", {"events": lines} if wrap else lines)
    assert answer.status_code == 202
    body = answer.json()
    assert (body["accepted"], body["duplicates"]) == (2, 1)
    (bad,) = body["rejected"]
    assert (bad["index"], bad["code"], bad["path"]) == (2, "bad_time", "time")
    assert bad["detail"]
    assert Event.objects.count() == 2
    assert RejectedRow.objects.get().source == "api:token:shop-ingest"


def test_a_batch_of_profiles(ingest: Api) -> None:
    answer = ingest.post("profiles", {"profiles": [{"member_id": "M1", "attributes": {"a": 1}}, {"attributes": {}}]})
    assert (answer.status_code, answer.json()["accepted"]) == (202, 1)
    assert answer.json()["rejected"][0]["code"] == "no_identity"
    assert Profile.objects.get().attributes == {"a": 1}


def test_the_reasons_come_in_the_language_of_the_caller(ingest: Api) -> None:
    chinese = ingest.post("events", [event(1, time="never")], **{"Accept-Language": "zh-hans"})
    english = ingest.post("events", [event(1, time="never")], **{"Accept-Language": "en"})
    assert "ISO 8601" in english.json()["rejected"][0]["detail"]
    assert chinese.json()["rejected"][0]["detail"] != english.json()["rejected"][0]["detail"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"\xff\xfe\x00nonsense", 400, "not_utf8"),
        ('[{"event":"支付"}]'.encode("gb18030"), 400, "not_utf8"),
        (b'[{"event":', 400, "not_json"),
        (b"", 400, "wrong_shape"),
        (b"null", 400, "wrong_shape"),
        (b"{}", 400, "wrong_shape"),
        (b'{"event":"a"}', 400, "wrong_shape"),
        (b'{"events":[],"more":1}', 400, "wrong_shape"),
        (b'{"events":5}', 400, "wrong_shape"),
        (os.urandom(5 * 1024 * 1024 - 100), 400, "not_utf8"),
        (b"[" + b"1," * 3_000_000 + b"1]", 413, "too_large"),
        (b"[" + b"1," * 1_000 + b"1]", 413, "too_large"),
        (b"[" * 100_000, 400, "not_json"),
    ],
    ids=[
        "bytes",
        "gb18030",
        "cut",
        "empty",
        "null",
        "object",
        "one event",
        "more",
        "no list",
        "noise",
        "6 MB",
        "1,001",
        "deep",
    ],
)
def test_a_body_that_cannot_be_taken(ingest: Api, body: bytes, status: int, code: str) -> None:
    answer = ingest.post("events", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"].startswith("application/problem+json")
    assert answer.json()["detail"]


def test_another_kind_of_content(ingest: Api) -> None:
    answer = ingest.client.post("/api/v1/events", "x", content_type="text/plain")
    assert answer.status_code == 415


def test_sent_again_with_its_key(ingest: Api) -> None:
    without_id = [{"member_id": "M1", "event": "visit", "time": TIME}]
    first = ingest.post("events", without_id, **{"Idempotency-Key": "k1"})
    again = ingest.post("events", without_id, **{"Idempotency-Key": "k1"})
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    assert Event.objects.count() == 1


def test_only_the_right_scope(ingest: Api, read: Api) -> None:
    assert read.post("events", [event(1)]).status_code == 403
    assert read.post("profiles", []).status_code == 403
    assert ingest.post("profiles/lookup", {"kind": "member_id", "value": "M1"}).status_code == 403
    assert Client().post("/api/v1/events", b"[]", content_type="application/json").status_code in {401, 403}


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "member_id", "value": "M1"},
        {"identity": {"kind": "member_id", "value": " M1 "}},
        {"identity": "member_id:M1"},
    ],
)
def test_a_profile_is_found_by_an_identity(ingest: Api, read: Api, body: Any) -> None:
    ingest.post("events", [event(1)])
    assert read.post("profiles/lookup", body).json() == {"id": Profile.objects.get().id}


def test_an_identity_that_nobody_has(read: Api) -> None:
    answer = read.post("profiles/lookup", {"kind": "member_id", "value": "nobody"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "body", [{}, [], "x", {"identity": "x"}, {"kind": 1, "value": "x"}, {"kind": "a", "value": "\x00"}]
)
def test_a_lookup_that_names_nobody(read: Api, body: Any) -> None:
    answer = read.post("profiles/lookup", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "wrong_shape")


def test_one_profile_whole_and_masked(ingest: Api, read: Api) -> None:
    line = {"member_id": "M1", "identities": {"phone": "+8613812341234"}, "attributes": {"a": 1}, "tags": ["vip"]}
    ingest.post("profiles", [line])
    ingest.post("events", [event(1, properties={"n": 1}), event(1, id="e9", event="paid", time="2026-03-15T04:00:00Z")])
    number = Profile.objects.get().id
    body = read.get(f"profiles/{number}").json()
    assert (body["id"], body["attributes"], body["tags"]) == (number, {"a": 1}, {"vip": True})
    named = [(each["kind"], each["value"]) for each in body["identities"]]
    assert named == [("member_id", "M1"), ("phone", "+86138****1234")]
    assert [e["event"] for e in body["events"]] == ["paid", "visit"]
    assert body["events"][1]["properties"] == {"n": 1}
    assert not AuditEntry.objects.filter(verb="pii.view").exists()


def test_who_may_see_it_clear_is_audited(ingest: Api) -> None:
    ingest.post("profiles", [{"member_id": "M1", "phone": "+8613812341234"}])
    number, admin = Profile.objects.get().id, Api("admin")
    # A token of scope admin holds only its own scope's calls; reading needs `read` too.
    _token, secret = issue("both", ["admin", "read"])
    admin.client = Client(headers={"Authorization": f"Bearer {secret}"})
    body = admin.get(f"profiles/{number}").json()
    assert "+8613812341234" in [each["value"] for each in body["identities"]]
    assert AuditEntry.objects.get(verb="pii.view").object == f"profile:{number}"


def test_a_profile_that_is_not_there(read: Api) -> None:
    assert read.get("profiles/999999999").json()["code"] == "not_found"


def test_a_thousand_events(ingest: Api) -> None:
    answer = ingest.post("events", [event(n) for n in range(1000)])
    assert answer.json() == {"accepted": 1000, "duplicates": 0, "rejected": []}
    assert Identity.objects.count() == 1000
