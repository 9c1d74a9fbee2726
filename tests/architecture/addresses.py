"""Every address the resolver knows, with its methods and with arguments that name nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

ARGUMENTS = {"int": "999999999", "uuid": "00000000-0000-4000-8000-000000000000"}
CHANGING = ("post", "put", "patch", "delete")


@dataclass(frozen=True)
class Address:
    route: str
    methods: tuple[str, ...]

    @property
    def example(self) -> str:
        """A concrete address that fits the route and names nothing that exists."""
        return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda found: ARGUMENTS.get(found[1] or "str", "nosuch"), self.route)


def sockets() -> list[Address]:
    """Those of WebSockets."""
    from journeys.routing import websocket_urlpatterns

    return list(_walk(websocket_urlpatterns, ""))


def addresses() -> list[Address]:
    """All but the admin's, whose addresses follow from what is registered there."""
    found = _walk(get_resolver().url_patterns, "")
    return [address for address in found if not address.route.startswith(("admin/", "__debug__", "static/"))]


def _walk(patterns: list[Any], before: str) -> Iterator[Address]:
    for each in patterns:
        route = before + _text(each)
        if isinstance(each, URLResolver):
            yield from _walk(each.url_patterns, route)
        elif isinstance(each, URLPattern):
            yield Address(route, _methods(each.callback))


def _text(pattern: URLPattern | URLResolver) -> str:
    """The route as `path()` would write it; `re_path` groups become `<name>`."""
    text = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", str(pattern.pattern))
    return text.removeprefix("^").removesuffix("$").replace(r"\Z", "").replace("\\", "")


def _methods(view: Any) -> tuple[str, ...]:
    """The methods that a view answers; a function answers all."""
    if actions := getattr(view, "actions", None):
        return tuple(method for method in ("get", *CHANGING) if method in actions)
    owner = getattr(view, "cls", None) or getattr(view, "view_class", None)
    if owner is None:
        return ("get", "post")
    return tuple(method for method in ("get", *CHANGING) if hasattr(owner, method))
