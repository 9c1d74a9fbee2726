"""The live canvas over a WebSocket: who may listen, what is told, and when it ends."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async
from django.contrib.auth.models import User
from django.test import Client

from journeys.live import group_of
from journeys.recent import Recent
from journeys.routing import websocket
from tests.integration.screen import sample
from tests.integration.screen.conftest import SEE

MakePerson = Callable[..., User]
pytestmark = pytest.mark.django_db(transaction=True)


class Wire:
    """The browser's end of a WebSocket. (Channels brings one, but only together with a server that we do not use.)"""

    def __init__(self, client: Client | None, slug: str = "welcome", origin: str = "http://localhost") -> None:
        morsels = {} if client is None else client.cookies
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in morsels.items())
        headers = [(b"origin", origin.encode()), (b"cookie", cookies.encode())]
        path = f"/ws/journeys/{slug}/"
        scope = {"type": "websocket", "path": path, "query_string": b"", "headers": headers, "subprotocols": []}
        communicator: Any = ApplicationCommunicator  # it has no types
        self.end: Any = communicator(websocket, scope)

    async def connect(self) -> bool:
        await self.end.send_input({"type": "websocket.connect"})
        answer = await self.end.receive_output(3)
        return bool(answer["type"] == "websocket.accept")

    async def figures(self, within: float = 3) -> dict[str, Any]:
        event = await self.end.receive_output(within)
        found: dict[str, Any] = json.loads(event["text"])
        return found

    async def closed_with(self, within: float = 3) -> int:
        """The code that the server closes with, whatever it says before."""
        while True:
            event = await self.end.receive_output(within)
            if event["type"] == "websocket.close":
                return int(event["code"])

    async def leave(self) -> None:
        await self.end.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.end.wait()


@database_sync_to_async
def logged_in(person: MakePerson, *permissions: str) -> Client:
    client = Client()
    client.force_login(person(*permissions))
    return client


async def test_strangers_the_rightless_and_the_lost_are_told_apart(person: MakePerson) -> None:
    await database_sync_to_async(sample.published)()
    seeing = await logged_in(person, SEE)
    rightless = await logged_in(person)
    for wire, code in ((Wire(None), 4401), (Wire(rightless), 4403), (Wire(seeing, "ghost"), 4404)):
        assert await wire.connect()
        assert await wire.closed_with() == code


async def test_no_other_site_may_listen(person: MakePerson) -> None:
    await database_sync_to_async(sample.published)()
    wire = Wire(await logged_in(person, SEE), origin="http://evil.example")
    assert not await wire.connect()


async def test_figures_come_at_once_and_again_when_they_move(person: MakePerson) -> None:
    journey = await database_sync_to_async(sample.published)()
    wire = Wire(await logged_in(person, SEE))
    await wire.connect()
    first = await wire.figures()
    assert (first["type"], first["nodes"]["t1"]["in"]) == ("counts", 0)
    await database_sync_to_async(sample.walked)(journey, 100, 20)
    started = time.monotonic()
    await signal(journey.slug)
    second = await wire.figures()
    assert second["nodes"]["d1"] == {"in": 50, "at": 20, "out": {"next": 30}}
    assert 0.2 < time.monotonic() - started < 2.5
    await wire.leave()


async def test_a_storm_of_signals_is_one_message_a_second(person: MakePerson) -> None:
    journey = await database_sync_to_async(sample.published)()
    wire = Wire(await logged_in(person, SEE))
    await wire.connect()
    told, until = 0, time.monotonic() + 3.2
    while time.monotonic() < until:
        await signal(journey.slug)
        await asyncio.sleep(0.02)
        while not wire.end.output_queue.empty():
            await wire.end.receive_output(0.1)
            told += 1
    assert 2 <= told <= 4
    await wire.leave()


async def test_logging_out_ends_it_within_seconds(person: MakePerson) -> None:
    await database_sync_to_async(sample.published)()
    client = await logged_in(person, SEE)
    wire = Wire(client)
    await wire.connect()
    await wire.figures()
    await database_sync_to_async(client.session.flush)()
    assert await wire.closed_with(within=8) == 4401


async def signal(slug: str) -> None:
    from channels.layers import get_channel_layer

    layer = get_channel_layer()
    assert layer is not None
    await layer.group_send(group_of(slug), {"type": "counts.changed"})


def test_viewers_share_one_reading() -> None:
    reads: list[int] = []
    recent: Recent[int] = Recent(least=0.2)

    def read() -> int:
        reads.append(1)
        time.sleep(0.05)
        return len(reads)

    assert [recent.get("a", read), recent.get("a", read), recent.get("b", read)] == [1, 1, 2]
    time.sleep(0.3)
    assert recent.get("a", read) == 1, "what took 50 ms to read is kept for half a second"
    time.sleep(0.3)
    assert recent.get("a", read) == 3
