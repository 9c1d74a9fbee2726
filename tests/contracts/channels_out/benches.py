"""How each provider is tried against the sandbox: settings, recipients, contents, and servers that misbehave."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from channels_out.models.attempt import AttemptOutcome as Outcome
from channels_out.providers.base import Envelope, Provider, Result, providers
from tests.integration.channels_out.sandboxes import PASSWORD, TOKEN

AT = datetime(2026, 11, 20, 4, tzinfo=UTC)
SECRETS = (TOKEN, PASSWORD)


@dataclass(frozen=True)
class Bench:
    """How one provider is tried: its settings for a sandbox, a recipient, a content."""

    config: Callable[[int, int], Mapping[str, Any]]
    recipient: Callable[[int], str]
    content: Mapping[str, str]
    throttled_seconds: float | None = None


BENCHES = {
    "http_sms": Bench(
        lambda http, _: {
            "url": f"http://127.0.0.1:{http}/sms/messages",
            "success_path": "code",
            "auth_value": f"Bearer {TOKEN}",
            "codes": {"retry": ["BUSY"]},
            "timeout": 1,
        },
        lambda number: f"+861380000{number:04d}",
        {"text": "您好,验证合同"},
        7.0,
    ),
    "smtp": Bench(
        lambda _, smtp: {
            "host": "127.0.0.1",
            "port": smtp,
            "security": "none",
            "username": "u",
            "password": PASSWORD,
            "from_address": "shop@brand.example",
            "timeout": 1,
        },
        lambda number: f"customer{number}@mail.example",
        {"subject": "您好", "text": "验证合同"},
    ),
}


class Tried:
    """A provider on a sandbox, and what it answers."""

    def __init__(self, slug: str, http: int, smtp: int, **changes: object) -> None:
        self.bench, self.kind = BENCHES[slug], providers[slug]
        self.config = self.kind.Config.model_validate({**self.bench.config(http, smtp), **changes})
        self.keys = 0

    def send(self, numbers: Sequence[int], key: str | None = None) -> list[Result]:
        """One call per envelope, on one provider that is closed afterwards."""

        async def go() -> list[Result]:
            provider: Provider[Any] = self.kind(self.config, 2)
            try:
                return [each for number in numbers for each in await provider.send([self.envelope(number, key)])]
            finally:
                await provider.close()

        return asyncio.run(go())

    def envelope(self, number: int, key: str | None = None) -> Envelope:
        self.keys += 1
        return Envelope(key or f"m{self.keys}-test", self.bench.recipient(number), self.bench.content, AT)


def outcomes(results: Sequence[Result]) -> list[Outcome]:
    return [each.outcome for each in results]


class Answers:
    """A server that sends the same bytes to everybody and then closes."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer

    def __enter__(self) -> int:
        self.socket = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()
        return int(self.socket.getsockname()[1])

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self.socket.accept()
                with client:
                    client.settimeout(2)
                    client.recv(65536)
                    client.sendall(self.answer)
            except OSError:
                if self.socket.fileno() < 0:
                    return


def nonsense() -> Answers:
    return Answers(b"\x00\xff\x13 whatever\r\n\r\n")
