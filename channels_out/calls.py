"""Calls in flight: a thread with an event loop and kept connections, for one worker process.

Dispatch itself stays with Django's connection in its own thread; messages go over by `submit`, answers come back
by a queue. The thread lives as long as the process, so connections outlive a task.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import uvloop

from channels_out.accounts import SendingAccount
from channels_out.owed import Opened
from channels_out.providers.base import Envelope, Provider, Result


@dataclass(frozen=True, slots=True)
class Call:
    """Messages that go out in one call, through one account."""

    account: SendingAccount
    opened: Sequence[Opened]
    envelopes: Sequence[Envelope]


@dataclass(frozen=True, slots=True)
class Answered:
    """A call that has come back: one result per message."""

    call: Call
    results: Sequence[Result]


class CallThread:
    """The event loop and the open providers of one process."""

    def __init__(self) -> None:
        self._loop = uvloop.new_event_loop()
        self._providers: dict[int, tuple[str, Provider[Any]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, name="calls", daemon=True)
        self._thread.start()

    def submit(self, calls: Sequence[Call], answered: queue.SimpleQueue[Answered]) -> None:
        """Start these calls; their answers arrive in `answered`, in any order, none ever missing."""
        if calls:
            self._loop.call_soon_threadsafe(self._start, calls, answered)

    def ask(self, account: SendingAccount, keys: Sequence[str], seconds: float) -> list[Result | None]:
        """Ask a provider what became of earlier keys. TimeoutError after so many seconds."""
        future = asyncio.run_coroutine_threadsafe(self._ask(account, keys), self._loop)
        return future.result(timeout=seconds)

    def close(self) -> None:
        """Let all connections go and end the thread. Calls in flight are abandoned."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(timeout=10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()

    def _start(self, calls: Sequence[Call], answered: queue.SimpleQueue[Answered]) -> None:
        for call in calls:
            self._keep(self._loop.create_task(self._make(call, answered)))

    def _keep(self, task: asyncio.Task[None]) -> None:
        """The loop itself holds tasks only weakly."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _make(self, call: Call, answered: queue.SimpleQueue[Answered]) -> None:
        provider = self._provider(call.account)
        answered.put(Answered(call, await provider.send(call.envelopes)))

    async def _ask(self, account: SendingAccount, keys: Sequence[str]) -> list[Result | None]:
        provider = self._provider(account)
        return [await provider.ask(key) for key in keys]

    def _provider(self, account: SendingAccount) -> Provider[Any]:
        """The account's open provider; a new one if its settings have changed."""
        known = self._providers.get(account.id)
        if known is not None and known[0] == account.print:
            return known[1]
        provider = account.open()
        self._providers[account.id] = (account.print, provider)
        if known is not None:
            self._keep(self._loop.create_task(_retire(known[1])))
        return provider

    async def _close(self) -> None:
        for task in self._tasks:
            task.cancel()
        for _, provider in self._providers.values():
            await provider.close()


async def _retire(provider: Provider[Any]) -> None:
    """Let an old provider go once the calls that it still makes must have ended."""
    await asyncio.sleep(provider.deadline + 1)
    await provider.close()


_threads: dict[int, CallThread] = {}


def call_thread() -> CallThread:
    """This process's thread; a forked child gets its own. It is closed when the process ends."""
    found = _threads.get(os.getpid())
    if found is None:
        found = _threads[os.getpid()] = CallThread()
        atexit.register(found.close)
    return found
