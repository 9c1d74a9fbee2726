"""`manage.py up`: everything on one machine, until Ctrl-C. See `itinera.local`."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management import get_commands
from django.core.management.base import BaseCommand, CommandParser

from itinera.local import up


class Command(BaseCommand):
    help = "Starts database, broker, web server, workers and beat, and prints the address. Ctrl-C stops all of it."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="start with an empty workspace")
        parser.add_argument("--no-canvas", action="store_true", help="do not build the canvas")

    def handle(self, *args: Any, **options: Any) -> None:
        wishes = up.Wishes(demo=not options["no_demo"], canvas=not options["no_canvas"])
        sys.exit(up.main(frozenset(get_commands()), wishes))
