"""`manage.py check_canvas FILE`: every problem of a canvas file, without a database."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from itinera.kit.errors import Problem, Refusal
from journeys.canvas.problems import check
from journeys.canvas.reading import LARGEST, read
from journeys.canvas.world import NullWorld


class Command(BaseCommand):
    """Exits 0 when the canvas may be published (warnings allowed), 1 when not, 2 when there is no such file."""

    help = "Prints every problem of a canvas file; exits 1 if one forbids publishing it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> None:
        problems = _problems(_bytes(file))
        for problem in problems:
            self.stdout.write("  ".join(_cells(problem)))
        if any(problem.severity == "error" for problem in problems):
            sys.exit(1)
        self.stdout.write(_("The canvas can be published."))


def _bytes(file: Path) -> bytes:
    """One byte more than is allowed is enough to see that it is too much."""
    try:
        with file.open("rb") as stream:
            return stream.read(LARGEST + 1)
    except OSError as error:
        words = _("%(file)s cannot be read: %(reason)s") % {"file": file, "reason": error.strerror}
        raise CommandError(words, returncode=2) from None


def _problems(raw: bytes) -> list[Problem]:
    today = (datetime.now(UTC).date() - date(1970, 1, 1)).days
    try:
        return check(read(raw), NullWorld(today))
    except Refusal as refusal:
        return list(refusal.problems)


def _cells(problem: Problem) -> list[str]:
    """`code`, node (or –), plain words, and the place in brackets; a warning says that it is one."""
    words = problem.detail if problem.severity == "error" else _("Warning: %(words)s") % {"words": problem.detail}
    return [problem.code, problem.node or "–", words, *([f"[{problem.path}]"] if problem.path else [])]
