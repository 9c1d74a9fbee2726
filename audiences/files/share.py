"""One file loaded by several processes, each its share of the slices.

A worker process begins by importing this module, before Django is set up in it: hence the late imports.
"""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiences.files.load import FileReport


def share(path: Path, now: datetime, actor: str, workers: int, lookup: str | None = None) -> FileReport:
    """What became of the file in all processes together. As `load_file`, which each of them calls."""
    from audiences.files.load import FileReport

    report = FileReport()
    work = partial(_part, path, now, actor, workers, lookup)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_begin) as pool:
        for done in pool.map(work, range(workers)):
            report.add(done)
    return report


def _begin() -> None:
    import django

    django.setup()


def _part(path: Path, now: datetime, actor: str, workers: int, lookup: str | None, part: int) -> FileReport:
    from audiences.files.load import load_file

    return load_file(path, now, actor, part=part, parts=workers, lookup=lookup)
