"""`manage.py first_admin`: the first account, with a password that is generated, printed and not kept."""

from __future__ import annotations

import base64
import hmac
import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from itinera.kit import audit

ACTOR = "manage.py first_admin"


class Command(BaseCommand):
    help = "Makes the first administrator, unless there is one. Prints a line per log-in: name, tab, password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", default="admin")
        parser.add_argument("--reset", action="store_true", help="give the account a new password")
        parser.add_argument("--demo", action="store_true", help="print the log-ins of the demo at every start")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if options["demo"]:
            self._demo(options["name"])
            return
        account = User.objects.filter(username=options["name"]).first()
        if account is None and User.objects.filter(is_superuser=True, is_active=True).exists():
            self.stdout.write("There is an administrator already.")
            return
        if account is not None and not options["reset"]:
            self.stdout.write(f"{account.username}\tthe password printed at first start (a new one: --reset)")
            return
        password = secrets.token_urlsafe(12)
        if account is None:
            _make(options["name"], password, superuser=True)
        else:
            account.set_password(password)
            account.save(update_fields=["password"])
            audit.record(ACTOR, "user.password", f"user:{account.username}")
        self.stdout.write(f"{options['name']}\t{password}")

    def _demo(self, admin: str) -> None:
        """Administrator, reviewer and operator; their passwords follow from SECRET_KEY and can be told again."""
        for name, superuser in ((admin, True), ("reviewer", False), ("operator", False)):
            password = _derived(name)
            account = User.objects.filter(username=name).first()
            if account is None:
                _make(name, password, superuser=superuser)
            elif not account.check_password(password):
                password = "the password that was set for it"  # noqa: S105  # words, not a password
            self.stdout.write(f"{name}\t{password}")


def _make(name: str, password: str, *, superuser: bool) -> None:
    account = User.objects.create_user(name, password=password, is_superuser=superuser, is_staff=superuser)
    if not superuser:
        account.groups.add(Group.objects.get(name=name))
    audit.record(ACTOR, "user.add", f"user:{name}", after={"superuser": superuser})


def _derived(name: str) -> str:
    """A password that is different on every installation and written down on none."""
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"demo log-in of {name}".encode(), "sha256")
    return base64.b32encode(digest[:10]).decode().lower()
