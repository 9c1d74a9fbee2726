"""`manage.py prepare`: brings the database to this version of the project. Safe to run at every start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class Command(BaseCommand):
    help = "Migrations, schedules, roles, and the first log-ins."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--logins", type=Path, help="write the log-ins into this file instead of printing them")
        parser.add_argument("--demo", action="store_true", help="the log-ins of the demo instead of one administrator")

    def handle(self, *args: Any, **options: Any) -> None:
        self._migrate()
        for command in ("schedules", "roles"):
            self._step(command)
            call_command(command, stdout=self.stdout, stderr=self.stderr)
        self._logins(options["logins"], demo=options["demo"])

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if not waiting:
            return
        self._step(f"migrate ({len(waiting)})")
        call_command("migrate", interactive=False, verbosity=0, stdout=self.stdout)

    def _logins(self, path: Path | None, *, demo: bool) -> None:
        if path is None:
            call_command("first_admin", demo=demo, stdout=self.stdout)
            return
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        with path.open("w", encoding="utf-8") as file:
            call_command("first_admin", demo=demo, stdout=file)

    def _step(self, name: str) -> None:
        self.stdout.write(f"{name} …")
        self.stdout.flush()
