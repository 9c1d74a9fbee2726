"""What a human would have received: in memory for questions, and in a file that is only appended to."""

from __future__ import annotations

import asyncio
import json
import os
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

Delivery = dict[str, object]


class Clock:
    """The sandbox's own time, which an admin call can move."""

    def __init__(self) -> None:
        self.shift = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.shift

    def set(self, moment: datetime) -> None:
        self.shift = moment - datetime.now(UTC)


class Ledger:
    """Every delivery, numbered from 1. With a file, those of earlier runs come first."""

    def __init__(self, clock: Clock, file: Path | None = None) -> None:
        self.clock = clock
        self.deliveries: list[Delivery] = []
        self.counts: Counter[str] = Counter()
        self.by_reference: defaultdict[str, list[Delivery]] = defaultdict(list)
        self.changed = asyncio.Event()
        self._file = -1
        if file is not None:
            whole = self._read(file)
            self._file = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            if not whole:
                os.write(self._file, b"\n")

    def deliver(self, channel: str, to: str, reference: str, body: Mapping[str, object]) -> Delivery:
        """Write one delivery down; it has happened from here on."""
        entry: Delivery = {
            "n": len(self.deliveries) + 1,
            "channel": channel,
            "to": to,
            "ref": reference,
            "at": self.clock.now().isoformat(timespec="milliseconds"),
            **body,
        }
        if self._file >= 0:
            os.write(self._file, json.dumps(entry, ensure_ascii=False).encode() + b"\n")
        self._keep(entry)
        return entry

    def find(self, wanted: Mapping[str, str]) -> list[Delivery]:
        """Deliveries whose fields equal what is wanted; `after` is a number, `contains` a piece of text."""
        after = int(wanted.get("after", 0))
        exact = {name: value for name, value in wanted.items() if name in ("channel", "to", "ref")}
        piece = wanted.get("contains", "")
        return [
            each
            for each in self.deliveries[after:]
            if all(each.get(name) == value for name, value in exact.items())
            and (not piece or any(piece in str(value) for value in each.values()))
        ]

    def duplicates(self) -> dict[str, int]:
        """References that were delivered more than once, and how often."""
        return {ref: len(found) for ref, found in self.by_reference.items() if len(found) > 1}

    def clear(self) -> None:
        """Forget everything, in the file too."""
        self.deliveries.clear()
        self.counts.clear()
        self.by_reference.clear()
        if self._file >= 0:
            os.ftruncate(self._file, 0)
        self._wake()

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _keep(self, entry: Delivery) -> None:
        self.deliveries.append(entry)
        self.counts[str(entry["channel"])] += 1
        if entry["ref"]:
            self.by_reference[str(entry["ref"])].append(entry)
        self._wake()

    def _wake(self) -> None:
        """Tell whoever watches the page; each waits on the event that was current when it looked."""
        waiting, self.changed = self.changed, asyncio.Event()
        waiting.set()

    def _read(self, file: Path) -> bool:
        """Take up what earlier runs delivered; whether the file ends with a whole line.

        A last line cut off by a kill was never told to anybody, and is left out.
        """
        raw = file.read_bytes() if file.exists() else b""
        for line in raw.split(b"\n"):
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            self._keep({**entry, "n": len(self.deliveries) + 1})
        return not raw or raw.endswith(b"\n")
