"""Browsers come and go: a tab that is closed, at whatever moment, is no error, and a failure is still one."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from journeys import consumers
from tests.browser.site import running_site
from tests.integration.screen import sample
from tests.integration.screen.conftest import SEE
from tests.integration.screen.test_live import Wire, logged_in

MakePerson = Callable[..., User]
pytestmark = pytest.mark.django_db(transaction=True)
TABS = 120


def tab(address: str, session: str) -> ClientConnection:
    """A WebSocket as the page opens it."""
    url = f"{address.replace('http', 'ws')}/ws/journeys/welcome/"
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"}
    return connect(url, additional_headers=cookie, origin=Origin(address))


def test_a_tab_that_is_closed_at_any_moment_is_no_error(
    site_environment: dict[str, str], person: MakePerson, tmp_path: Path
) -> None:
    sample.walked(sample.published(), entered=100, waiting=20)
    client = Client()
    client.force_login(person(SEE))
    session, log = client.cookies[settings.SESSION_COOKIE_NAME].value, tmp_path / "site.log"
    with running_site(site_environment, log) as address:
        for number in range(TABS):
            opened = tab(address, session)
            time.sleep(number % 40 * 0.003)  # from before the first reading until after its figures have come
            if number % 3:
                opened.close()
            else:
                opened.socket.close()  # as a machine that goes to sleep: no word of farewell
        with tab(address, session) as last:
            assert '"counts"' in str(last.recv(timeout=10))
        time.sleep(consumers.FAREWELL + 0.5)
    said = log.read_text(encoding="utf-8")
    assert [line for line in said.splitlines() if '"ERROR"' in line or "Traceback" in line] == []


async def test_a_failure_is_an_error_and_closes_the_wire(
    person: MakePerson, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await database_sync_to_async(sample.published)()

    def broken(slug: str) -> None:
        raise RuntimeError("no such luck")

    monkeypatch.setattr(consumers, "_figures", broken)
    wire = Wire(await logged_in(person, SEE))
    await wire.connect()
    assert await wire.closed_with() == 1011
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [
        "the live canvas of a journey broke off"
    ]


async def test_a_socket_that_refuses_while_its_browser_is_there_is_an_error(
    person: MakePerson, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await database_sync_to_async(sample.published)()
    monkeypatch.setattr(consumers, "FAREWELL", 0.1)
    wire = Wire(await logged_in(person, SEE))
    deliver = wire.end.output_queue.put

    async def refuse(event: dict[str, object]) -> None:
        if event["type"] == "websocket.send":
            raise RuntimeError("the socket takes nothing")
        await deliver(event)

    monkeypatch.setattr(wire.end.output_queue, "put", refuse)
    await wire.connect()
    assert await wire.closed_with() == 1011
    assert "the socket takes nothing" in caplog.text
