"""Rate limits per token, person or address: a counter per window in the cache."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from itinera.access.principal import TokenPrincipal

if TYPE_CHECKING:
    # DRF's views import this module by its settings.
    from rest_framework.views import APIView

log = logging.getLogger(__name__)

WINDOW = 60
"""Seconds. One counter costs the same at any rate; DRF's own list of times grows with the rate."""


class RateLimit(BaseThrottle):
    """`settings.API_RATES`: calls a minute by kind of caller (`token`, `user`, `nobody`).

    Without a cache nobody is limited: a limit protects the service, it must not take it down.
    """

    def allow_request(self, request: Request, view: APIView) -> bool:
        kind, who = self._caller(request)
        window = int(time.time()) // WINDOW
        key = f"rate:{kind}:{who}:{window}"
        try:
            cache.add(key, 0, 2 * WINDOW)
            count = cache.incr(key)
        except (RedisError, ConnectionError, ValueError):
            # ValueError: the key vanished between the two calls.
            log.warning("no rate limit: the cache does not answer")
            return True
        return count <= settings.API_RATES[kind]

    def wait(self) -> float:
        """Seconds until the next window."""
        return WINDOW - time.time() % WINDOW

    def _caller(self, request: Request) -> tuple[str, str]:
        who: Any = request.user  # a person, nobody, or a token
        if isinstance(who, TokenPrincipal):
            return "token", str(who.number)
        if who.is_authenticated:
            return "user", str(who.pk)
        return "nobody", self.get_ident(request)
