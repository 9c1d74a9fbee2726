"""SMS through any gateway that takes one HTTP call per message; what the call looks like is configuration."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal
from urllib.parse import quote, urlsplit

import aiohttp
import orjson
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as noop
from pydantic import BaseModel, ConfigDict, Field, JsonValue, SecretStr, field_validator
from pydantic_core import PydanticCustomError

from channels_out.models.attempt import AttemptOutcome as Outcome
from channels_out.outbound import AddressRefused, is_allowed_host, socket_factory
from channels_out.providers.base import Capabilities, Envelope, Provider, Result, providers

_PLACE = re.compile(r"\{(to|text|key)\}")
_MOST_ANSWER = 65_536
"""Bytes of an answer that are read."""
_CONNECT_SECONDS = 5.0
_IDLE_SECONDS = 4.0
"""Kept connections are let go before a usual server would: a call on one just closed would be in doubt."""


class Codes(BaseModel):
    """Codes in an answer that is no success, by what they mean; others refuse this message for good."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    path: str = "code"  # where in the answer
    retry: frozenset[str] = frozenset()
    throttled: frozenset[str] = frozenset()
    credentials: frozenset[str] = frozenset()


class HttpSmsConfig(BaseModel):
    """The call: where, how, and how to read the answer. `{to}` `{text}` `{key}` are filled in."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
    url: str = Field(title=noop("Address"), max_length=2000)
    method: Literal["POST", "PUT", "GET"] = Field(default="POST", title=noop("Method"))
    form: Literal["json", "form", "query"] = Field(default="json", title=noop("Form of the body"))
    body: dict[str, JsonValue] = Field(
        default={"to": "{to}", "text": "{text}", "ref": "{key}"},
        title=noop("Body: {to}, {text} and {key} are filled in"),
    )
    headers: dict[str, str] = Field(default={}, title=noop("Further headers"))
    auth_header: str = Field(default="Authorization", title=noop("Header of the credentials"))
    auth_value: SecretStr | None = Field(default=None, title=noop("Credentials"))
    success_statuses: frozenset[int] = Field(default=frozenset({200, 201, 202}), title=noop("Statuses of a success"))
    success_path: str | None = Field(default=None, title=noop("Where the answer says that it is a success"))
    success_values: frozenset[str] = Field(
        default=frozenset({"OK", "ok", "0", "true"}), title=noop("What it says then")
    )
    message_id_path: str | None = Field(default="id", title=noop("Where the answer has the message's number"))
    codes: Codes = Field(default=Codes(), title=noop("Codes of errors"))
    key_header: str | None = Field(
        default=None, title=noop("Header for the message's key, if the gateway never delivers a key twice")
    )
    ask_url: str | None = Field(
        default=None, title=noop("Address that tells what became of a {key}, 404 if it was never seen")
    )
    timeout: float = Field(default=10.0, title=noop("Seconds until a call is given up"), ge=1, le=30)

    @field_validator("url", "ask_url")
    @classmethod
    def _is_safe(cls, value: str | None) -> str | None:
        if value is None:
            return value
        parts = urlsplit(value)
        if not parts.hostname or parts.username or parts.scheme not in {"http", "https"}:
            raise PydanticCustomError("bad_url", noop("This is not an address that begins with https://."))
        if parts.scheme == "http" and not is_allowed_host(parts.hostname, parts.port or 80):
            words = noop("Without TLS (http) only hosts in OUTBOUND_ALLOWED_HOSTS are called.")
            raise PydanticCustomError("bad_url", words)
        return value


class HttpSmsProvider(Provider[HttpSmsConfig]):
    """One call per message on kept connections; no redirects, a bounded answer."""

    slug = "http_sms"
    channel = "sms"
    label = _("HTTP SMS gateway")
    Config: ClassVar[type[BaseModel]] = HttpSmsConfig

    def __init__(self, config: HttpSmsConfig, connections: int) -> None:
        super().__init__(config, connections)
        self._session: aiohttp.ClientSession | None = None

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(idempotent=self.config.key_header is not None, can_ask=self.config.ask_url is not None)

    @property
    def deadline(self) -> float:
        return self.config.timeout

    async def call(self, envelopes: Sequence[Envelope]) -> list[Result]:
        return [await self._exchange(self.config.method, self.config.url, each) for each in envelopes]

    async def ask(self, key: str) -> Result | None:
        url = (self.config.ask_url or "").replace("{key}", quote(key, safe=""))
        found = await self._exchange("GET", url, None)
        return None if found.code == "http_404" else found

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _open(self) -> aiohttp.ClientSession:
        parts = urlsplit(self.config.url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        headers = dict(self.config.headers)
        if self.config.form == "json":
            headers["Content-Type"] = "application/json"
        if self.config.auth_value is not None:
            headers[self.config.auth_header] = self.config.auth_value.get_secret_value()
        # aiohttp itself repeats a PUT or GET whose kept connection broke: those get a new one each.
        make = socket_factory(str(parts.hostname), port)
        if self.config.method == "POST":
            connector = aiohttp.TCPConnector(limit=0, socket_factory=make, keepalive_timeout=_IDLE_SECONDS)
        else:
            connector = aiohttp.TCPConnector(limit=0, socket_factory=make, force_close=True)
        return aiohttp.ClientSession(
            connector=connector,
            headers=headers,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, connect=_CONNECT_SECONDS),
            auto_decompress=False,
            trust_env=False,
        )

    async def _exchange(self, method: str, url: str, envelope: Envelope | None) -> Result:
        self._session = self._session or self._open()
        try:
            async with self._session.request(method, url, allow_redirects=False, **self._filled(envelope)) as answer:
                body = bytearray()
                async for piece in answer.content.iter_any():
                    body += piece
                    if len(body) > _MOST_ANSWER:
                        return Result(Outcome.UNKNOWN, "answer_too_long")
                return self._read(answer.status, answer.headers.get("Retry-After"), bytes(body))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as failed:
            return _not_connected(failed)
        except (aiohttp.ClientError, OSError) as lost:
            return Result(Outcome.UNKNOWN, "connection_lost", type(lost).__name__)

    def _filled(self, envelope: Envelope | None) -> dict[str, Any]:
        if envelope is None:
            return {}
        values = {"to": envelope.address, "text": envelope.content.get("text", ""), "key": envelope.key}
        headers = {self.config.key_header: envelope.key} if self.config.key_header else {}
        body = _fill(self.config.body, values)
        if self.config.form == "json":
            return {"data": orjson.dumps(body), "headers": headers or None}
        texts = {name: str(value) for name, value in body.items()} if isinstance(body, dict) else {}
        return {"data" if self.config.form == "form" else "params": texts, "headers": headers or None}

    def _read(self, status: int, retry_after: str | None, body: bytes) -> Result:
        taken = status in self.config.success_statuses
        by_status = None if taken else _by_status(status, retry_after)
        if by_status is not None:
            return by_status
        try:
            answer = orjson.loads(body)
        except orjson.JSONDecodeError:
            answer = None
        success = self.config.success_path
        if taken and answer is None and (success or self.config.message_id_path):
            return Result(Outcome.UNKNOWN, "malformed_answer")
        if taken and (success is None or _text(_at(answer, success)) in self.config.success_values):
            number = _text(_at(answer, self.config.message_id_path))[:100]
            return Result(Outcome.ACCEPTED, "ok", provider_id=number or None)
        return self._by_code(_text(_at(answer, self.config.codes.path)), body)

    def _by_code(self, code: str, body: bytes) -> Result:
        codes = self.config.codes
        detail = body.decode("utf-8", "replace")
        for outcome, known in (
            (Outcome.RETRY, codes.retry),
            (Outcome.THROTTLED, codes.throttled),
            (Outcome.CREDENTIALS, codes.credentials),
        ):
            if code in known:
                return Result(outcome, code, detail)
        return Result(Outcome.REJECTED, re.sub(r"[^\w.-]", "_", code)[:64] or "refused", detail)


def _by_status(status: int, retry_after: str | None) -> Result | None:
    """What the status alone says; None = look into the answer."""
    code = f"http_{status}"
    if status in (401, 403, 404, 405, 407, 410):  # the address, the key or the right to use it is wrong
        return Result(Outcome.CREDENTIALS, code)
    if 300 <= status < 400:
        return Result(Outcome.CREDENTIALS, code, "redirects are not followed")
    if status == 429:
        seconds = float(retry_after) if retry_after and retry_after.isdecimal() else None
        return Result(Outcome.THROTTLED, code, retry_after=seconds)
    if status >= 500 or status == 408:
        return Result(Outcome.UNKNOWN, code)
    return None


def _not_connected(failed: Exception) -> Result:
    reason = getattr(failed, "os_error", None) or failed.__cause__
    if isinstance(reason, AddressRefused):
        return Result(Outcome.CREDENTIALS, "address_refused", str(reason))
    return Result(Outcome.RETRY, "no_connection", type(failed).__name__, whole_account=True)


def _fill(shape: JsonValue, values: Mapping[str, str]) -> JsonValue:
    if isinstance(shape, str):
        return _PLACE.sub(lambda place: values[place[1]], shape)
    if isinstance(shape, dict):
        return {name: _fill(value, values) for name, value in shape.items()}
    if isinstance(shape, list):
        return [_fill(value, values) for value in shape]
    return shape


def _at(answer: object, path: str | None) -> object:
    """The value at a dotted path of a JSON answer, None where there is none."""
    for step in (path or "").split("."):
        if isinstance(answer, dict):
            answer = answer.get(step)
        elif isinstance(answer, list) and step.isdecimal() and int(step) < len(answer):
            answer = answer[int(step)]
        else:
            return None
    return answer


def _text(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


providers.register(HttpSmsProvider.slug, HttpSmsProvider)
