"""Answers remembered for a moment, so that many viewers cost no more than one."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

V = TypeVar("V")

SHARE = 10
"""An answer that took t seconds to find is kept for at least SHARE × t: reading takes at most a tenth of the time."""


class Recent(Generic[V]):
    """Per process and bounded; nothing is ever older than the longer of `least` seconds and SHARE × its own cost."""

    def __init__(self, least: float, size: int = 256) -> None:
        self._least, self._size = least, size
        self._kept: dict[Hashable, tuple[float, V]] = {}
        self._lock = Lock()

    def get(self, key: Hashable, read: Callable[[], V]) -> V:
        """The value under `key`, read anew if it is too old. Two callers at once may both read; none waits."""
        started = time.monotonic()
        with self._lock:
            until, value = self._kept.get(key, (0.0, None))
        if value is not None and started < until:
            return value
        fresh = read()
        ended = time.monotonic()
        with self._lock:
            if len(self._kept) >= self._size:
                self._kept.clear()
            self._kept[key] = (ended + max(self._least, SHARE * (ended - started)), fresh)
        return fresh

    def forget(self) -> None:
        with self._lock:
            self._kept.clear()
