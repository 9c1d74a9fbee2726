"""`manage.py sandbox`: a loopback server that behaves as the providers do, with a page that shows what arrives."""

from __future__ import annotations

import asyncio
import os
import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from channels_out.sandbox.server import Setup, serve
from channels_out.sandbox_accounts import known_token, point_at


class Command(BaseCommand):
    help = "Run the loopback SMS gateway and mail server; their ledger is at /__admin/deliveries, their page at /."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--http-port", type=int, default=int(os.environ.get("SANDBOX_HTTP_PORT", "8025")))
        parser.add_argument("--smtp-port", type=int, default=int(os.environ.get("SANDBOX_SMTP_PORT", "8026")))
        parser.add_argument("--ledger", type=Path, help="file that deliveries are appended to")
        parser.add_argument("--token", help="what the gateway asks for; made up if not given")
        parser.add_argument("--no-accounts", action="store_true", help="leave the accounts sandbox-* as they are")

    def handle(self, *args: Any, **options: Any) -> None:
        accounts = not options["no_accounts"]
        token = options["token"] or (known_token() if accounts else None) or secrets.token_urlsafe(24)
        ledger = options["ledger"] or Path(getattr(settings, "HOME", settings.BASE_DIR / "var")) / "sandbox.jsonl"
        setup = Setup(options["http_port"], options["smtp_port"], token, token, ledger)
        if accounts:
            point_at(setup.host, setup.http_port, setup.smtp_port, token)
        try:
            asyncio.run(serve(setup))
        except OSError as taken:
            raise CommandError(f"the sandbox cannot listen: {taken.strerror}", returncode=1) from taken
