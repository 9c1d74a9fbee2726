"""What the person at the terminal reads: short lines, Chinese first, English beside it."""

from __future__ import annotations

import sys
from typing import TextIO


class Stop(Exception):
    """The stack cannot start or go on: what is wrong and what to do, told as it is, never as a traceback."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(english)
        self.chinese = chinese
        self.english = english


def tell(chinese: str, english: str) -> None:
    """One step of the start, on one line."""
    _write(sys.stderr, f"  {chinese} · {english}")


def warn(chinese: str, english: str) -> None:
    """Something is not as it should be, and the stack goes on."""
    _write(sys.stderr, f"! {chinese}\n  {english}")


def refuse(stop: Stop) -> None:
    """Why it ends here."""
    _write(sys.stderr, f"\n✗ {stop.chinese}\n  {stop.english}\n")


def block(lines: list[str]) -> None:
    """Lines that belong together, set off by rules."""
    rule = "─" * 72
    _write(sys.stdout, "\n".join(["", rule, *(f"  {line}" for line in lines), rule, ""]))


def relay(part: str, text: str) -> None:
    """A warning that a part of the stack has written in its log."""
    _write(sys.stderr, f"  [{part}] {text}")


def _write(stream: TextIO, text: str) -> None:
    try:
        stream.write(text + "\n")
        stream.flush()
    except (OSError, ValueError):
        pass  # the terminal is gone (a closed window, a broken pipe); the stack stops by its signal, not by this
