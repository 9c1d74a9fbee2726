"""`manage.py roles`: makes and keeps the roles."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from itinera.access.roles import ROLES, UnknownPermissions, keep_roles


class Command(BaseCommand):
    help = "Makes the roles, or puts their permissions right. Safe to run at every start."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            changed = keep_roles()
        except UnknownPermissions as unknown:
            raise CommandError(f"the roles name permissions that no model declares: {unknown}") from None
        self.stdout.write(f"{len(ROLES)} roles, {len(changed)} written")
