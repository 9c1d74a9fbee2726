"""`manage.py dump`: the workspace, or some sections of it, as a file that `manage.py load` takes."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError

from audiences.workspace_loaders import LOADERS, WRITERS, write_workspace
from itinera.kit.errors import Refusal


class Command(BaseCommand):
    help = (
        "Write the workspace as JSON to be kept and loaded again. Fixed lists name their people: "
        "such a file holds personal data."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sections", nargs="*", metavar="SECTION", help="all that can be written, if none is named")
        parser.add_argument("--out", type=Path, help="a file; else standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            document = write_workspace(options["sections"] or WRITERS)
        except Refusal as refusal:
            raise CommandError("; ".join(each.detail for each in refusal.problems), returncode=1) from refusal
        text = orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        if options["out"] is None:
            self.stdout.write(text.decode(), ending="")
        else:
            options["out"].write_bytes(text)
        if not options["sections"] and (left := sorted(LOADERS.keys() - WRITERS.keys())):
            self.stderr.write(f"not written in this version: {', '.join(left)}")
