"""A data folder for a stack that is going to be broken, outside the developer's."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    """Every user of the machine can enter it, as the servers' user has to."""
    path = Path(tempfile.mkdtemp(prefix="itinera-crash-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)
