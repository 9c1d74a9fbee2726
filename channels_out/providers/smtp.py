"""E-mail over SMTP, on kept connections."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Sequence
from typing import ClassVar, Literal

import aiosmtplib
from aiosmtplib import SMTP, SMTPException, SMTPResponseException
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as noop
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_core import PydanticCustomError

from channels_out.mime import Skeleton
from channels_out.models.attempt import AttemptOutcome as Outcome
from channels_out.outbound import AddressRefused, connect, is_allowed_host
from channels_out.providers.base import Envelope, Provider, Result, providers

_MAILBOX = re.compile(r"[!-;=?-~]{1,64}@[A-Za-z0-9.-]{1,190}", re.ASCII)
"""A plain address in ASCII: no spaces, no angle brackets, so it cannot carry another command."""
_CONNECT_SECONDS = 5.0
_LOST_EARLY = "connection_lost_early"
_BUSY = 421
_POLICY_SLOW = re.compile(r"\b4\.7\.\d")
_LOGIN_CODES = frozenset({530, 534, 535, 538})


class SmtpConfig(BaseModel):
    """How to reach the mail server, and who the mail is from."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
    host: str = Field(title=noop("Host"), min_length=1, max_length=253)
    port: int = Field(title=noop("Port"), ge=1, le=65535)
    security: Literal["tls", "starttls", "none"] = Field(default="tls", title=noop("Encryption"))
    username: str | None = Field(default=None, title=noop("User name"))
    password: SecretStr | None = Field(default=None, title=noop("Password"))
    from_address: str = Field(title=noop("Sender's address"))
    from_name: str = Field(default="", title=noop("Sender's name"), max_length=200)
    reply_to: str | None = Field(default=None, title=noop("Replies go to"))
    timeout: float = Field(default=20.0, title=noop("Seconds until a call is given up"), ge=1, le=30)

    @field_validator("from_address", "reply_to")
    @classmethod
    def _is_mailbox(cls, value: str | None) -> str | None:
        if value is not None and not _MAILBOX.fullmatch(value):
            raise PydanticCustomError("bad_address", noop("This is not an e-mail address."))
        return value


class SmtpProvider(Provider[SmtpConfig]):
    """One mail per transaction, so that the answer is about one person."""

    slug = "smtp"
    channel = "email"
    label = _("SMTP server")
    Config: ClassVar[type[BaseModel]] = SmtpConfig

    def __init__(self, config: SmtpConfig, connections: int) -> None:
        super().__init__(config, connections)
        self._idle: list[SMTP] = []
        self._skeleton = Skeleton(config.from_address, config.from_name, config.reply_to)

    @property
    def deadline(self) -> float:
        return self.config.timeout

    async def call(self, envelopes: Sequence[Envelope]) -> list[Result]:
        return [await self._send_one(each) for each in envelopes]

    async def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    async def _send_one(self, envelope: Envelope) -> Result:
        if not _MAILBOX.fullmatch(envelope.address):
            return Result(Outcome.REJECTED, "bad_address")
        message = self._skeleton.fill(envelope)
        while (line := self._kept()) is not None:
            result = await self._over(line, envelope.address, message)
            if result.code != _LOST_EARLY:  # a server may close a connection that was idle: take the next
                return result
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                line = await self._open()
        except AddressRefused as refused:
            return Result(Outcome.CREDENTIALS, "address_refused", str(refused))
        except SMTPResponseException as answer:
            return _refused_to_connect(answer)
        except (SMTPException, OSError, TimeoutError) as failed:
            return Result(Outcome.RETRY, "no_connection", type(failed).__name__, whole_account=True)
        return await self._over(line, envelope.address, message)

    async def _over(self, line: SMTP, address: str, message: bytes) -> Result:
        """One mail over this connection, which is then kept or let go."""
        result, reusable = await self._transact(line, address, message)
        if reusable and len(self._idle) < self.connections:
            self._idle.append(line)
        else:
            line.close()
        return result

    async def _transact(self, line: SMTP, address: str, message: bytes) -> tuple[Result, bool]:
        """The result, and whether the connection may be used again."""
        stage = "sender"
        try:
            await line.mail(self.config.from_address)
            stage = "recipient"
            await line.rcpt(address)
            stage = "data"
            answer = await line.data(message)
        except SMTPResponseException as refusal:
            return _refused(refusal, stage), await _reset(line, refusal)
        except (SMTPException, OSError, TimeoutError) as lost:
            # Before DATA nothing can have been taken; after it, only the answer is missing.
            if stage == "data":
                return Result(Outcome.UNKNOWN, "connection_lost", type(lost).__name__), False
            return Result(Outcome.RETRY, _LOST_EARLY, type(lost).__name__), False
        except asyncio.CancelledError:
            line.close()
            raise
        return Result(Outcome.ACCEPTED, "ok", answer.message, provider_id=_queue_id(answer.message)), True

    def _kept(self) -> SMTP | None:
        """An idle connection that seems alive."""
        while self._idle:
            line = self._idle.pop()
            if line.is_connected:
                return line
        return None

    async def _open(self) -> SMTP:
        config = self.config
        if config.security == "none" and not is_allowed_host(config.host, config.port):
            raise AddressRefused
        line = SMTP(
            hostname=config.host,
            port=None,
            sock=await connect(config.host, config.port),
            use_tls=config.security == "tls",
            start_tls=config.security == "starttls",
            tls_context=ssl.create_default_context() if config.security != "none" else None,
            username=config.username,
            password=config.password.get_secret_value() if config.password else None,
            timeout=config.timeout,
        )
        await line.connect()
        return line


def _refused(answer: SMTPResponseException, stage: str) -> Result:
    code = f"smtp_{answer.code}"
    if stage == "data" and (answer.code == _BUSY or not 400 <= answer.code < 600):
        # It went away, or said something nobody understands, after it had the whole mail.
        return Result(Outcome.UNKNOWN, "malformed_answer" if answer.code < 0 else code, answer.message)
    if answer.code in _LOGIN_CODES:
        return Result(Outcome.CREDENTIALS, code, answer.message)
    if answer.code == _BUSY or (answer.code < 500 and _POLICY_SLOW.search(answer.message)):
        return Result(Outcome.THROTTLED, code, answer.message)
    if answer.code < 500:
        return Result(Outcome.RETRY, code, answer.message)
    if stage == "sender":
        return Result(Outcome.CREDENTIALS, code, answer.message)
    return Result(Outcome.REJECTED, code, answer.message)


def _refused_to_connect(answer: SMTPResponseException) -> Result:
    if isinstance(answer, aiosmtplib.SMTPAuthenticationError) or answer.code >= 500:
        return Result(Outcome.CREDENTIALS, f"smtp_{answer.code}", answer.message)
    return Result(Outcome.THROTTLED, f"smtp_{answer.code}", answer.message)


async def _reset(line: SMTP, refusal: SMTPResponseException) -> bool:
    """Clear the transaction that was refused; False if the connection is better let go."""
    if refusal.code == _BUSY or not line.is_connected:
        return False
    try:
        await line.rset()
    except (SMTPException, OSError, TimeoutError):
        return False
    return True


def _queue_id(words: str) -> str | None:
    """The number under which the server took the mail, where its answer tells one (`queued as …`)."""
    found = re.search(r"(?:queued as\s+|id=)([A-Za-z0-9._-]{4,64})", words)
    return found[1] if found else None


providers.register(SmtpProvider.slug, SmtpProvider)
