"""Sending over HTTP: read with the right scope, masked, a page at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from audiences.workspace_loaders import Occasion, apply_workspace
from channels_out.models import Message, MessageStatus
from itinera.kit.models import AuditEntry
from tests.integration.channels_out.people import Person, add
from tests.integration.channels_out.queued import queue
from tests.integration.channels_out.test_workspace import FILE

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 4, tzinfo=UTC)


@pytest.fixture
def caller(client: Client, settings: Settings) -> Client:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    account = User.objects.create_user("analyst")
    codes = ("view_message", "view_template", "view_cap", "view_quiethours", "view_account")
    account.user_permissions.set(Permission.objects.filter(codename__in=codes, content_type__app_label="channels_out"))
    client.force_login(account)
    return client


@pytest.fixture
def people(db: None) -> list[Person]:
    crowd = [Person() for _ in range(5)]
    add(crowd)
    queue(None, crowd, AT, address="+8613812341{id:03d}")
    Message.objects.filter(profile_id=crowd[0].id).update(status=MessageStatus.SKIPPED, reason="quiet_hours")
    return crowd


def get(client: Client, path: str, answered: int = 200, **query: Any) -> Any:
    answer = client.get(f"/api/v1/{path}", query)
    assert answer.status_code == answered, answer.content
    return answer.json()


def test_messages_come_newest_first_a_page_at_a_time(caller: Client, people: list[Person]) -> None:
    first = get(caller, "messages", limit=2)
    assert [row["profile"] for row in first["results"]] == [people[4].id, people[3].id]
    row = first["results"][0]
    assert (row["status"], row["node"], row["journey"], row["channel"]) == ("queued", "m1", "welcome", "sms")
    assert "content" not in row
    following = caller.get(first["next"]).json()
    assert [row["profile"] for row in following["results"]] == [people[2].id, people[1].id]


def test_addresses_are_masked_unless_one_may_see_them(caller: Client, people: list[Person]) -> None:
    assert {row["address"][:10] for row in get(caller, "messages")["results"]} == {"+86138****"}
    assert not AuditEntry.objects.filter(verb="pii.view").exists()
    user = User.objects.get(username="analyst")
    user.user_permissions.add(Permission.objects.get(codename="view_pii"))
    caller.force_login(User.objects.get(pk=user.pk))
    assert all(row["address"].startswith("+8613812341") for row in get(caller, "messages")["results"])
    assert AuditEntry.objects.filter(verb="pii.view").exists()


def test_messages_are_filtered(caller: Client, people: list[Person]) -> None:
    def count(**query: Any) -> int:
        return len(get(caller, "messages", **query)["results"])

    assert count(status="skipped") == count(reason="quiet_hours") == count(profile=people[1].id) == 1
    assert count(journey="welcome", channel="sms", node="m1", category="marketing") == 5
    assert count(since=AT.isoformat()) == 5
    assert count(until=AT.isoformat()) == count(since=(AT + timedelta(seconds=1)).isoformat()) == 0


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ({"status": "gone"}, "status"),
        ({"profile": "M1"}, "profile"),
        ({"since": "noon"}, "since"),
        ({"until": "2026-01-01"}, "until"),
    ],
)
def test_a_filter_that_makes_no_sense_is_named(caller: Client, query: dict[str, str], path: str) -> None:
    answer = get(caller, "messages", 400, **query)
    assert (answer["code"], answer["path"]) == ("wrong_value", path)


def test_what_sending_is_made_of_can_be_read(caller: Client) -> None:
    apply_workspace(FILE, Occasion(AT, "tests"))
    assert get(caller, "templates")["results"] == FILE["templates"]
    assert get(caller, "templates/hello") == FILE["templates"][0]
    get(caller, "templates/nothing", 404)
    assert [row["window"] for row in get(caller, "caps")["results"]] == ["P7D", {"calendar": "day"}]
    assert get(caller, "quiet-hours")["results"] == FILE["quiet_hours"]
    (account,) = get(caller, "accounts")["results"]
    assert account["slug"] == "gateway"
    assert not {"config", "secrets"} & set(account)


def test_nobody_reads_without_the_right(client: Client) -> None:
    client.force_login(User.objects.create_user("stranger"))
    for path in ("messages", "templates", "caps", "quiet-hours", "accounts"):
        assert client.get(f"/api/v1/{path}").status_code == 403
