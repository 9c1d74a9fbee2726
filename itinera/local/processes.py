"""Processes as Linux tells of them in /proc: who is alive, who belongs to whom, and how to end a group for good."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
MARK = "ITINERA_STACK"  # in the environment of everything a stack starts; the value is its data folder
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Process:
    """A process, told apart from a later one of the same number by its start (clock ticks since the machine's boot)."""

    pid: int
    start: int
    group: int
    state: str

    @property
    def alive(self) -> bool:
        """Still the same process, and not just waiting to be buried by its parent."""
        now = look(self.pid)
        return now is not None and now.start == self.start and now.state not in "ZX"


def look(pid: int) -> Process | None:
    """The process with this number, None if there is none."""
    try:
        stat = (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()  # the name before it may hold anything, brackets too
    return Process(pid=pid, start=int(fields[19]), group=int(fields[2]), state=fields[0])


def everybody() -> Iterator[Process]:
    """All processes there are."""
    for entry in PROC.iterdir():
        if entry.name.isdigit() and (process := look(int(entry.name))):
            yield process


def group(leader: int) -> list[Process]:
    """The living members of a process group."""
    return [process for process in everybody() if process.group == leader and process.state not in "ZX"]


def marked(folder: Path) -> list[Process]:
    """Processes that a stack with this data folder has started, by the mark in their environment."""
    mark = f"{MARK}={folder}".encode()
    return [process for process in everybody() if process.pid != os.getpid() and mark in _environment(process.pid)]


def _environment(pid: int) -> list[bytes]:
    try:
        return (PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return []  # gone, or somebody else's


def tied_to_us(number: signal.Signals) -> Callable[[], None]:
    """For a new child, just before its program starts: gets this signal when the supervisor dies, however it dies."""
    parent = os.getpid()

    def tie() -> None:
        LIBC.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)  # the supervisor died in between

    return tie


def send(processes: Iterable[Process], number: signal.Signals) -> None:
    """Sends a signal to those still there."""
    for process in processes:
        if process.alive:
            try:
                os.kill(process.pid, number)
            except ProcessLookupError:
                continue


def end(processes: list[Process], patience: float) -> None:
    """Asks them to end, waits at most `patience` seconds, then ends them; returns when none is left."""
    send(processes, signal.SIGTERM)
    wait_gone(processes, patience)
    send(processes, signal.SIGKILL)
    wait_gone(processes, 5)


def wait_gone(processes: list[Process], patience: float) -> bool:
    """Whether all ended within `patience` seconds."""
    deadline = time.monotonic() + patience
    while any(process.alive for process in processes):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
