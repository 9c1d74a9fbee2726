"""The admin's workplace for sending: settings from the provider, secrets write-only, people masked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from pytest_django import Settings

from channels_out.accounts import load
from channels_out.models import Account, Attempt, AttemptOutcome, Cap, Message, MessageStatus, QuietHours, Template
from itinera.access.roles import keep_roles
from itinera.kit.models import AuditEntry
from tests.integration.channels_out.people import Person, add
from tests.integration.channels_out.queued import queue

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 4, tzinfo=UTC)


@pytest.fixture
def admin(client: Client, settings: Settings) -> Client:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    keep_roles()
    account = User.objects.create_user("chief", is_staff=True)
    account.groups.add(Group.objects.get(name="admin"))
    client.force_login(account)
    return client


def see_people(client: Client) -> None:
    user = User.objects.get(username="chief")
    user.user_permissions.add(Permission.objects.get(codename="view_pii"))
    client.force_login(User.objects.get(pk=user.pk))


def post(client: Client, path: str, data: dict[str, Any]) -> Any:
    return client.post(f"/admin/channels_out/{path}", data)


def errors(answer: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in answer.context["adminform"].form.errors.items()}


def new_account(client: Client) -> Account:
    answer = post(client, "account/add/", {"name": "网关", "slug": "gateway", "provider": "http_sms"})
    account = Account.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"/admin/channels_out/account/{account.pk}/change/"
    assert (account.channel, account.enabled) == ("sms", False)
    return account


def settings_of(client: Client, account: Account, **changes: Any) -> dict[str, Any]:
    """What the form shows, as a browser would send it back."""
    answer = client.get(f"/admin/channels_out/account/{account.pk}/change/")
    assert answer.status_code == 200
    form = answer.context["adminform"].form
    shown = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    plain = {name: form[name].value() for name in shown if form[name].value() is not None}
    return {**{name: value for name, value in plain.items() if value is not False}, **changes}


def test_an_account_asks_for_what_its_provider_needs(admin: Client) -> None:
    account = new_account(admin)
    page = admin.get(f"/admin/channels_out/account/{account.pk}/change/").content.decode()
    for name in ("config_url", "config_timeout", "secret_auth_value"):
        assert f'name="{name}"' in page
    data = settings_of(admin, account, config_url="http://127.0.0.1/x", enabled="on")
    assert list(errors(post(admin, f"account/{account.pk}/change/", data))) == ["config_url"]
    data = settings_of(
        admin,
        account,
        config_url="https://sms.example/send",
        secret_auth_value="Bearer hidden-1",
        enabled="on",
        is_default="on",
    )
    assert post(admin, f"account/{account.pk}/change/", data).status_code == 302
    account.refresh_from_db()
    assert (account.enabled, account.is_default, account.config["url"]) == (True, True, "https://sms.example/send")
    assert load(account).config.auth_value.get_secret_value() == "Bearer hidden-1"  # type: ignore[attr-defined]


def test_secrets_are_never_shown_and_an_empty_box_keeps_them(admin: Client) -> None:
    account = new_account(admin)
    data = settings_of(admin, account, config_url="https://sms.example/send", secret_auth_value="Bearer hidden-2")
    post(admin, f"account/{account.pk}/change/", data)
    page = admin.get(f"/admin/channels_out/account/{account.pk}/change/").content.decode()
    assert "hidden-2" not in page
    post(admin, f"account/{account.pk}/change/", settings_of(admin, account, name="另一个", secret_auth_value=""))
    account.refresh_from_db()
    assert account.name == "另一个"
    assert load(account).config.auth_value.get_secret_value() == "Bearer hidden-2"  # type: ignore[attr-defined]
    told = "".join(f"{entry.before}{entry.after}" for entry in AuditEntry.objects.all())
    assert "hidden-2" not in told
    assert AuditEntry.objects.filter(object="account:gateway").count() == 3


def test_saving_lifts_a_block(admin: Client) -> None:
    account = new_account(admin)
    Account.objects.update(blocked_until=AT, blocked_code="http_401", config={"url": "https://sms.example/send"})
    account.refresh_from_db()
    post(admin, f"account/{account.pk}/change/", settings_of(admin, account))
    account.refresh_from_db()
    assert account.blocked_until is None


def test_templates_are_compiled_before_they_are_kept(admin: Client) -> None:
    data = {
        "name": "问候",
        "slug": "hello",
        "channel": "sms",
        "text": "您好{{ profile.name }",
        "subject": "",
        "html": "",
    }
    assert list(errors(post(admin, "template/add/", data))) == ["text"]
    assert post(admin, "template/add/", {**data, "text": "您好{{ profile.name }}"}).status_code == 302
    assert Template.objects.get().content == {"text": "您好{{ profile.name }}"}
    page = admin.get(f"/admin/channels_out/template/{Template.objects.get().pk}/change/").content.decode()
    assert "您好{{ profile.name }}" in page


def test_caps_take_a_duration_or_a_period(admin: Client) -> None:
    data = {
        "name": "每周三条",
        "limit": 3,
        "rolling": "P7D",
        "calendar": "",
        "channel": "sms",
        "category": "",
        "journey": "",
    }
    assert list(errors(post(admin, "cap/add/", {**data, "rolling": "weekly"}))) == ["rolling"]
    assert list(errors(post(admin, "cap/add/", {**data, "calendar": "day"}))) == ["rolling"]
    assert post(admin, "cap/add/", data).status_code == 302
    assert post(admin, "cap/add/", {**data, "name": "每日", "rolling": "", "calendar": "day"}).status_code == 302
    assert list(Cap.objects.order_by("id").values_list("window", "channel", "category")) == [
        ("P7D", "sms", None),
        ({"calendar": "day"}, "sms", None),
    ]


def test_quiet_hours_take_hours_and_days(admin: Client) -> None:
    data = {
        "category": "marketing",
        "channel": "",
        "from_time": "21:00",
        "to_time": "08:00",
        "days": "2026-10-01 2026-10-07\n2026-05-01",
    }
    assert list(errors(post(admin, "quiethours/add/", {**data, "to_time": "21:00"}))) == ["__all__"]
    assert list(errors(post(admin, "quiethours/add/", {**data, "days": "in autumn"}))) == ["days"]
    assert post(admin, "quiethours/add/", data).status_code == 302
    assert QuietHours.objects.get().dates == [["2026-10-01", "2026-10-07"], ["2026-05-01", "2026-05-01"]]


@pytest.fixture
def message(db: None) -> Message:
    person = Person()
    add([person])
    queue(None, [person], AT, content={"text": "回电 13812341234"}, address="+8613812341234")
    found = Message.objects.get()
    Attempt.objects.create(
        message_id=found.pk, account_id=1, opened_at=AT, closed_at=AT, outcome=AttemptOutcome.RETRY, code="http_503"
    )
    return found


def test_messages_are_masked_and_cannot_be_changed(admin: Client, message: Message) -> None:
    listing = admin.get("/admin/channels_out/message/")
    page = admin.get(f"/admin/channels_out/message/{message.pk}/change/")
    for answer in (listing, page):
        assert answer.status_code == 200
        assert "13812341234" not in answer.content.decode()
    assert "+86138****1234" in listing.content.decode()
    assert "http_503" in page.content.decode()
    assert admin.post(f"/admin/channels_out/message/{message.pk}/change/", {}).status_code == 403
    assert admin.get("/admin/channels_out/message/add/").status_code == 403


def test_messages_are_told_in_words(admin: Client, message: Message) -> None:
    Message.objects.update(status=MessageStatus.SKIPPED, reason="opted_out")
    page = admin.get("/admin/channels_out/message/").content.decode()
    for words in ("短信", "已跳过", "已退订", "共 1 条"):
        assert words in page
    Message.objects.update(reason="http_404")
    assert "http_404" in admin.get("/admin/channels_out/message/").content.decode()


def test_who_may_see_people_sees_them_and_leaves_a_trace(admin: Client, message: Message) -> None:
    see_people(admin)
    assert "+8613812341234" in admin.get("/admin/channels_out/message/").content.decode()
    assert AuditEntry.objects.filter(verb="pii.view").exists()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?status__exact=0", 1),
        ("?status__exact=3", 0),
        ("?reason=capped", 0),
        ("?channel=sms", 1),
        ("?q=welcome", 1),
        ("?q=nothing", 0),
    ],
)
def test_messages_are_filtered_and_found(admin: Client, message: Message, query: str, found: int) -> None:
    answer = admin.get(f"/admin/channels_out/message/{query}")
    assert answer.status_code == 200
    assert len(answer.context["cl"].result_list) == found


def test_messages_are_found_by_number_and_by_profile(admin: Client, message: Message) -> None:
    for number in (message.pk, message.profile_id):
        answer = admin.get(f"/admin/channels_out/message/?q={number}")
        assert [each.pk for each in answer.context["cl"].result_list] == [message.pk]
