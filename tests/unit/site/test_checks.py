"""Each system check speaks up when it should, and only then."""

from __future__ import annotations

from pathlib import Path

from django.core.checks import CheckMessage
from pytest_django import Settings

from itinera import checks


def ids(found: list[CheckMessage]) -> list[str | None]:
    return [message.id for message in found]


def test_a_missing_canvas_is_a_warning(settings: Settings, tmp_path: Path) -> None:
    settings.DJANGO_VITE = {"default": {"dev_mode": False, "manifest_path": tmp_path / "manifest.json"}}
    assert ids(checks.canvas_is_built()) == ["itinera.W001"]
    (tmp_path / "manifest.json").write_text("{}", encoding="ascii")
    assert checks.canvas_is_built() == []


def test_debug_never_goes_with_a_public_address(settings: Settings) -> None:
    settings.DEBUG, settings.TLS, settings.ALLOWED_HOSTS = True, False, ["127.0.0.1"]
    assert checks.debug_is_private() == []
    settings.ALLOWED_HOSTS = ["shop.example"]
    assert ids(checks.debug_is_private()) == ["itinera.E001"]


def test_a_public_site_without_tls_is_warned(settings: Settings) -> None:
    settings.ALLOWED_HOSTS, settings.TLS = ["shop.example"], False
    assert ids(checks.public_site_has_tls()) == ["itinera.W002"]
    settings.TLS = True
    assert checks.public_site_has_tls() == []


def test_weak_keys_are_errors(settings: Settings) -> None:
    settings.SECRET_KEY, settings.FERNET_KEYS = "short", []
    assert ids(checks.secret_key_is_long()) == ["itinera.E002"]
    assert ids(checks.fernet_keys_work()) == ["itinera.E003"]
    settings.FERNET_KEYS = ["not a key"]
    assert ids(checks.fernet_keys_work()) == ["itinera.E003"]
