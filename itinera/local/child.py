"""A running program of the stack, with everything it has started in turn."""

from __future__ import annotations

import asyncio
import signal
from asyncio.subprocess import PIPE, STDOUT
from asyncio.subprocess import Process as Running
from contextlib import suppress

from itinera.local.journal import Journal
from itinera.local.processes import Process, group, look, send, tied_to_us
from itinera.local.screen import Stop
from itinera.local.service import Service

POLL = 0.1  # seconds between two questions whether it is ready


class Child:
    """Leads a process group of its own, so that Ctrl-C reaches only the supervisor, and an end reaches everybody."""

    def __init__(self, service: Service, running: Running, journal: Journal) -> None:
        self.service = service
        self.running = running
        self.process = look(running.pid) or Process(running.pid, 0, running.pid, "Z")
        self._journal = journal
        self._ended = asyncio.ensure_future(running.wait())
        self._followed = asyncio.ensure_future(journal.follow(running.stdout)) if running.stdout else None

    @classmethod
    async def start(cls, service: Service, journal: Journal) -> Child:
        """Starts the program. Raises Stop when there is no such program or it may not run."""
        if service.tidy:
            await asyncio.to_thread(service.tidy)
        try:
            running = await asyncio.create_subprocess_exec(
                *service.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=PIPE,
                stderr=STDOUT,
                cwd=service.folder,
                env=service.full_environment(),
                start_new_session=True,
                preexec_fn=tied_to_us(service.farewell),
                **service.identity,
            )
        except OSError as error:
            reason = error.strerror or str(error)
            raise Stop(f"无法启动 {service.name}:{reason}", f"Cannot start {service.name}: {reason}") from None
        return cls(service, running, journal)

    @property
    def code(self) -> int | None:
        """How it ended: 0 well, above 0 its own complaint, below 0 the signal; None while it runs."""
        return self.running.returncode

    async def ended(self) -> int:
        """Waits for its end; whatever it has left running is ended too."""
        code = await asyncio.shield(self._ended)
        self.kill()
        if self._followed:
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self._followed), 2)
        return code

    async def until_ready(self) -> None:
        """Returns when it does its work. Raises Stop if it ends before that, or takes too long."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self.service.patience
        while not await asyncio.to_thread(self.service.ready):
            if self.code is not None:
                raise self._failed("启动后立即退出", "ended right after its start")
            if loop.time() > deadline:
                raise self._failed(f"{self.service.patience:.0f} 秒内没有就绪", "did not get ready in time")
            await asyncio.wait({self._ended}, timeout=POLL)

    async def end(self) -> None:
        """Asks it to end, and ends it with all it has started if it does not."""
        if self.code is None:
            with suppress(ProcessLookupError):
                self.running.send_signal(self.service.farewell)
            await asyncio.wait({self._ended}, timeout=self.service.grace)
        self.kill()
        await self.ended()

    def kill(self) -> None:
        """At once, without asking; and whatever it has left running when it is dead already."""
        leader = look(self.process.pid)
        if leader is None or leader.start == self.process.start:  # else the number is somebody else's by now
            send(group(self.process.pid), signal.SIGKILL)

    def _failed(self, chinese: str, english: str) -> Stop:
        name, last = self.service.name, self._journal.last[:300]
        where = self._journal.path
        return Stop(
            f"{name} {chinese}。最后一行:{last}(详见 {where})", f"{name} {english}. Last line: {last} (see {where})"
        )
