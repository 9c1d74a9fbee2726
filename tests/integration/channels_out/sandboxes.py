"""A sandbox in a process of its own, and questions to it that go over its own doors only."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

TOKEN = "token-of-the-gateway-7f3a"
PASSWORD = "password-of-the-mailbox-91c2"


@dataclass
class SandboxClient:
    http_port: int
    smtp_port: int
    process: subprocess.Popen[str]

    @property
    def hosts(self) -> list[str]:
        """What OUTBOUND_ALLOWED_HOSTS must hold."""
        return [f"127.0.0.1:{self.http_port}", f"127.0.0.1:{self.smtp_port}"]

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"http://127.0.0.1:{self.http_port}/__admin/{path}", data, method=method)
        with urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())

    def deliveries(self, **filters: object) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._ask("GET", "deliveries?" + urlencode({"limit": 1_000_000, **filters}))[
            "deliveries"
        ]
        return found

    def count(self, **filters: object) -> int:
        return int(self._ask("GET", "deliveries?" + urlencode({"limit": 0, **filters}))["count"])

    def duplicates(self) -> dict[str, int]:
        found: dict[str, int] = self._ask("GET", "deliveries?limit=0")["duplicates"]
        return found

    def fault(self, kind: str, **how: object) -> None:
        self._ask("POST", "faults", {"kind": kind, **how})

    def reset(self) -> None:
        self._ask("DELETE", "faults")
        self._ask("DELETE", "deliveries")
        self._ask("PUT", "clock", {})


@contextmanager
def running(*options: str) -> Iterator[SandboxClient]:
    """Start one on free ports."""
    command = [sys.executable, "-m", "channels_out.sandbox", "--token", TOKEN, "--smtp-password", PASSWORD, *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    http, smtp = process.stdout.readline().split()
    try:
        yield SandboxClient(int(http.rpartition(":")[2]), int(smtp.rpartition(":")[2]), process)
    finally:
        process.kill()
        process.wait()
