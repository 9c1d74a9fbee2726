"""Real Celery workers on the bench's database, and a tick like beat's."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from celery import Celery

_READY = 60.0


@dataclass
class Crew:
    """Workers of one process each. `tick` publishes the hints that beat would."""

    celery: Celery
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def tick(self, task: str, times: int = 1) -> None:
        for _ in range(times):
            self.celery.send_task(task, queue="waves", expires=10, ignore_result=True)

    def peak_rss_mb(self) -> float:
        """The largest resident set that any worker ever had, from the kernel's account."""
        return max((_peak(process.pid) for process in self.processes), default=0.0)

    def stop(self) -> None:
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def crew(workers: int, environment: dict[str, str], log: Path) -> Iterator[Crew]:
    """`workers` workers, ready to take tasks, gone at the end of the block."""
    team = Crew(Celery("bench", broker=environment["BROKER_URL"]))
    team.celery.control.purge()
    with log.open("wb") as out:
        for number in range(workers):
            command = [
                sys.executable, "-m", "celery", "-A", "itinera.celery", "worker", "-P", "solo", "-Q", "waves",
                "-I", "journeys.bench.naive", "-n", f"bench{number}-{os.getpid()}@%h", "-l", "WARNING",
                "--without-gossip", "--without-mingle",
            ]  # fmt: skip
            team.processes.append(subprocess.Popen(command, env=environment, stdout=out, stderr=out))
        try:
            _wait_ready(team, workers)
            yield team
        finally:
            team.stop()


def _wait_ready(team: Crew, workers: int) -> None:
    deadline = time.monotonic() + _READY
    while time.monotonic() < deadline:
        if len(team.celery.control.ping(timeout=0.5) or ()) >= workers:
            return
        if any(process.poll() is not None for process in team.processes):
            break
    raise RuntimeError("the workers did not start; their log says why")


def _peak(pid: int) -> float:
    """VmHWM in MB, or 0 if the process is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)
