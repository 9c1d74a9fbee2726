"""Stacks of their own for these tests: a data folder each, far from the developer's."""

from __future__ import annotations

import json
import os
import re
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from itinera.local.home import PROJECT
from itinera.local.processes import Process, end, look, marked

PATIENCE = 180.0  # seconds for a start on a busy machine


class Stack:
    """`manage.py up` in a process of its own; its screen is read as it comes."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "BROKER_URL"}}
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--no-demo", "--no-canvas"],
            cwd=PROJECT,
            env={**kept, "ITINERA_HOME": str(folder), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.told = ""  # all that the screen has shown
        self._seen = 0  # how much of it `until` has passed
        self._reader = selectors.DefaultSelector()
        assert self.process.stdout is not None
        os.set_blocking(self.process.stdout.fileno(), False)
        self._reader.register(self.process.stdout, selectors.EVENT_READ)

    def until(self, pattern: str, patience: float = PATIENCE) -> re.Match[str]:
        """Reads the screen until it shows the pattern."""
        deadline = time.monotonic() + patience
        while not (found := re.compile(pattern).search(self.told, self._seen)):
            left = deadline - time.monotonic()
            if left <= 0 or not self._read(left):
                raise AssertionError(f"{pattern!r} did not appear:\n{self.told}")
        self._seen = found.end()
        return found

    def _read(self, patience: float) -> bool:
        assert self.process.stdout is not None
        if not self._reader.select(timeout=patience):
            return False
        piece = self.process.stdout.read()
        self.told += (piece or b"").decode()
        return bool(piece)

    def address(self) -> str:
        """Waits for the greeting, and gives the address in it."""
        return self.until(r"Address\s+(http://\S+)")[1]

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Asks it to end; gives the exit code. What it still says is in `told`."""
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> int:
        """Reads the screen to its end; gives the exit code."""
        assert self.process.stdout is not None
        os.set_blocking(self.process.stdout.fileno(), True)
        self.told += self.process.stdout.read().decode()
        return self.process.wait(PATIENCE)

    def child(self, name: str) -> Process:
        """The process of a part, from the stack's own list."""
        rows = json.loads((self.folder / "run" / "children.json").read_text(encoding="utf-8"))
        pid = next(row["pid"] for row in rows if row["name"] == name)
        found = look(pid)
        assert found is not None, f"{name} is not running"
        return found

    def left(self) -> list[Process]:
        """Everything of this stack that still lives."""
        return [process for process in marked(self.folder) if process.alive]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder that every user of the machine can enter, as the servers' user has to."""
    path = Path(tempfile.mkdtemp(prefix="itinera-stack-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[..., Stack]]:
    """Starts stacks; whatever is left at the end of the test is ended."""
    stacks: list[Stack] = []

    def begin(**environment: str) -> Stack:
        stacks.append(Stack(folder, **environment))
        return stacks[-1]

    yield begin
    for stack in stacks:
        if stack.process.poll() is None:
            stack.stop()
        end(stack.left(), 10)
