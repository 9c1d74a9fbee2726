"""Every refusal has the same shape, speaks the caller's language and names the place."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.integration.access.sample")]
Header = Callable[..., dict[str, str]]


def told(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = json.loads(answer.content)
    assert (body["status"], body["code"]) == (status, code)
    assert body["detail"]
    return body


def test_nobody_is_asked_to_log_in(client: Client) -> None:
    answer = client.get("/api/sample/reading")
    told(answer, 401, "not_authenticated")
    assert answer["WWW-Authenticate"] == 'Bearer realm="itinera"'


def test_drf_errors(client: Client, token: Header) -> None:
    read = token("read")
    told(client.get("/api/sample/reading", headers=token("ingest")), 403, "permission_denied")
    told(client.put("/api/sample/reading", headers=read), 405, "method_not_allowed")
    told(
        client.post("/api/sample/reading", "a=1", "application/x-www-form-urlencoded", headers=read),
        415,
        "unsupported_media_type",
    )
    told(client.post("/api/sample/reading", "{", "application/json", headers=read), 400, "not_json")
    told(client.get("/api/sample/reading", headers={"Authorization": "Bearer x"}), 401, "authentication_failed")


def test_every_field_that_is_wrong_is_named(client: Client, token: Header) -> None:
    order = {"items": [{"kind": "phone", "value": "1"}, {"kind": "fax", "value": "123456"}]}
    body = told(client.post("/api/sample/reading", order, "application/json", headers=token("read")), 400, "required")
    assert body["path"] == "name"
    assert [(p["code"], p["path"]) for p in body["problems"]] == [
        ("required", "name"),
        ("invalid_choice", "items[1].kind"),
        ("max_length", "items[1].value"),
    ]


def test_a_refusal_tells_all_its_problems(client: Client, token: Header) -> None:
    body = told(client.get("/api/sample/refusing", headers=token("read")), 409, "cycle")
    assert (body["path"], body["node"]) == ("edges[3]", "c1")
    assert body["problems"][1] == {"code": "late", "detail": "Late.", "severity": "warning"}


def test_addresses_that_do_not_exist(client: Client) -> None:
    told(client.get("/api/v1/nosuch"), 404, "not_found")
    page = client.get("/nosuch", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "<html" in page.content.decode()


def test_plain_views_answer_alike(client: Client) -> None:
    told(client.get("/api/sample/plain"), 409, "gone")
    told(client.get("/sample/refusing", headers={"Accept": "application/json"}), 409, "gone")
    page = client.get("/sample/refusing", headers={"Accept": "text/html"})
    assert page.status_code == 409
    assert "It is gone." in page.content.decode()


def test_our_own_errors_tell_nothing_inside(client: Client) -> None:
    client.raise_request_exception = False
    body = told(client.get("/api/sample/breaking"), 500, "internal")
    assert "purpose" not in str(body)


def test_a_forged_form_is_refused_in_the_same_shape() -> None:
    strict = Client(enforce_csrf_checks=True)
    page = strict.post("/login/", {"username": "a", "password": "b"}, headers={"Accept": "text/html"})
    assert page.status_code == 403
    told(strict.post("/login/", {}, headers={"Accept": "application/json"}), 403, "csrf")


def test_a_session_needs_its_csrf_token_for_the_api(known: Callable[..., Client]) -> None:
    strict = known("auth.change_user")
    strict.handler.enforce_csrf_checks = True
    told(strict.post("/api/sample/writing", {}, "application/json"), 403, "permission_denied")


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "请先登录"), ("en", "Log in first"), ("zh-CN", "请先登录")]
)
def test_the_caller_chooses_the_language(client: Client, language: str, words: str) -> None:
    assert words in client.get("/api/sample/reading", headers={"Accept-Language": language}).json()["detail"]


def test_chinese_is_the_default(client: Client) -> None:
    assert "请先登录" in client.get("/api/sample/reading").json()["detail"]


def test_too_many_calls_are_put_off(client: Client, token: Header, settings: Settings) -> None:
    settings.API_RATES = {"token": 3, "user": 3, "nobody": 3}
    first, second = token("read"), token("read")
    answers = [client.get("/api/sample/reading", headers=first) for _ in range(4)]
    assert [answer.status_code for answer in answers[:3]] == [200] * 3
    told(answers[3], 429, "throttled")
    assert 1 <= int(answers[3]["Retry-After"]) <= 60
    assert client.get("/api/sample/reading", headers=second).status_code == 200


def test_without_a_cache_nobody_is_limited(client: Client, token: Header, settings: Settings) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
            "OPTIONS": {"socket_connect_timeout": 0.2},
        }
    }
    assert client.get("/api/sample/reading", headers=token("read")).status_code == 200


def test_pages_of_both_kinds_ask_for_their_permission(client: Client, known: Callable[..., Client]) -> None:
    for address in ("/sample/class", "/sample/function"):
        assert client.get(address)["Location"] == f"/login/?next={address}"
    browser = known()
    for address in ("/sample/class", "/sample/function"):
        assert browser.get(address, headers={"Accept": "text/html"}).status_code == 403


def test_pages_open_to_those_who_hold_it(known: Callable[..., Client]) -> None:
    browser = known("auth.view_user")
    assert browser.get("/sample/class").content == b"class page"
    assert browser.get("/sample/function").content == b"function page"
