"""A command with a database and a broker of its own for as long as it runs.

`python -m itinera.local.serving manage.py bench all` brings the schema up to date first, keeps its data in
`var/bench` and waits for the disk as in earnest. Tests use the same, without that (see `testrun`).
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from itinera.local.home import PROJECT, home, logs, run
from itinera.local.ledger import Ledger, Lock, clean_up
from itinera.local.remembered import remember_addresses, remembered_addresses
from itinera.local.screen import Stop, refuse
from itinera.local.servers import servers
from itinera.local.supervisor import Supervisor

PREPARE = ("manage.py", "prepare")


def with_servers(commands: Sequence[Sequence[str]], *, durable: bool, folder: Path) -> int:
    """Runs Python commands one after the other, until one fails; returns the last exit code.

    Only what the last one prints goes to our standard output: it may be a result for a program to read.
    """
    os.environ.setdefault("ITINERA_HOME", str(folder))
    home().mkdir(parents=True, exist_ok=True)
    try:
        with Lock(run()):
            return asyncio.run(_serve(commands, durable=durable))
    except Stop as stop:
        refuse(stop)
        return 1


async def _serve(commands: Sequence[Sequence[str]], *, durable: bool) -> int:
    ledger = Ledger(run() / "children.json")
    supervisor = Supervisor(logs(), ledger)
    clean_up(ledger, home())
    try:
        found = servers(home(), remembered_addresses(home()), durable=durable)
        await supervisor.start(found.services)
        remember_addresses(home(), found.addresses)
        environment = {**os.environ, **found.addresses}
        *before, last = commands
        for command in before:
            if code := await _foreground(command, environment, sys.stderr):
                return code
        return await _foreground(last, environment, sys.stdout)
    finally:
        await supervisor.end()


async def _foreground(command: Sequence[str], environment: dict[str, str], output: TextIO) -> int:
    """Runs one command on our terminal, and hands signals on to it."""
    running = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=PROJECT, env=environment, stdout=output.fileno()
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _hand_on, running, number)
    code = await running.wait()
    return code if code >= 0 else 128 - code


def _hand_on(running: asyncio.subprocess.Process, number: signal.Signals) -> None:
    if running.returncode is None and number != signal.SIGINT:  # the terminal sends that one to both of us
        running.send_signal(number)


if __name__ == "__main__":
    sys.exit(with_servers([PREPARE, sys.argv[1:]], durable=True, folder=PROJECT / "var" / "bench"))
