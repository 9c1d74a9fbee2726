"""System checks of the installation, each with an id. Run by every command, and by `manage.py check`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Doubt

LONG_ENOUGH = 40


@register(Tags.staticfiles)
def canvas_is_built(**_given: Any) -> list[CheckMessage]:
    """W001: the pages work without the built canvas, but a journey cannot be drawn."""
    manifest = Path(str(settings.DJANGO_VITE["default"]["manifest_path"]))
    if manifest.exists() or settings.DJANGO_VITE["default"]["dev_mode"]:
        return []
    return [
        Doubt(
            "The canvas is not built.", hint="`make up` builds it; or: cd frontend && npm run build", id="itinera.W001"
        )
    ]


@register(Tags.security)
def debug_is_private(**_given: Any) -> list[CheckMessage]:
    """E001: DEBUG shows settings and data to whoever causes an error, so it never goes with a public address."""
    public = set(settings.ALLOWED_HOSTS) - {"127.0.0.1", "localhost", "[::1]", "testserver"}
    if settings.DEBUG and (public or settings.TLS):
        return [Error("DEBUG is on for a public address.", hint="Set DEBUG=0.", id="itinera.E001")]
    return []


@register(Tags.security)
def public_site_has_tls(**_given: Any) -> list[CheckMessage]:
    """W002: passwords would travel in the open."""
    public = set(settings.ALLOWED_HOSTS) - {"127.0.0.1", "localhost", "[::1]", "testserver"}
    if public and not settings.TLS:
        hint = "Put it behind TLS and set TLS=1."
        return [Doubt("The site answers to public names without TLS.", hint=hint, id="itinera.W002")]
    return []


@register(Tags.security)
def secret_key_is_long(**_given: Any) -> list[CheckMessage]:
    """E002: a short key can be guessed, and with it every session."""
    if len(settings.SECRET_KEY) < LONG_ENOUGH:
        hint = "Unset it: one is generated into var/secrets.json."
        return [Error(f"SECRET_KEY has fewer than {LONG_ENOUGH} characters.", hint=hint, id="itinera.E002")]
    return []


@register(Tags.security)
def fernet_keys_work(**_given: Any) -> list[CheckMessage]:
    """E003: without a usable key no provider account's secret can be kept or read."""
    try:
        keys = [Fernet(key) for key in settings.FERNET_KEYS]
    except ValueError:
        keys = []
    if keys:
        return []
    hint = "FERNET_KEYS: keys of 32 bytes in URL-safe base64, separated by commas; the first one encrypts."
    return [Error("There is no usable key to encrypt secrets with.", hint=hint, id="itinera.E003")]
