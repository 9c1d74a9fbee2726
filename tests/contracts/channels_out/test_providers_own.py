"""What only one provider promises."""

from __future__ import annotations

import asyncio

import pytest

from channels_out.models.attempt import AttemptOutcome as Outcome
from channels_out.providers.base import Envelope, Result
from tests.contracts.channels_out.benches import AT, Answers, Tried
from tests.integration.channels_out.sandboxes import SandboxClient


def test_a_repeated_key_is_not_delivered_twice_where_the_gateway_knows_keys(sandbox: SandboxClient) -> None:
    tried = Tried("http_sms", sandbox.http_port, 0, key_header="Idempotency-Key")
    assert tried.kind(tried.config, 1).capabilities.idempotent
    first, second = tried.send([1, 1], key="m9-same")
    assert first.provider_id == second.provider_id
    assert sandbox.count() == 1


def test_a_gateway_can_be_asked_about_a_key(sandbox: SandboxClient) -> None:
    url = f"http://127.0.0.1:{sandbox.http_port}/sms/messages/{{key}}"
    tried = Tried("http_sms", sandbox.http_port, 0, ask_url=url)
    tried.send([1], key="m9-known")

    async def ask() -> list[Result | None]:
        provider = tried.kind(tried.config, 1)
        try:
            return [await provider.ask(key) for key in ("m9-known", "m9-unknown")]
        finally:
            await provider.close()

    known, unknown = asyncio.run(ask())
    assert known is not None
    assert known.outcome == Outcome.ACCEPTED
    assert unknown is None


def test_redirects_are_not_followed(sandbox: SandboxClient) -> None:
    with Answers(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n") as port:
        (result,) = Tried("http_sms", port, 0).send([1])
    assert (result.outcome, result.code) == (Outcome.CREDENTIALS, "http_302")


def test_an_endless_answer_is_cut_off(sandbox: SandboxClient) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 900000000\r\n\r\n"
    with Answers(head + b"x" * 2_000_000) as port:
        (result,) = Tried("http_sms", port, 0).send([1])
    assert (result.outcome, result.code) == (Outcome.UNKNOWN, "answer_too_long")


@pytest.mark.parametrize("form", ["json", "form", "query"])
def test_the_body_takes_the_form_that_is_configured(sandbox: SandboxClient, form: str) -> None:
    tried = Tried(
        "http_sms", sandbox.http_port, 0, form=form, body={"to": "{to}", "text": "前{text}后 {unknown}", "ref": "{key}"}
    )
    (result,) = tried.send([1])
    if form == "query":  # the sandbox reads bodies only: it must say so, not accept an empty message
        assert result.outcome == Outcome.REJECTED
        return
    assert result.outcome == Outcome.ACCEPTED
    assert sandbox.deliveries()[0]["text"] == "前您好,验证合同后 {unknown}"


@pytest.mark.parametrize(
    "address", ["a@b.example\r\nRCPT TO:<x@y.example>", "a b@c.example", "<a@b.example>", "名@b.example", ""]
)
def test_addresses_cannot_carry_commands(sandbox: SandboxClient, address: str) -> None:
    tried = Tried("smtp", 0, sandbox.smtp_port)

    async def go() -> list[Result]:
        provider = tried.kind(tried.config, 1)
        return await provider.send([Envelope("k", address, tried.bench.content, AT)])

    (result,) = asyncio.run(go())
    assert (result.outcome, result.code) == (Outcome.REJECTED, "bad_address")
