"""The live canvas: a journey's figures to whoever has its page open."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from contextlib import suppress
from importlib import import_module
from typing import Any

import orjson
from channels.auth import get_user
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.db import DatabaseError
from redis.exceptions import RedisError

from itinera.kit import clock
from journeys.figures import shared_figures
from journeys.live import group_of
from journeys.models import Journey

PERMISSION = "journeys.view_journey"
LEAST, MOST = 1.0, 5.0
"""Seconds between two sendings: at most one a second when people move, one in five when nobody does."""
FAREWELL = 2.0
"""Seconds within which we hear that the browser has gone, once a socket takes nothing more."""
SIGNED_OUT, FORBIDDEN, MISSING, BROKEN = 4401, 4403, 4404, 1011

log = logging.getLogger(__name__)


class JourneyCounts(AsyncWebsocketConsumer):
    """Sends the counts when the engine says that they moved, and every few seconds in case its word was lost.

    Whoever logs out or loses the permission meanwhile is cut off within seconds.
    """

    permission = PERMISSION

    async def connect(self) -> None:
        # A close before accepting would reach the browser as a plain failure, and it would try for ever.
        await self.accept()
        self.slug: str = self.scope["url_route"]["kwargs"]["slug"]
        self.moved = asyncio.Event()
        self.watching = asyncio.create_task(self._watch())
        try:
            await self.channel_layer.group_add(group_of(self.slug), self.channel_name)
        except (RedisError, OSError) as error:
            log.warning("a viewer hears no signals and only asks at intervals: %s", type(error).__name__)

    async def disconnect(self, code: int) -> None:
        self.watching.cancel()
        with suppress(RedisError, OSError):
            await self.channel_layer.group_discard(group_of(self.slug), self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Viewers have nothing to say."""

    async def counts_changed(self, event: dict[str, Any]) -> None:
        """The engine's signal (`journeys.live`)."""
        self.moved.set()

    async def _watch(self) -> None:
        try:
            await self._tell()
        except Exception:
            # The viewer's page takes over by asking, and shows how old its figures are.
            log.exception("the live canvas of a journey broke off")
            with suppress(OSError, RuntimeError):  # the socket itself may be what broke
                await self.close(BROKEN)

    async def _tell(self) -> None:
        while True:
            self.moved.clear()  # before reading: what moves from here on is told next time
            try:
                code = await self._refusal() or await self._send_figures()
            except DatabaseError as error:
                log.warning("a viewer got no figures: %s", type(error).__name__)
                code = None
            if code is not None:
                await self._say(self.close(code))
                return
            await asyncio.sleep(LEAST)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.moved.wait(), MOST - LEAST)

    async def _refusal(self) -> int | None:
        """Asked every time, of the session as it is now: log-out and a changed password end it too."""
        session = import_module(settings.SESSION_ENGINE).SessionStore(self.scope["session"].session_key)
        user: Any = await get_user({"session": session})  # type: ignore[typeddict-item]  # it reads nothing else
        if not user.is_authenticated or not user.is_active:
            return SIGNED_OUT
        return None if await database_sync_to_async(user.has_perm)(self.permission) else FORBIDDEN

    async def _send_figures(self) -> int | None:
        figures = await database_sync_to_async(_figures)(self.slug)
        if figures is None:
            return MISSING
        await self._say(self.send(text_data=orjson.dumps(figures).decode()))
        return None

    @staticmethod
    async def _say(saying: Awaitable[None]) -> None:
        """Send, or close. A socket that its browser has closed refuses, which is no failure.

        Servers put the refusal in words of their own, but they all tell us that the browser has gone, and that ends
        this task (`disconnect`). Where nothing is told, something else is wrong.
        """
        try:
            await saying
        except (OSError, RuntimeError):
            await asyncio.sleep(FAREWELL)
            raise


def _figures(slug: str) -> dict[str, Any] | None:
    journey = Journey.objects.select_related("live_version").filter(slug=slug).first()
    return None if journey is None else shared_figures(journey, clock.now())
