"""Where the data of this copy of the project live: `var/`, or the folder named by ITINERA_HOME."""

from __future__ import annotations

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def home() -> Path:
    """The data folder; it may not exist yet."""
    named = os.environ.get("ITINERA_HOME")
    return Path(named).expanduser().resolve() if named else PROJECT / "var"


def logs() -> Path:
    """One log file per part of the stack."""
    return home() / "log"


def run() -> Path:
    """What is true only while a stack runs: its lock and the processes it has started."""
    return home() / "run"
