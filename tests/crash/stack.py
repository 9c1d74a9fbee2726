"""A stack of its own, as `manage.py up` starts it, and the ways to kill parts of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path
from random import Random
from typing import Any

from itinera.local.home import PROJECT
from itinera.local.ports import LOOPBACK, any_free
from itinera.local.processes import Process, end, everybody, group, look
from tests.local.conftest import Stack

PARTS = ("worker", "beat", "broker", "postgres")


class Victim:
    """A running stack whose parts may be killed; its supervisor brings them back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stack = Stack(folder, WEB_PORT=str(any_free(None)))
        self.address = self.stack.address()
        self.addresses: dict[str, str] = json.loads((folder / "addresses.json").read_text(encoding="utf-8"))
        secrets: dict[str, str] = json.loads((folder / "secrets.json").read_text(encoding="utf-8"))
        self._listening = True
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self.environment = {**os.environ, **secrets, **self.addresses, "ITINERA_HOME": str(folder)}

    def _listen(self) -> None:
        """Read its screen all the time: a full pipe would hold up the supervisor and everything with it."""
        while self._listening:
            self.stack._read(0.2)

    @property
    def database(self) -> str:
        return self.addresses["DATABASE_URL"]

    def program(self, module: str, *given: str) -> subprocess.Popen[str]:
        """A program of these tests, run beside the stack with the stack's addresses."""
        command = [sys.executable, "-m", module, *given]
        return subprocess.Popen(
            command, cwd=PROJECT, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def kill(self, part: str, random: Random) -> str:
        """Kill -9 of a part: a server with all its processes; a worker whole, its parent, or one of its hands."""
        name = random.choice(["worker-1", "worker-2"]) if part == "worker" else part
        leader = self.child(name)
        if leader is None:
            return f"{name}: was down already"
        members = group(leader.group)
        hands = [each for each in members if each.pid != leader.pid]
        how = random.choice(["whole", "parent", "hand"]) if part == "worker" and hands else "whole"
        victims = {"whole": members, "parent": [leader], "hand": hands[:1]}[how]
        for each in victims:
            if each.alive:
                os.kill(each.pid, signal.SIGKILL)
        return f"{name}: {how}"

    def child(self, name: str) -> Process | None:
        """The process of a part; None while it is down."""
        rows = json.loads((self.folder / "run" / "children.json").read_text(encoding="utf-8"))
        pids = [row["pid"] for row in rows if row["name"] == name]
        return look(pids[0]) if pids else None

    def freeze(self, name: str, *, stop: bool) -> None:
        """Stop a part without ending it, or let it go on: its supervisor sees nothing amiss."""
        leader = self.child(name)
        assert leader is not None
        for each in everybody():
            if each.group == leader.group:
                os.kill(each.pid, signal.SIGSTOP if stop else signal.SIGCONT)

    def deliveries(self, limit: int = 1_000_000) -> dict[str, Any]:
        """The sandbox's ledger: what a human would have received."""
        port = self.addresses["SANDBOX_HTTP_PORT"]
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/__admin/deliveries?limit={limit}", timeout=60) as page:
            found: dict[str, Any] = json.load(page)
        return found

    def wrong_counts(self) -> list[str]:
        """What `manage.py check_counts` says when it is not content: counters that differ, or why it could not ask."""
        command = [sys.executable, "manage.py", "check_counts"]
        done = subprocess.run(
            command, cwd=PROJECT, env=self.environment, capture_output=True, text=True, check=False, timeout=120
        )
        return (done.stdout or done.stderr).splitlines() if done.returncode else []

    def stop(self) -> None:
        """End the stack, and whatever of it is left."""
        self._listening = False
        self._listener.join()
        if self.stack.process.poll() is None:
            self.stack.stop()
        end(self.stack.left(), 10)
