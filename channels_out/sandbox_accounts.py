"""Accounts that send to the sandbox: one for SMS, one for mail."""

from __future__ import annotations

from channels_out.actions import save_account
from channels_out.documents import AccountDocument
from channels_out.models import Account
from channels_out.models.channel import Channel
from itinera.kit.secrets import Unreadable, decrypt_json

SMS, EMAIL = "sandbox-sms", "sandbox-email"


def known_token() -> str | None:
    """The token that the SMS account has been using, so that a sandbox that starts again still takes it."""
    account = Account.objects.filter(slug=SMS).first()
    if account is None or not account.secrets:
        return None
    try:
        found = str(decrypt_json(account.secrets).get("auth_value", ""))
    except Unreadable:
        return None
    return found.removeprefix("Bearer ") or None


def point_at(host: str, http_port: int, smtp_port: int, token: str) -> None:
    """Make or change both accounts. Each is its channel's default if the channel has none yet."""
    url = f"http://{host}:{http_port}/sms/messages"
    _save(
        SMS,
        Channel.SMS,
        "http_sms",
        {"url": url, "success_path": "code", "ask_url": f"{url}/{{key}}"},
        {"auth_value": f"Bearer {token}"},
    )
    mail = {"host": host, "port": smtp_port, "security": "none", "username": "itinera"}
    sender = {"from_address": "hello@brand.example", "from_name": "Itinera"}
    _save(EMAIL, Channel.EMAIL, "smtp", {**mail, **sender}, {"password": token})


def _save(slug: str, channel: Channel, provider: str, config: dict[str, object], secrets: dict[str, str]) -> None:
    known = Account.objects.filter(slug=slug).first()
    default = not Account.objects.filter(channel=channel, is_default=True).exclude(slug=slug).exists()
    account = AccountDocument.model_validate(
        {
            "slug": slug,
            "channel": channel,
            "provider": provider,
            "name": f"Sandbox {channel.upper()}",
            "config": config,
            "secrets": secrets,
            "rate_per_second": known.rate_per_second if known else 2_000,
            "concurrency": known.concurrency if known else 32,
            "enabled": known.enabled if known else True,
            "is_default": default,
        }
    )
    save_account("manage.py sandbox", account)
