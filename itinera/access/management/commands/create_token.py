"""`manage.py create_token NAME --scope read …`: a token for a machine, printed once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from itinera.access.principal import SCOPES
from itinera.access.tokens import DEFAULT_DAYS, issue
from itinera.kit.errors import Refusal


class Command(BaseCommand):
    help = "Makes an API token and prints it. Only a digest is stored: it cannot be shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="what will use it, such as shop-system")
        parser.add_argument(
            "--scope", action="append", required=True, choices=SCOPES, help="may be given several times"
        )
        parser.add_argument("--days", type=int, default=DEFAULT_DAYS, help="lifetime, 1 to 3650 (default: %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            _token, text = issue(options["name"], options["scope"], options["days"], actor="manage.py create_token")
        except Refusal as refusal:
            raise CommandError(refusal.problems[0].detail) from None
        self.stdout.write(text)
