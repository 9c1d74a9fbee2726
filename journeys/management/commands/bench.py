"""`manage.py bench`: measures, with the raw limit of the same machine in the same run."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError

from itinera.kit import clock
from journeys.bench import engine
from journeys.bench.machine import database, machine

PARTS = ("engine",)


class Command(BaseCommand):
    help = "Measure parts of Itinera on a scratch database beside the configured one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("part", nargs="?", default="all", choices=(*PARTS, "all"))
        parser.add_argument("--profiles", type=int, default=100_000)
        parser.add_argument("--workers", type=int, default=2)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["profiles"] < 1000:
            raise CommandError("at least 1000 profiles: below that nothing is measured but the start")
        about = {"machine": machine(), "database": database()}
        found = {"engine": {**engine.measure(options["profiles"], options["workers"], clock.now()), **about}}
        if options["json"]:
            self.stdout.write(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
            return
        for part, figures in found.items():
            self.stdout.write(part)
            for name, value in figures.items():
                self.stdout.write(f"  {name:<28} {value}")
