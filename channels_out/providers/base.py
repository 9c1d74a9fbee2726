"""The contract of a provider: what dispatch asks of it, and what it answers.

A provider turns envelopes into calls and calls into results. It never raises for what a server did, never
retries, never touches the database: whether to try again is dispatch's decision, made from the class of
the result. Adding a provider is adding a file here that ends in `providers.register(...)`.
"""

from __future__ import annotations

import asyncio
import logging
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, SecretStr

from channels_out.models.attempt import AttemptOutcome as Outcome
from itinera.kit.registry import Registry

log = logging.getLogger(__name__)

C = TypeVar("C", bound=BaseModel)

_DETAIL = 300
"""Characters of a provider's words that are kept."""
_PERSONAL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\+?\d[\d\s-]{5,}\d")
"""E-mail addresses, and runs of digits long enough to be a phone number."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message ready to leave. `key` is the same for every attempt at it and for nothing else.

    `at` is dispatch's clock, for providers that write a date into the message.
    """

    key: str
    address: str
    content: Mapping[str, str]
    at: datetime


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one envelope.

    `code` is stable and short; `detail` the provider's words, without personal data. `retry_after` in
    seconds, where the provider said so. `whole_account`: the trouble is not this message's, so the
    account pauses and the message loses no try. THROTTLED and CREDENTIALS always concern the account.
    """

    outcome: Outcome
    code: str = ""
    detail: str = ""
    provider_id: str | None = None
    retry_after: float | None = None
    whole_account: bool = False

    @property
    def account_fault(self) -> bool:
        return self.whole_account or self.outcome in (Outcome.THROTTLED, Outcome.CREDENTIALS)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a provider can do; may depend on how the account is configured."""

    max_batch: int = 1  # envelopes in one call
    idempotent: bool = False  # a repeated key is not delivered again: doubt may be sent once more
    can_ask: bool = False  # the provider can be asked what became of a key


class Provider(ABC, Generic[C]):
    """One account's connection to its provider, kept for many calls. Lives in one event loop."""

    slug: ClassVar[str]
    channel: ClassVar[str]
    label: ClassVar[Any]  # lazy translation
    Config: ClassVar[type[BaseModel]]
    """Fields of type `SecretStr` are secret: kept encrypted, never shown."""

    def __init__(self, config: C, connections: int) -> None:
        self.config = config
        self.connections = connections
        self._hidden = secrets_of(config)

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities()

    @property
    @abstractmethod
    def deadline(self) -> float:
        """Seconds after which a call is given up; well below the lease of a call."""

    @abstractmethod
    async def call(self, envelopes: Sequence[Envelope]) -> Sequence[Result]:
        """Send at most `max_batch` envelopes; one result each, in order."""

    async def ask(self, key: str) -> Result | None:
        """What became of an earlier attempt; None = the provider never saw it. Only with `can_ask`."""
        raise NotImplementedError(f"{self.slug} cannot be asked about {key}")

    async def close(self) -> None:
        """Let the connections go."""

    async def send(self, envelopes: Sequence[Envelope]) -> list[Result]:
        """`call` under its deadline; whatever goes wrong becomes a result, and nobody's address leaks."""
        try:
            async with asyncio.timeout(self.deadline):
                results = list(await self.call(envelopes))
        except TimeoutError:
            results = [Result(Outcome.UNKNOWN, "timeout")] * len(envelopes)
        except Exception as bug:  # noqa: BLE001  # one bad message or driver must not stop the others
            log.error("provider %s raised %s", self.slug, type(bug).__name__)
            results = [Result(Outcome.UNKNOWN, "driver_error", type(bug).__name__)] * len(envelopes)
        return [self._told(each) for each in results]

    def _told(self, result: Result) -> Result:
        """The result as it may be kept: nothing personal, nothing secret, nothing that a database cannot hold."""
        number = result.provider_id
        if not result.detail and (result.code + (number or "")).isprintable():
            return result
        return replace(
            result,
            code=printable(result.code)[:64],
            detail=scrub(result.detail, self._hidden) if result.detail else "",
            provider_id=printable(number)[:100] if number else None,
        )


providers: Registry[type[Provider[Any]]] = Registry("providers")
"""Every provider by its slug."""


def secret_fields(config: type[BaseModel]) -> tuple[str, ...]:
    """The names of a config's secret fields."""
    return tuple(name for name, field in config.model_fields.items() if "SecretStr" in str(field.annotation))


def secrets_of(config: BaseModel) -> list[str]:
    """The secret values themselves, for scrubbing."""
    values = (getattr(config, name) for name in secret_fields(type(config)))
    return [value.get_secret_value() for value in values if isinstance(value, SecretStr)]


def printable(text: str) -> str:
    """Without control characters and halves of characters."""
    return text if text.isprintable() else "".join(letter for letter in text if letter.isprintable())


def scrub(text: str, secrets: Sequence[str]) -> str:
    """A provider's words without secrets, addresses and phone numbers, and not too many of them."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "***")
    return printable(" ".join(_PERSONAL.sub("***", text).split()))[:_DETAIL]
