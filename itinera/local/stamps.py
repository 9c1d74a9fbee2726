"""Whether something has to be made again: a digest of what it was made from, kept inside it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest(files: Iterable[Path]) -> str:
    """Of names and contents, in the order of names."""
    sums = hashlib.sha256()
    for file in sorted(files):
        sums.update(str(file).encode() + b"\0")
        sums.update(hashlib.sha256(file.read_bytes()).digest())
    return sums.hexdigest()


def files_in(*folders: Path) -> list[Path]:
    """All files below these folders; a folder that is not there has none."""
    return [file for folder in folders for file in folder.rglob("*") if file.is_file()]


class Stamp:
    """Lies in the folder of what was made, so that it goes when that goes."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / ".made-from"

    def is_current(self, value: str) -> bool:
        """Whether it was last made from exactly this."""
        return self.path.exists() and self.path.read_text(encoding="ascii") == value

    def set(self, value: str) -> None:
        """It has been made."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(value, encoding="ascii")

    def clear(self) -> None:
        """It is about to be made; until `set`, it does not count."""
        self.path.unlink(missing_ok=True)
