"""The parts of a running stack besides its servers: a line of command each."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from itinera.local.home import PROJECT
from itinera.local.ports import answers
from itinera.local.service import Service, always

PYTHON = sys.executable
CELERY = (PYTHON, "-m", "celery", "-A", "itinera")
# Two workers: each takes waves and messages, so that one goes on when the other dies; long jobs have one of them.
WORKERS = {"worker-1": "waves,dispatch", "worker-2": "waves,dispatch,long"}
HANDS = "2"  # processes of a worker
MOST_MEMORY = 600_000  # kB of one such process, then it is replaced after its task
WORKER_SETTINGS = {
    "DATABASE_KEEP": "60",  # seconds a worker's process keeps its connection between tasks
    "OPENBLAS_NUM_THREADS": "1",  # arrays here are small; more threads would only take the other process's core
    "C_FORCE_ROOT": "1",  # tasks are JSON only; the warning about root speaks of pickles
}


def manage(name: str, *arguments: str, environment: Mapping[str, str], ready: Callable[[], bool] = always) -> Service:
    """A command of the project as a service or job."""
    command = (PYTHON, str(PROJECT / "manage.py"), *arguments)
    return Service(name=name, command=command, environment=environment, ready=ready)


def sandbox(port: int, environment: Mapping[str, str]) -> Service:
    """The providers' stand-in on loopback, where a visitor sees messages arrive."""
    return manage("sandbox", "sandbox", environment=environment, ready=lambda: answers(port))


def web(port: int, environment: Mapping[str, str]) -> Service:
    """The web server."""
    command = (PYTHON, "-m", "itinera.local.web", str(port))
    return Service(name="web", command=command, environment=environment, ready=lambda: answers(port))


def workers(environment: Mapping[str, str]) -> list[Service]:
    """The Celery workers."""
    return [
        Service(
            name=name,
            command=(
                *CELERY, "worker", "--hostname", f"{name}@itinera", "--queues", queues, "--concurrency", HANDS,
                "--pool", "prefork", "--without-gossip", "--without-mingle", "--loglevel", "INFO",
                "--max-memory-per-child", str(MOST_MEMORY),
            ),
            environment={**environment, **WORKER_SETTINGS},
            grace=20,
        )
        for name, queues in WORKERS.items()
    ]  # fmt: skip


def beat(run: Path, environment: Mapping[str, str]) -> Service:
    """The clock that starts the waves. Its schedules are rows of the database; the file is only its own lock."""
    command = (*CELERY, "beat", "--loglevel", "INFO", "--pidfile=", "--schedule", str(run / "beat"))
    return Service(name="beat", command=command, environment=environment)
