"""Reads the environment: the one place where text becomes a setting.

A name is looked for in the environment, then among what `make up` has remembered for this copy of the project
(`itinera.local.remembered`), so that a command typed in a second terminal finds the running servers by itself.
A value that makes no sense stops the program with a sentence that names the variable.
"""

from __future__ import annotations

import os
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from itinera.local.home import home
from itinera.local.remembered import SECRETS, remembered

TRUE, FALSE = frozenset({"1", "true", "yes", "on"}), frozenset({"", "0", "false", "no", "off"})
ENGINES = frozenset({"postgres", "postgresql"})
BROKERS = frozenset({"redis", "rediss", "valkey"})


class BadEnvironment(SystemExit):
    """A variable of the environment that cannot be used; the text says which and why."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")


def text(name: str, default: str = "", *, remember: bool = True) -> str:
    """The value of a variable, or what `make up` remembers under that name, or the default."""
    return os.environ.get(name) or (remembered().get(name) if remember else None) or default


def required(name: str) -> str:
    """A value there is no sensible default for."""
    value = text(name)
    if not value:
        raise BadEnvironment(name, f"is not set, and {home() / SECRETS} can be neither read nor made by this user")
    return value


def flag(name: str, default: bool = False) -> bool:
    """`1 true yes on` or `0 false no off`."""
    value = text(name, str(int(default))).strip().lower()
    if value not in TRUE | FALSE:
        raise BadEnvironment(name, f"{value!r} is neither yes nor no (use 1 or 0)")
    return value in TRUE


def integer(name: str, default: int, *, remember: bool = True) -> int:
    """A whole number."""
    value = text(name, str(default), remember=remember)
    try:
        return int(value)
    except ValueError:
        raise BadEnvironment(name, f"{value!r} is not a whole number") from None


def words(name: str, default: str = "", *, remember: bool = True) -> list[str]:
    """Values separated by commas."""
    return [word.strip() for word in text(name, default, remember=remember).split(",") if word.strip()]


def _address(name: str, default: str, schemes: frozenset[str]) -> SplitResult:
    url = urlsplit(text(name, default))
    if url.scheme not in schemes:
        raise BadEnvironment(name, f"the address must begin with one of {', '.join(sorted(schemes))} and ://")
    try:
        _ = url.port
    except ValueError:
        raise BadEnvironment(name, "the port is not a number up to 65535") from None
    return url


def database(name: str, default: str) -> dict[str, object]:
    """Django's database settings from a `postgres://user:password@host:port/name?option=value` address."""
    url = _address(name, default, ENGINES)
    if not url.path.strip("/"):
        raise BadEnvironment(name, "the address names no database after the last slash")
    options = dict(parse_qsl(url.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": options.pop("host", unquote(url.hostname or "")),
        "PORT": str(url.port or ""),
        "OPTIONS": {"application_name": "itinera", "connect_timeout": 5, **options},
    }


def broker(name: str, default: str, use: int = 0) -> str:
    """One of the broker's numbered spaces, counted from the address's own: 0 tasks, 1 live pages, 2 cache."""
    url = _address(name, default, BROKERS)
    base = url.path.strip("/")
    if not base.isdigit() and base:
        raise BadEnvironment(name, f"{base!r} after the last slash is not a number")
    return url._replace(scheme=url.scheme.replace("valkey", "redis"), path=f"/{int(base or 0) + use}").geturl()
