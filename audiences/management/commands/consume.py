"""`manage.py consume kafka servers=… topics=… group=…`: events and profiles from a stream, until it is stopped."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audiences.batch import IngestReport
from audiences.streams.base import STREAMS
from audiences.streams.consume import consume
from itinera.kit import clock
from itinera.kit.errors import Refusal


class Command(BaseCommand):
    help = "Reads events and profiles from a stream; SIGTERM or Ctrl-C ends it after the batch in hand."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=sorted(STREAMS), help="the kind of stream")
        parser.add_argument(
            "options", nargs="*", metavar="NAME=VALUE", help="e.g. servers=host:9092 topics=events group=itinera"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.accepted = self.duplicates = self.rejected = 0
        self.going = True
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, self._stop)
        given = dict(part.partition("=")[::2] for part in options["options"])
        try:
            stream = STREAMS[options["kind"]](given)
        except Refusal as refusal:
            raise CommandError(refusal.problems[0].detail) from refusal
        try:
            consume(stream, f"stream:{options['kind']}", clock.now, lambda: self.going, self._tell)
        finally:
            stream.close()
        self.stdout.write(f"{self.accepted} accepted, {self.duplicates} known before, {self.rejected} refused")

    def _stop(self, *_given: object) -> None:
        self.going = False

    def _tell(self, report: IngestReport) -> None:
        self.accepted += report.accepted
        self.duplicates += report.duplicates
        self.rejected += len(report.rejected)
