"""The processes a stack has started, written down so that the next start can clean up after one that was killed."""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from itinera.local.processes import Process, end, group, look, marked
from itinera.local.remembered import remembered_addresses
from itinera.local.screen import Stop, tell

PATIENCE = 20.0  # seconds for what an earlier run left to end by itself; a database may be writing its checkpoint


class Lock:
    """At most one stack per data folder. The kernel lets go of it when we die, so it is never stale."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "stack.lock"
        self.handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def __enter__(self) -> Lock:
        try:
            fcntl.flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self.handle, 200, 0).decode(errors="replace").strip() or "?"
            os.close(self.handle)
            port = remembered_addresses(self.path.parent.parent).get("WEB_PORT", "?")
            raise Stop(
                f"这里已经有一套在运行(进程 {holder},http://127.0.0.1:{port})。请用它,或先在那个窗口按 Ctrl-C。",
                f"A stack is already running here (process {holder}, http://127.0.0.1:{port}). Use or stop it.",
            ) from None
        os.ftruncate(self.handle, 0)
        os.pwrite(self.handle, str(os.getpid()).encode(), 0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.ftruncate(self.handle, 0)
        os.close(self.handle)


@dataclass
class Ledger:
    """`children.json`: name, number and start of each living child. Only the holder of the lock writes it."""

    path: Path

    def write(self, children: dict[str, Process]) -> None:
        """Replaces the list. A full disk does not stop the stack: it only costs the next start a search by mark."""
        draft = self.path.with_suffix(".draft")
        rows = [{"name": name, "pid": child.pid, "start": child.start} for name, child in children.items()]
        try:
            draft.write_text(json.dumps(rows), encoding="utf-8")
            draft.replace(self.path)
        except OSError:
            return

    def read(self) -> list[Process]:
        """Those of the list that are still the same processes; empty for a missing or torn file."""
        try:
            rows = json.loads(self.path.read_text(encoding="utf-8"))
            found = [(look(row["pid"]), row["start"]) for row in rows]
        except (OSError, ValueError, KeyError, TypeError):
            return []
        return [process for process, start in found if process and process.start == start]


def clean_up(ledger: Ledger, folder: Path) -> int:
    """Ends whatever an earlier, killed run of this data folder has left; says how many processes that were."""
    leaders = ledger.read()
    members = {process.pid: process for leader in leaders for process in group(leader.pid)}
    left = members | {process.pid: process for process in marked(folder)}
    living = [process for process in left.values() if process.alive]
    if living:
        tell(
            f"清理上次被强行结束时留下的 {len(living)} 个进程", f"ending {len(living)} processes that a killed run left"
        )
        end(living, PATIENCE)
    ledger.write({})
    return len(living)
