"""The story of `manage.py up`, from the first look at the disk to the last process ended."""

from __future__ import annotations

import asyncio
import errno
import signal
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass

from itinera import env
from itinera.local import messages, pages, parts, ports, space
from itinera.local.home import home, logs, run
from itinera.local.ledger import Ledger, Lock, clean_up
from itinera.local.remembered import remember_addresses, remembered_addresses
from itinera.local.screen import Stop, block, refuse, tell, warn
from itinera.local.servers import servers
from itinera.local.supervisor import Supervisor

WEB_PORT = 8000
SANDBOX_PORTS = ("SANDBOX_HTTP_PORT", "SANDBOX_SMTP_PORT")
WELL, BADLY = 0, 1


@dataclass(frozen=True)
class Wishes:
    """What the person asked for."""

    demo: bool = True
    canvas: bool = True


def main(commands: frozenset[str], wishes: Wishes) -> int:
    """Runs the stack until a signal; returns the exit code. `commands` are the names `manage.py` knows."""
    try:
        home().mkdir(parents=True, exist_ok=True)
        with Lock(run()):
            return asyncio.run(Up(commands, wishes).live())
    except Stop as stop:
        refuse(stop)
    except PermissionError as error:
        where = error.filename or home()
        refuse(Stop(f"没有权限写 {where}。", f"No permission to write {where}. Use its owner, or set ITINERA_HOME."))
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        refuse(space.full(home()))
    return BADLY


async def side_by_side(*steps: Coroutine[None, None, None]) -> None:
    """Does steps at the same time. When one fails, the others are ended, and its own exception is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            for step in steps:
                group.create_task(step)
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None


def sandbox_addresses(known: Mapping[str, str]) -> dict[str, str]:
    """Ports for the sandbox, and leave for accounts to send to just these."""
    chosen = {name: str(ports.any_free(known.get(name))) for name in SANDBOX_PORTS}
    allowed = env.words("OUTBOUND_ALLOWED_HOSTS", remember=False)
    allowed += [f"{ports.LOOPBACK}:{port}" for port in chosen.values()]
    return {**chosen, "OUTBOUND_ALLOWED_HOSTS": ",".join(allowed)}


class Up:
    """One run of the stack."""

    def __init__(self, commands: frozenset[str], wishes: Wishes) -> None:
        self.commands = commands
        self.wishes = wishes
        self.ledger = Ledger(run() / "children.json")
        self.supervisor = Supervisor(logs(), self.ledger)
        self.signals = 0
        self.logins = run() / "logins"

    async def live(self) -> int:
        """Starts everything, waits for a signal, ends everything."""
        story = asyncio.ensure_future(self._story())
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup means it
                loop.add_signal_handler(number, self._asked_to_end, story)
        try:
            await story
        except asyncio.CancelledError:
            tell("正在停止", "stopping")
        finally:
            await self.supervisor.end()
        tell("全部已停止,数据保留", "all stopped; data stay")
        return WELL

    def _asked_to_end(self, story: asyncio.Future[None]) -> None:
        self.signals += 1
        story.cancel()
        if self.signals > 1:
            self.supervisor.kill()

    async def _story(self) -> None:
        space.look_ahead(home(), first=not (home() / "addresses.json").exists())
        clean_up(self.ledger, home())
        environment = await self._servers()
        await side_by_side(
            self._prepare(environment),
            pages.make(self.supervisor, environment, with_canvas=self.wishes.canvas),
        )
        await side_by_side(self._demo(environment), self._parts(environment))
        await self._shop(environment)
        self._greet(environment)
        await asyncio.Event().wait()

    async def _servers(self) -> dict[str, str]:
        known = remembered_addresses(home())
        found = servers(home(), known)
        await self.supervisor.start(found.services)
        addresses = {**found.addresses, **sandbox_addresses(known), "WEB_PORT": str(self._web_port())}
        remember_addresses(home(), addresses)
        tell("数据库和消息中间件就绪", "database and broker are ready")
        return addresses

    @staticmethod
    def _web_port() -> int:
        wished = env.integer("WEB_PORT", WEB_PORT, remember=False)  # not the one that an earlier start had to take
        port = ports.choose(wished)
        if port != wished:
            warn(
                f"端口 {wished} 已被别的程序占用,改用 {port}",
                f"Port {wished} is taken by another program; using {port}",
            )
        return port

    async def _prepare(self, environment: Mapping[str, str]) -> None:
        messages.compile_all()
        flags = ["--demo"] if self.wishes.demo else []
        job = parts.manage("prepare", "prepare", "--logins", str(self.logins), *flags, environment=environment)
        await self.supervisor.must(job, "数据库准备", "preparing the database")

    async def _demo(self, environment: Mapping[str, str]) -> None:
        """The demo's journeys send to the sandbox's accounts, so the sandbox is there before them."""
        if "sandbox" in self.commands:
            await self.supervisor.start([parts.sandbox(int(environment[SANDBOX_PORTS[0]]), environment)])
        if self.wishes.demo and "demo" in self.commands:
            job = parts.manage("demo", "demo", environment=environment)
            await self.supervisor.must(job, "演示数据载入", "loading the demo")

    async def _parts(self, environment: Mapping[str, str]) -> None:
        port = int(environment["WEB_PORT"])
        services = [parts.web(port, environment), *parts.workers(environment), parts.beat(run(), environment)]
        await self.supervisor.start(services)

    async def _shop(self, environment: Mapping[str, str]) -> None:
        if self.wishes.demo and "feed_orders" in self.commands:
            await self.supervisor.start([parts.manage("shop", "feed_orders", environment=environment)])

    def _greet(self, environment: Mapping[str, str]) -> None:
        site, inbox = (f"http://{ports.LOOPBACK}:{environment[name]}" for name in ("WEB_PORT", SANDBOX_PORTS[0]))
        lines = [f"地址 Address   {site}"]
        for line in self._read_logins():
            name, _, password = line.partition("\t")
            lines.append(f"登录 Log-in    {name}   密码 password: {password}" if password else line)
        if "sandbox" in self.commands:
            lines.append(f"收件 Inbox     {inbox}   短信和邮件到达的地方 · where messages arrive")
        lines.append(f"日志 Logs      {logs()}")
        lines.append("按 Ctrl-C 停止,数据保留 · Ctrl-C stops everything, data stay")
        block(lines)

    def _read_logins(self) -> list[str]:
        """Once: the file is gone afterwards."""
        try:
            lines = self.logins.read_text(encoding="utf-8").splitlines()
            self.logins.unlink()
        except OSError:
            return []
        return [line for line in lines if line.strip()]
