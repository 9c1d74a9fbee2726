"""Command line like `manage.py replay`'s: python -m tests.acceptance.oracle CANVAS… --events F --out DIR."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from tests.acceptance.oracle.files import read_lines
from tests.acceptance.oracle.replay import replay
from tests.acceptance.oracle.times import instant


def main() -> None:
    """Read the files, walk everybody, write the three output files."""
    parser = argparse.ArgumentParser(description="The oracle: a slow second reading of the contract.")
    parser.add_argument("canvases", nargs="+", type=Path)
    parser.add_argument("--workspace", type=Path)
    parser.add_argument("--profiles", type=Path)
    parser.add_argument("--events", type=Path)
    parser.add_argument("--from", dest="since", type=instant)
    parser.add_argument("--until", type=instant)
    parser.add_argument("--out", type=Path, default=Path())
    given = parser.parse_args()
    results = replay(
        [json.loads(path.read_text(encoding="utf-8")) for path in given.canvases],
        profiles=read_lines(given.profiles) if given.profiles else [],
        events=read_lines(given.events) if given.events else [],
        workspace=json.loads(given.workspace.read_text(encoding="utf-8")) if given.workspace else None,
        since=given.since,
        until=given.until,
    )
    results.write(given.out)


main()
