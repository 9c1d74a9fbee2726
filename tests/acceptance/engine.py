"""The project's own replay, by its command: `manage.py replay CANVAS… --profiles F --events F --out DIR`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection

from tests.acceptance.oracle.results import Results

Json = dict[str, Any]
ROOT = Path(__file__).resolve().parents[2]
_numbers = count(1)


def read(folder: Path) -> Results:
    """The three files of a replay."""
    messages, steps = (
        [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]
        for name in ("messages.jsonl", "steps.jsonl")
    )
    return Results(messages, steps, json.loads((folder / "nodes.json").read_text(encoding="utf-8")))


def _written(path: Path, lines: Iterable[Json]) -> Path:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


@dataclass(frozen=True)
class EngineReplay:
    """Replays in this process, over the database of the tests; files go below `folder`."""

    folder: Path

    def __call__(
        self,
        canvases: list[Json],
        *,
        profiles: Iterable[Json] = (),
        events: Iterable[Json] = (),
        workspace: Json | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Results:
        """Write the input, run the command, read the output."""
        folder = self.folder / str(next(_numbers))
        folder.mkdir(parents=True)
        given = [str(_written(folder / f"canvas{place}.json", [each])) for place, each in enumerate(canvases)]
        given += ["--profiles", str(_written(folder / "profiles.jsonl", profiles))]
        given += ["--events", str(_written(folder / "events.jsonl", events))]
        if workspace is not None:
            given += ["--workspace", str(_written(folder / "workspace.json", [workspace]))]
        given += ["--from", since.isoformat()] if since else []
        given += ["--until", until.isoformat()] if until else []
        call_command("replay", *given, "--out", str(folder / "out"), verbosity=0)
        return read(folder / "out")


def command(*given: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """`manage.py replay` as a program of its own."""
    line = [sys.executable, str(ROOT / "manage.py"), "replay", *given]
    return subprocess.run(line, env=env, capture_output=True, text=True, timeout=300, check=False, cwd=ROOT)


def rows() -> dict[str, int]:
    """How many rows each table of the project holds, as the database sees it from a new look."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        )
        names = sorted(name for (name,) in cursor.fetchall())
        counts = {}
        for name in names:
            cursor.execute(f'SELECT count(*) FROM public."{name}"')
            counts[name] = cursor.fetchone()[0]
    return counts
