"""What the parts of the stack say: everything into a log file each, warnings to the screen as well."""

from __future__ import annotations

import asyncio
import errno
import json
import re
import time
from pathlib import Path
from typing import BinaryIO

from itinera.local.screen import relay, warn
from itinera.local.space import full

LARGEST = 20 * 1024 * 1024  # bytes; then the file becomes NAME.log.1 and a new one begins
LOUD = re.compile(r"\b(?:WARNING|ERROR|FATAL|PANIC|CRITICAL)\b|^Traceback|Error:")
QUIET = re.compile(r"Memory overcommit must be enabled")  # about snapshots of the broker, which it does not make
NO_ROOM = re.compile(r"No space left on device|disk is full", re.IGNORECASE)
SAME_AGAIN = 60.0  # seconds in which a warning that has been shown is not shown again
LONGEST = 300  # characters of a warning on the screen
CHUNK = 65536


class Journal:
    """The log of one part. A disk without room costs log lines, never the part itself."""

    def __init__(self, name: str, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.name = name
        self.path = folder / f"{name}.log"
        self._shown: dict[str, float] = {}
        self._file: BinaryIO | None = None
        self.last = ""

    async def follow(self, stream: asyncio.StreamReader) -> None:
        """Takes lines until the part and all its children have closed their end."""
        rest = b""
        while chunk := await stream.read(CHUNK):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                self.take(line)
        if rest:
            self.take(rest)

    def take(self, line: bytes) -> None:
        """Writes one line down, and shows it if it matters."""
        self._write(line)
        text = line.decode("utf-8", "replace").rstrip()
        if not text:
            return
        self.last = text
        if NO_ROOM.search(text):
            self._show("disk", "")
        elif matter := loud(text):
            self._show(matter[:80], matter[:LONGEST])

    def close(self) -> None:
        """No more lines will come."""
        if self._file:
            self._file.close()
            self._file = None

    def _write(self, line: bytes) -> None:
        try:
            if self._file is None or self._file.tell() > LARGEST:
                self._file = self._turn_page()
            self._file.write(line + b"\n")
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            self._show("disk", "")

    def _turn_page(self) -> BinaryIO:
        self.close()
        if self.path.exists() and self.path.stat().st_size > LARGEST:
            self.path.replace(self.path.with_suffix(".log.1"))
        return self.path.open("ab", buffering=0)

    def _show(self, key: str, text: str) -> None:
        now = time.monotonic()
        if now - self._shown.get(key, -SAME_AGAIN) < SAME_AGAIN:
            return
        self._shown[key] = now
        if key == "disk":
            words = full(self.path.parent)
            warn(words.chinese, words.english)
        else:
            relay(self.name, text)


def loud(text: str) -> str | None:
    """What a log line has to say on the screen; None if it can stay in the file."""
    if text.startswith("{"):
        try:
            line = json.loads(text)
        except ValueError:
            return None
        if line.get("level") not in {"WARNING", "ERROR", "CRITICAL"}:
            return None
        what = str(line.get("text", "")).strip().partition("\n")[0]
        error = str(line.get("error", "")).strip().rpartition("\n")[2]
        return " ".join(part for part in (line["level"], what, error) if part)
    return text if LOUD.search(text) and not QUIET.search(text) else None
