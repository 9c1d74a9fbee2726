"""Addresses of WebSockets. `websocket` is complete: only our own pages may open one, in their session."""

from __future__ import annotations

from typing import Any, cast

from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.urls import re_path

from journeys.consumers import JourneyCounts

# Django's `re_path` is typed for pages only.
websocket_urlpatterns: list[Any] = [
    re_path(r"^ws/journeys/(?P<slug>[a-z0-9_-]{1,64})/$", cast("Any", JourneyCounts.as_asgi())),
]

websocket = AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns)))
