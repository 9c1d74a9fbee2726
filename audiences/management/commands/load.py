"""`manage.py load FILE…`: profiles, events, look-up rows and workspace files, told apart by what is in them."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from audiences.files.load import BadRow, load_file
from audiences.files.share import share
from itinera.kit import clock
from itinera.kit.errors import Refusal

ACTOR = "manage.py load"
SHOWN = 50
"""So many bad rows of a file are shown."""


class Command(BaseCommand):
    """Exits with 1 if any row was bad; the good rows are in."""

    help = (
        "Load profiles (JSONL, CSV), events (JSONL), rows of look-up tables (JSONL; CSV with --lookup) and workspace "
        "files (JSON, YAML); gzip is unpacked."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--workers", type=int, default=1, help="processes that share a file of JSON lines")
        parser.add_argument("--lookup", metavar="SLUG", help="the files hold rows of this look-up table")

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        workers, lookup = max(1, options["workers"]), options["lookup"]
        bad = [path for path in options["files"] if not self._load(path, now, workers, lookup)]
        if bad:
            sys.exit(1)

    def _load(self, path: Path, now: datetime, workers: int, lookup: str | None) -> bool:
        """One file after the other, in the order given: a catalogue comes before what it types."""
        begun = time.perf_counter()
        try:
            if workers == 1:
                report = load_file(path, now, ACTOR, lookup=lookup)
            else:
                report = share(path, now, ACTOR, workers, lookup)
        except Refusal as refusal:
            self._tell(path, [BadRow(each.path or "", each.code, each.detail) for each in refusal.problems])
            return False
        except (OSError, EOFError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            self._tell(path, [BadRow("", "unreadable", reason)])
            return False
        self._tell(path, report.told)
        seconds = time.perf_counter() - begun
        words = _(
            "%(file)s: %(kind)s: %(accepted)d taken, %(duplicates)d known already, %(rejected)d bad, %(seconds).1f s"
        )
        values = {"file": path.name, "kind": report.kind, "accepted": report.accepted, "seconds": seconds}
        values |= {"duplicates": report.duplicates, "rejected": report.rejected}
        self.stdout.write(words % values)
        return report.rejected == 0

    def _tell(self, path: Path, rows: list[BadRow]) -> None:
        for row in rows[:SHOWN]:
            place = f"{path.name}:{row.place}" if row.place else path.name
            mark = f" ({row.severity})" if row.severity != "error" else ""
            self.stderr.write(f"{place}\t{row.code}{mark}\t{row.detail}")
        if len(rows) > SHOWN:
            more = _("… and more; all bad rows are kept, see the admin pages.")
            self.stderr.write(more)
