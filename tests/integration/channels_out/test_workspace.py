"""Sections of a workspace file: kept, kept once, refused with their place."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from audiences.workspace_loaders import Occasion, apply_workspace
from channels_out.accounts import UnusableAccount, load
from channels_out.caps import load_caps
from channels_out.models import Account, Cap, QuietHours, Template
from channels_out.quiet import load_quiet
from itinera.kit.models import AuditEntry
from itinera.kit.wire import django_cursor

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, tzinfo=UTC)
FILE: dict[str, Any] = {
    "templates": [{"slug": "hello", "channel": "sms", "name": "问候", "content": {"text": "您好{{ profile.name }}"}}],
    "caps": [
        {"name": "每周三条", "limit": 3, "window": "P7D", "channel": "sms", "category": "marketing", "journey": None},
        {"name": "每日一条", "limit": 1, "window": {"calendar": "day"}},
    ],
    "quiet_hours": [
        {
            "category": "marketing",
            "channel": None,
            "from": "21:00",
            "to": "08:00",
            "dates": [["2026-10-01", "2026-10-07"]],
        }
    ],
    "accounts": [
        {
            "slug": "gateway",
            "channel": "sms",
            "provider": "http_sms",
            "name": "网关",
            "config": {"url": "https://sms.example/send"},
            "secrets": {"auth_value": {"env": "GATEWAY_KEY"}},
            "is_default": True,
        }
    ],
}


def problems(document: dict[str, Any]) -> list[tuple[str, str | None]]:
    report = apply_workspace(document, Occasion(NOW, "tests"))
    return [(each.code, each.path) for each in report.problems]


def test_loading_twice_keeps_one_of_each() -> None:
    assert problems(FILE) == []
    assert problems(FILE) == []
    assert [model.objects.count() for model in (Template, Cap, QuietHours, Account)] == [1, 2, 1, 1]
    assert AuditEntry.objects.count() == 6  # the second time only the secret was named again
    caps = load_caps(django_cursor())
    assert [(cap.limit, cap.window.calendar) for cap in caps] == [(3, None), (1, "day")]
    (hours,) = load_quiet(django_cursor())
    assert hours.start is not None
    assert (hours.start.hour, hours.dates[0][1].day) == (21, 7)


def test_secrets_are_sealed_and_references_read_where_they_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    problems(FILE)
    account = Account.objects.get()
    assert b"GATEWAY_KEY" not in bytes(account.secrets)
    with pytest.raises(UnusableAccount, match="GATEWAY_KEY"):
        load(account)
    monkeypatch.setenv("GATEWAY_KEY", "Bearer xyz")
    assert load(account).config.auth_value.get_secret_value() == "Bearer xyz"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("key", "change", "found"),
    [
        ("caps", {"limit": 0}, ("wrong_value", "caps[0].limit")),
        ("caps", {"window": "week"}, ("bad_window", "caps[0].window")),
        ("caps", {"window": {"calendar": "day", "back": 1}}, ("bad_window", "caps[0].window")),
        ("caps", {"extra": 1}, ("unknown_key", "caps[0].extra")),
        ("quiet_hours", {"to": "21:00"}, ("empty_span", "quiet_hours[0]")),
        ("quiet_hours", {"to": None}, ("missing_key", "quiet_hours[0]")),
        ("templates", {"content": {"text": "{{ profile.name"}}, ("template_syntax", "templates[0].content.text")),
        ("templates", {"content": {"text": "{{ nobody.name }}"}}, ("unknown_namespace", "templates[0].content.text")),
        ("templates", {"content": {"body": "x"}}, ("missing_key", "templates[0].content.text")),
        ("accounts", {"provider": "pigeon"}, ("unknown_provider", "accounts[0].provider")),
        ("accounts", {"channel": "email"}, ("unknown_provider", "accounts[0].provider")),
        ("accounts", {"config": {"url": "http://sms.example/send"}}, ("bad_url", "accounts[0].config.url")),
        ("accounts", {"config": {"auth_value": "x"}}, ("secret_in_config", "accounts[0].config.auth_value")),
        ("accounts", {"secrets": {"password": "x"}}, ("unknown_key", "accounts[0].secrets.password")),
    ],
)
def test_what_is_wrong_is_named_with_its_place(key: str, change: dict[str, Any], found: tuple[str, str]) -> None:
    entry = {**FILE[key][0], **change}
    assert found in problems({key: [entry, FILE[key][-1]] if key == "caps" else [entry]})


def test_another_default_takes_the_place_of_the_first() -> None:
    second = {**FILE["accounts"][0], "slug": "second"}
    problems({"accounts": [*FILE["accounts"], second]})
    assert list(Account.objects.filter(is_default=True).values_list("slug", flat=True)) == ["second"]
