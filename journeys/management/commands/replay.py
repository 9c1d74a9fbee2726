"""`manage.py replay`: what these journeys would have done with these people and events."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from itinera.kit import clock, wire
from itinera.kit.errors import Refusal
from itinera.kit.wire import django_cursor
from journeys.canvas.reading import read
from journeys.engine.plans import Plans
from journeys.engine.world import load
from journeys.replay import drive, stage, written
from journeys.replay.scratch import analyze, scratch


class Command(BaseCommand):
    help = "Run the real engine under a virtual clock over a scratch database; no message leaves."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("canvases", nargs="+", type=Path, metavar="CANVAS")
        parser.add_argument("--workspace", type=Path)
        parser.add_argument("--profiles", type=Path)
        parser.add_argument("--events", type=Path)
        parser.add_argument("--from", dest="begin", type=datetime.fromisoformat)
        parser.add_argument("--until", type=datetime.fromisoformat)
        parser.add_argument("--out", type=Path, default=Path("replay"))

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.perf_counter()
        try:
            with scratch():
                counted = self._replay(options)
        except Refusal as refusal:
            for problem in refusal.problems:
                place = problem.node or problem.path or ""
                self.stderr.write(f"{problem.code}\t{place}\t{problem.detail}")
            raise CommandError("refused", returncode=1) from refusal
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}", returncode=1) from error
        seconds = time.perf_counter() - started
        self.stdout.write(f"{counted['messages']} messages, {counted['steps']} steps, {seconds:.2f} s")

    def _replay(self, options: dict[str, Any]) -> dict[str, int]:
        canvases = [read(path.read_bytes()) for path in options["canvases"]]
        now, until = clock.now(), options["until"]
        begin = options["begin"] or _first_line(options["events"]) or now
        scene = stage.Scene(begin)
        if options["workspace"]:
            stage.set_up(scene, options["workspace"], now)
        if options["profiles"]:
            stage.load_profiles(scene, options["profiles"], now)
        stage.put_on(canvases, begin, now)
        if options["events"]:
            stage.load_events(scene, options["events"], now, until)
        stage.fill_lists(scene, now)
        stage.forget_history(begin)
        analyze()
        drive.run(scene, until)
        for kind, rejection in scene.rejected:
            self.stderr.write(f"{kind}\t{rejection.code}\t{rejection.path or ''}\t{rejection.detail}")
        for doubt in scene.doubts:
            self.stderr.write(f"workspace\t{doubt.code}\t{doubt.path or ''}\t{doubt.detail}")
        return written.write(load(django_cursor(), Plans()), options["out"])


def _first_line(path: Path | None) -> datetime | None:
    """The earliest instant of the input: where a replay begins unless told otherwise."""
    if path is None:
        return None
    found = (stage.instant(line.get("time")) for _, line in stage.lines(path) if isinstance(line, dict))
    times = [at for at in found if at is not None]
    return wire.moment(min(times)) if times else None
