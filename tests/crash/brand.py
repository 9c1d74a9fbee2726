"""Sets up what the crash tests walk through, in a running stack: accounts, a journey, a token. Prints the token."""

from __future__ import annotations

import os
import sys

import django

from tests.crash.journey import CANVAS


def main() -> None:
    """Make everything once; the stack's addresses come from the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itinera.settings")
    django.setup()
    from channels_out.models import Account
    from itinera.access import tokens
    from itinera.kit import clock
    from itinera.local.ports import LOOPBACK
    from itinera.local.remembered import remembered
    from journeys import actions

    http, smtp = remembered()["SANDBOX_HTTP_PORT"], int(remembered()["SANDBOX_SMTP_PORT"])
    Account.objects.filter(is_default=True).update(is_default=False)
    gateway = {"url": f"http://{LOOPBACK}:{http}/sms/messages", "success_path": "code"}
    mail = {"host": LOOPBACK, "port": smtp, "security": "none", "from_address": "brand@example.test"}
    for slug, channel, provider, config in (
        ("crash-sms", "sms", "http_sms", gateway),
        ("crash-mail", "email", "smtp", mail),
    ):
        Account.objects.create(
            slug=slug,
            channel=channel,
            provider=provider,
            name=slug,
            config=config,
            rate_per_second=5_000,
            concurrency=8,
            is_default=True,
        )
    now = clock.now()
    actions.publish(actions.save_draft(CANVAS, None, now), None, now)
    _, secret = tokens.issue("crash", ["ingest", "read"])
    sys.stdout.write(secret + "\n")


if __name__ == "__main__":
    main()
