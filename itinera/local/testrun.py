"""`python -m itinera.local.testrun [pytest's arguments]`: all tests, against servers started for them alone.

With DATABASE_URL and BROKER_URL set, those are used instead. pytest's own summary is the last thing printed; the exit
code is not 0 if either the canvas' tests or pytest's have failed.
"""

from __future__ import annotations

import os
import sys

from itinera.local import browser, canvas, messages
from itinera.local.home import PROJECT
from itinera.local.screen import Stop, refuse
from itinera.local.serving import with_servers

SIDE_BY_SIDE = ("-n", "2", "--dist", "loadfile")


def main(arguments: list[str]) -> int:
    """Runs everything and returns the exit code."""
    messages.compile_all()
    if path := browser.provide():
        os.environ.setdefault("CHROMIUM", path)
    try:
        failed = 0 if arguments else _canvas()
    except Stop as stop:
        refuse(stop)
        failed = 1
    command = ["-m", "pytest", *(arguments or SIDE_BY_SIDE)]
    return with_servers([command], durable=False, folder=PROJECT / "var" / "test") or failed


def _canvas() -> int:
    """Builds the canvas and runs its own tests."""
    if not canvas.is_there():
        return 0
    return canvas.by_hand("build") or canvas.by_hand("test")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
