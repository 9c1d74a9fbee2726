"""`manage.py demo`: the demo shop with its people, their orders and three journeys under way."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from itinera.demo import load
from itinera.kit import clock


class Command(BaseCommand):
    help = "Loads the demo brand and publishes its journeys. Safe to run at every start: what is there stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        self.begun = time.monotonic()
        if load.is_loaded():
            self.stdout.write("the demo is there already")
            return
        try:
            load.load(clock.now(), self._tell)
        except load.Refused as refused:
            raise CommandError(str(refused)) from None

    def _tell(self, line: str) -> None:
        self.stdout.write(f"{time.monotonic() - self.begun:5.1f} s  {line}")
        self.stdout.flush()
