"""Both servers in one event loop, with one ledger."""

from __future__ import annotations

import asyncio
import logging
import signal
import warnings
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from channels_out.sandbox.admin import Admin
from channels_out.sandbox.faults import Faults
from channels_out.sandbox.gateway import Gateway
from channels_out.sandbox.ledger import Clock, Ledger
from channels_out.sandbox.mailbox import Mailbox, server_factory


@dataclass(frozen=True)
class Setup:
    """Where the sandbox listens and what it asks for. Port 0 = any free one."""

    http_port: int
    smtp_port: int
    token: str
    smtp_password: str | None = None
    ledger: Path | None = None
    host: str = "127.0.0.1"


class Sandbox:
    """A running sandbox; its ports are known once it has started."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.ledger = Ledger(Clock(), setup.ledger)
        self.faults = Faults()
        self.http_port = self.smtp_port = 0

    async def start(self) -> None:
        """Listen. OSError if a port is taken."""
        setup = self.setup
        app = web.Application(client_max_size=1 << 20)
        app.add_routes(Gateway(self.ledger, self.faults, setup.token).routes())
        app.add_routes(Admin(self.ledger, self.faults).routes())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, setup.host, setup.http_port)
        await site.start()
        mailbox = Mailbox(self.ledger, self.faults)
        loop = asyncio.get_running_loop()
        self._mail = await loop.create_server(
            lambda: server_factory(mailbox, setup.smtp_password), setup.host, setup.smtp_port
        )
        self.http_port = self._runner.addresses[0][1]
        self.smtp_port = self._mail.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        self._mail.close()
        await self._runner.cleanup()
        self.ledger.close()


async def serve(setup: Setup, ready: asyncio.Event | None = None) -> None:
    """Run until asked to stop (SIGINT or SIGTERM)."""
    # A log-in without TLS is no risk on loopback; aiosmtpd would say so for each connection.
    warnings.filterwarnings("ignore", module="aiosmtpd")
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for asked in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(asked, stopped.set)
    sandbox = Sandbox(setup)
    await sandbox.start()
    print(f"http://{setup.host}:{sandbox.http_port} smtp://{setup.host}:{sandbox.smtp_port}", flush=True)  # noqa: T201
    if ready is not None:
        ready.set()
    await stopped.wait()
    await sandbox.stop()
