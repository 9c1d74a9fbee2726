"""Keeps the parts of the stack running: starts them in order, restarts what dies, ends all in the opposite order."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from itinera.local.child import Child
from itinera.local.journal import Journal
from itinera.local.ledger import Ledger
from itinera.local.screen import Stop, tell, warn
from itinera.local.service import Service

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 30.0  # seconds before a restart; doubles each time
HEALTHY = 20.0  # seconds of life after which an earlier failure is forgotten


def pause(failures: int) -> float:
    """Seconds to wait before the restart that follows so many failures in a row."""
    return float(min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** max(0, failures - 1)))


class Supervisor:
    """One per stack, in one thread. `logs` is the folder of the log files."""

    def __init__(self, logs: Path, ledger: Ledger) -> None:
        self.logs = logs
        self.ledger = ledger
        self.children: dict[str, Child] = {}
        self._journals: dict[str, Journal] = {}
        self._keepers: list[asyncio.Task[None]] = []
        self._stages: list[tuple[str, ...]] = []
        self._ending = False

    async def start(self, services: Sequence[Service]) -> None:
        """Starts services side by side and returns when all are ready; from then on they are kept running."""
        self._stages.append(tuple(service.name for service in services))
        children = await asyncio.gather(*(self._launch(service) for service in services))
        await asyncio.gather(*(child.until_ready() for child in children))
        for service in services:
            self._keepers.append(asyncio.create_task(self._keep(service)))

    async def job(self, service: Service) -> int:
        """Runs something that ends by itself, and returns how it ended."""
        child = await self._launch(service)
        try:
            return await child.ended()
        finally:
            if child.code is None:
                await child.end()
            self._forget(service.name, child)

    async def must(self, job: Service, chinese: str, english: str) -> None:
        """Runs a job that the start cannot do without. Raises Stop when it fails."""
        if code := await self.job(job):
            where = self.logs / f"{job.name}.log"
            raise Stop(f"{chinese}失败,详见 {where}", f"Failed: {english} (exit {code}); see {where}")

    async def end(self) -> None:
        """Ends everything, the latest started first; services that were started together end together."""
        self._ending = True
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        staged = {name for stage in self._stages for name in stage}
        jobs = tuple(name for name in self.children if name not in staged)
        for stage in (jobs, *reversed(self._stages)):
            going = [child for name, child in self.children.items() if name in stage]
            await asyncio.gather(*(child.end() for child in going), return_exceptions=True)
        self.children.clear()
        self.ledger.write({})
        for journal in self._journals.values():
            journal.close()

    def kill(self) -> None:
        """The person does not want to wait: everything ends now. The database recovers at its next start."""
        for child in self.children.values():
            child.kill()

    async def _launch(self, service: Service) -> Child:
        journal = self._journals.setdefault(service.name, Journal(service.name, self.logs))
        child = await Child.start(service, journal)
        self.children[service.name] = child
        self.ledger.write({name: one.process for name, one in self.children.items()})
        return child

    def _forget(self, name: str, child: Child) -> None:
        if self.children.get(name) is child:
            del self.children[name]
        self.ledger.write({name: one.process for name, one in self.children.items()})

    async def _keep(self, service: Service) -> None:
        loop = asyncio.get_running_loop()
        failures = 0
        while not self._ending:
            born = loop.time()
            child = self.children[service.name]
            code = await child.ended()
            failures = 1 if loop.time() - born > HEALTHY else failures + 1
            wait = pause(failures)
            warn(
                f"{service.name} 意外停止({_how(code)}),{wait:.1f} 秒后重新启动",
                f"{service.name} stopped unexpectedly ({_how(code)}); starting it again in {wait:.1f} s",
            )
            await asyncio.sleep(wait)
            await self._again(service)

    async def _again(self, service: Service) -> None:
        try:
            child = await self._launch(service)
            await child.until_ready()
        except Stop as stop:
            warn(stop.chinese, stop.english)
            return  # the loop sees its end, or waits for it
        tell(f"{service.name} 已恢复", f"{service.name} is back")


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit {code}"
