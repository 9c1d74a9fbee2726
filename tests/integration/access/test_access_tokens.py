"""Tokens: shown once, stored as a digest, scoped, expiring, revoked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from django.db.models.functions import Now
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from itinera.access.models import ApiToken
from itinera.access.tokens import find, issue, revoke
from itinera.kit.errors import Refusal
from itinera.kit.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.integration.access.sample")]
Header = Callable[..., dict[str, str]]


def test_the_secret_is_stored_nowhere() -> None:
    row, text = issue("shop", ["ingest"])
    mark, prefix, secret = text.split("_", 2)
    assert (mark, prefix) == ("itn", row.prefix)
    assert len(secret) == 43
    assert secret.encode() not in bytes(row.digest)
    assert secret not in str(ApiToken.objects.values().get()) + str(list(AuditEntry.objects.values()))


def test_a_token_is_found_with_its_scopes() -> None:
    _row, text = issue("shop", ["read", "ingest", "read"])
    who = find(text)
    assert who is not None
    assert (who.name, who.scopes) == ("shop", frozenset({"ingest", "read"}))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t: t[:-1] + ("A" if t[-1] != "A" else "B"),
        lambda t: t[4:],
        lambda t: "",
        lambda t: "itn__",
        lambda t: t.replace("itn", "xxx"),
    ],
)
def test_a_spoiled_token_is_unknown(spoil: Callable[[str], str]) -> None:
    assert find(spoil(issue("shop", ["read"])[1])) is None


def test_an_expired_token_is_unknown() -> None:
    row, text = issue("shop", ["read"], days=1)
    ApiToken.objects.filter(pk=row.pk).update(expires_at=Now())
    assert find(text) is None


def test_a_revoked_token_is_unknown_and_revoking_twice_is_audited_once() -> None:
    row, text = issue("shop", ["read"])
    revoke(row, "test")
    revoke(row, "test")
    assert find(text) is None
    assert AuditEntry.objects.filter(verb="token.revoke").count() == 1


def test_the_last_use_is_written_at_most_once_an_hour(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    row, text = issue("shop", ["read"])
    find(text)
    ApiToken.objects.filter(pk=row.pk).update(last_used_at=F("last_used_at") - timedelta(minutes=59))
    before = ApiToken.objects.get().last_used_at
    find(text)
    assert ApiToken.objects.get().last_used_at == before
    ApiToken.objects.filter(pk=row.pk).update(last_used_at=F("last_used_at") - timedelta(minutes=2))
    find(text)
    assert ApiToken.objects.get().last_used_at != before
    with django_assert_num_queries(1):
        find(text)


@pytest.mark.parametrize(
    ("name", "scopes", "days", "code"),
    [
        ("a", [], 1, "no_scope"),
        ("a", ["root"], 1, "unknown_scope"),
        ("a", ["read"], 0, "bad_lifetime"),
        ("a", ["read"], 3651, "bad_lifetime"),
        ("taken", ["read"], 1, "name_taken"),
    ],
)
def test_what_cannot_be_issued_is_refused(name: str, scopes: list[str], days: int, code: str) -> None:
    issue("taken", ["read"])
    with pytest.raises(Refusal) as caught:
        issue(name, scopes, days)
    assert caught.value.problems[0].code == code


def test_the_command_prints_the_token_once() -> None:
    out = StringIO()
    call_command("create_token", "shop", "--scope", "ingest", "--scope", "read", "--days", "30", stdout=out)
    who = find(out.getvalue().strip())
    assert who is not None
    assert who.scopes == {"ingest", "read"}
    with pytest.raises(CommandError):
        call_command("create_token", "shop", "--scope", "ingest", stdout=StringIO())


def test_a_scope_opens_what_it_is_for_and_nothing_else(client: Client, token: Header) -> None:
    read, operate = token("read"), token("operate")
    assert client.get("/api/sample/reading", headers=read).json() == {"who": "token:token 1"}
    assert client.get("/api/sample/reading", headers=operate).status_code == 403
    assert client.get("/api/sample/method", headers=read).status_code == 200
    assert client.post("/api/sample/method", headers=read).status_code == 403
    assert client.post("/api/sample/method", headers=operate).status_code == 200
    assert client.get("/api/sample/method", headers=operate).status_code == 403


def test_a_method_that_no_grant_names_is_closed(client: Client, token: Header) -> None:
    assert client.delete("/api/sample/method", headers=token("ingest", "read", "operate", "admin")).status_code == 403


def test_a_view_that_names_no_permission_is_closed_to_all(
    client: Client, token: Header, known: Callable[..., Client]
) -> None:
    assert client.get("/api/sample/forgotten", headers=token("ingest", "read", "operate", "admin")).status_code == 403
    assert known(is_superuser=True).get("/api/sample/forgotten").status_code == 403


def test_a_wrong_token_is_not_overlooked_because_of_a_session(known: Callable[..., Client]) -> None:
    answer = known("auth.view_user").get("/api/sample/reading", headers={"Authorization": "Bearer itn_x_y"})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_tokens_have_no_pages(client: Client, token: Header) -> None:
    answer = client.get("/sample/class", headers=token("admin"))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/")
