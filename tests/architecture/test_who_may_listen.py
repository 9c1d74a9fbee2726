"""Default deny on WebSockets: each as nobody, as each role, with a token, from elsewhere."""

from __future__ import annotations

from typing import Any

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client

from itinera.access.principal import SCOPES
from itinera.access.roles import ROLES, keep_roles
from itinera.access.tokens import issue
from itinera.asgi import application
from tests.architecture.addresses import sockets
from tests.architecture.who_may_what import SOCKETS

pytestmark = pytest.mark.django_db(transaction=True)
OUT, FORBIDDEN, MISSING = 4401, 4403, 4404
HERE = b"http://testserver"


async def ends_with(address: str, session: str = "", token: str = "", origin: bytes = HERE) -> int | None:
    """The code with which the server closes, None if it refuses to connect at all."""
    headers = [(b"host", b"testserver"), (b"origin", origin)]
    if session:
        headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={session}".encode()))
    if token:
        headers.append((b"authorization", f"Bearer {token}".encode()))
    scope = {"type": "websocket", "path": address, "query_string": b"", "headers": headers, "subprotocols": []}
    communicator: Any = ApplicationCommunicator
    caller = communicator(application, scope)
    await caller.send_input({"type": "websocket.connect"})
    first = await caller.receive_output(timeout=5)
    if first["type"] == "websocket.close":
        return None
    said = await caller.receive_output(timeout=5)
    await caller.wait()
    assert said["type"] == "websocket.close", said
    return int(said["code"])


@sync_to_async
def session_of(name: str) -> str:
    keep_roles()
    account = User.objects.create_user(name)
    account.groups.add(*Group.objects.filter(name=name))
    client = Client()
    client.force_login(account)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_the_table_names_every_socket() -> None:
    assert {address.route for address in sockets()} == set(SOCKETS)


async def test_nobody_hears_anything() -> None:
    assert [await ends_with(address.example) for address in sockets()] == [OUT] * len(SOCKETS)


async def test_a_token_is_no_session() -> None:
    _row, text = await sync_to_async(issue)("listener", SCOPES)
    assert [await ends_with(address.example, token=text) for address in sockets()] == [OUT] * len(SOCKETS)


async def test_a_role_hears_what_its_permissions_say() -> None:
    for role in ("without", *ROLES):
        session = await session_of(role)
        held = ROLES[role].permissions if role in ROLES else ()
        for address in sockets():
            expected = MISSING if SOCKETS[address.route] in held else FORBIDDEN
            assert await ends_with(address.example, session) == expected, role


async def test_a_page_of_another_site_cannot_listen() -> None:
    session = await session_of("admin")
    for address in sockets():
        assert await ends_with(address.example, session, origin=b"https://evil.example") is None
