"""An SMS gateway over HTTP: one message a call, a bearer token, an idempotency key if the caller sends one."""

from __future__ import annotations

import asyncio
import hmac
import json
import re
from collections.abc import Mapping

from aiohttp import web

from channels_out.sandbox.faults import Fault, Faults
from channels_out.sandbox.ledger import Ledger

_NUMBER = re.compile(r"\+?\d[\d-]{5,24}")
_LONGEST = 1_000
"""Characters of one message."""


class Gateway:
    """`POST /sms/messages` {to, text, ref} answers {"code", "id"}; `GET /sms/messages/{ref}` what became of it."""

    def __init__(self, ledger: Ledger, faults: Faults, token: str) -> None:
        self.ledger, self.faults, self.token = ledger, faults, token
        self._answered: dict[str, dict[str, object]] = {}

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/sms/messages", self.send), web.get("/sms/messages/{ref}", self.status)]

    async def send(self, request: web.Request) -> web.StreamResponse:
        if not self._knows(request):
            return web.json_response({"code": "BAD_TOKEN"}, status=401)
        message = await _message(request)
        if message is None or not isinstance(message.get("to"), str) or not message.get("text"):
            return web.json_response({"code": "BAD_REQUEST", "message": "to and text are needed"}, status=400)
        to, text = str(message["to"]), str(message["text"])
        struck = self.faults.strike("sms", to)
        if "delay" in struck and struck["delay"].seconds:
            await asyncio.sleep(struck["delay"].seconds)
        refusal = _refusal(struck, to, text)
        if refusal is not None:
            return refusal
        if "drop_before" in struck:
            return _drop(request)
        return await self._handled(request, struck, to, {**message, "text": text})

    async def _handled(
        self, request: web.Request, struck: Mapping[str, Fault], to: str, message: Mapping[str, object]
    ) -> web.StreamResponse:
        key = request.headers.get("Idempotency-Key", "")
        answer = self._answered.get(key) if key else None
        if answer is None:
            entry = self.ledger.deliver("sms", to, str(message.get("ref", "")), {"text": message["text"]})
            answer = {"code": "OK", "id": f"sms-{entry['n']}"}
            if key:
                self._answered[key] = answer
        if "drop_after" in struck:
            return _drop(request)
        if "error_after" in struck:
            return web.json_response({"code": "INTERNAL"}, status=500)
        if "malformed" in struck:
            return web.Response(text="<html>OK</html>", content_type="text/html")
        if "truncate" in struck:
            return await _truncated(request, answer)
        return web.json_response(answer)

    async def status(self, request: web.Request) -> web.Response:
        if not self._knows(request):
            return web.json_response({"code": "BAD_TOKEN"}, status=401)
        found = self.ledger.by_reference.get(request.match_info["ref"])
        if not found:
            return web.json_response({"code": "NOT_FOUND"}, status=404)
        return web.json_response({"code": "OK", "id": f"sms-{found[0]['n']}"})

    def _knows(self, request: web.Request) -> bool:
        return hmac.compare_digest(request.headers.get("Authorization", ""), f"Bearer {self.token}")


async def _message(request: web.Request) -> Mapping[str, object] | None:
    if request.content_type == "application/x-www-form-urlencoded":
        return {name: str(value) for name, value in (await request.post()).items()}
    try:
        found = json.loads(await request.read())
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _refusal(struck: Mapping[str, Fault], to: str, text: str) -> web.Response | None:
    if "token" in struck:
        return web.json_response({"code": "BAD_TOKEN"}, status=401)
    if "throttle" in struck:
        headers = {"Retry-After": str(int(struck["throttle"].seconds) or 1)}
        return web.json_response({"code": "TOO_FAST"}, status=429, headers=headers)
    if "later" in struck:
        return web.json_response({"code": "BUSY", "message": f"{to} cannot be served now"})
    if "reject" in struck or not _NUMBER.fullmatch(to):
        return web.json_response({"code": "BAD_NUMBER", "message": f"no such number {to}"}, status=400)
    if len(text) > _LONGEST:
        return web.json_response({"code": "TOO_LONG"}, status=400)
    return None


def _drop(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _truncated(request: web.Request, answer: Mapping[str, object]) -> web.StreamResponse:
    body = json.dumps(answer).encode()
    cut = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(body))})
    await cut.prepare(request)
    await cut.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return cut
