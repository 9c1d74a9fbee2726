"""Room on the disk: looked at before the start, and named in plain words when it runs out."""

from __future__ import annotations

import shutil
from pathlib import Path

from itinera.local.screen import Stop, warn

MEGABYTE = 1024 * 1024
FIRST_START, LATER_START, COMFORT = 1500, 300, 3000  # MB


def look_ahead(folder: Path, first: bool) -> None:
    """Refuses to start where the disk would soon be full; warns where it may be."""
    free = shutil.disk_usage(folder).free // MEGABYTE
    needed = FIRST_START if first else LATER_START
    if free < needed:
        raise full(folder, f"{free} MB")
    if free < COMFORT:
        warn(f"{folder} 所在磁盘只剩 {free} MB", f"Only {free} MB are free on the disk of {folder}")


def full(folder: Path, left: str = "0 MB") -> Stop:
    """The words for a disk without room."""
    return Stop(
        f"磁盘空间不足:{folder} 所在磁盘只剩 {left}。请清出至少 {FIRST_START} MB,或用 ITINERA_HOME 指向另一块磁盘。",
        f"The disk of {folder} is full ({left} free). Free at least {FIRST_START} MB, "
        "or point ITINERA_HOME at another disk.",
    )
