"""One suite over all providers, against the real sandbox. A new provider adds an entry to `BENCHES`."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Sequence

import pytest
from pydantic import SecretStr, ValidationError
from pytest_django import Settings

from channels_out.models.attempt import AttemptOutcome as Outcome
from channels_out.models.channel import Channel
from channels_out.providers.base import Envelope, Result, providers, scrub, secret_fields
from tests.contracts.channels_out.benches import BENCHES, SECRETS, Answers, Tried, nonsense, outcomes
from tests.integration.channels_out.sandboxes import TOKEN, SandboxClient


@pytest.fixture(params=sorted(providers))
def slug(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def tried(sandbox: SandboxClient, slug: str) -> Tried:
    return Tried(slug, sandbox.http_port, sandbox.smtp_port)


def test_every_provider_is_tried_here() -> None:
    assert set(BENCHES) == set(providers)


def test_a_provider_says_what_it_is(slug: str) -> None:
    kind = providers[slug]
    assert kind.slug == slug
    assert kind.channel in Channel.values
    assert str(kind.label)
    assert kind.Config.model_json_schema()
    for name in secret_fields(kind.Config):
        assert "SecretStr" in str(kind.Config.model_fields[name].annotation)


def test_deadlines_stay_below_the_lease_of_a_call(tried: Tried) -> None:
    assert tried.kind(tried.config, 1).deadline <= 30
    with pytest.raises(ValidationError):
        tried.kind.Config.model_validate({**tried.config.model_dump(), "timeout": 31})


def test_success_is_told_with_the_providers_number(tried: Tried, sandbox: SandboxClient) -> None:
    results = tried.send(range(5))
    assert outcomes(results) == [Outcome.ACCEPTED] * 5
    assert len({each.provider_id for each in results}) == 5
    found = sandbox.deliveries()
    assert [each["to"] for each in found] == [tried.bench.recipient(number) for number in range(5)]
    assert [each["ref"] for each in found] == [f"m{number}-test" for number in range(1, 6)]
    assert {name: found[0][name] for name in tried.bench.content} == tried.bench.content


def test_one_refused_recipient_does_not_stop_the_others(tried: Tried, sandbox: SandboxClient) -> None:
    sandbox.fault("reject", match=tried.bench.recipient(1))
    assert outcomes(tried.send(range(3))) == [Outcome.ACCEPTED, Outcome.REJECTED, Outcome.ACCEPTED]
    assert sandbox.count() == 2


def test_for_now_is_not_for_good(tried: Tried, sandbox: SandboxClient) -> None:
    sandbox.fault("later", times=1)
    results = tried.send([1, 1])
    assert outcomes(results) == [Outcome.RETRY, Outcome.ACCEPTED]
    assert not results[0].account_fault


def test_too_fast_concerns_the_account(tried: Tried, sandbox: SandboxClient) -> None:
    sandbox.fault("throttle", times=1, seconds=7)
    results = tried.send([1, 1])
    assert outcomes(results) == [Outcome.THROTTLED, Outcome.ACCEPTED]
    assert results[0].account_fault
    assert results[0].retry_after == tried.bench.throttled_seconds


def test_wrong_credentials_concern_the_account(slug: str, sandbox: SandboxClient) -> None:
    tried = Tried(slug, sandbox.http_port, sandbox.smtp_port)
    (secret,) = secret_fields(tried.kind.Config)
    wrong = Tried(slug, sandbox.http_port, sandbox.smtp_port, **{secret: "wrong-key-5d2e"})
    (result,) = wrong.send([1])
    assert result.outcome == Outcome.CREDENTIALS
    assert result.account_fault
    assert sandbox.count() == 0


def test_credentials_that_are_withdrawn_meanwhile_concern_the_account(tried: Tried, sandbox: SandboxClient) -> None:
    sandbox.fault("token", times=1)
    assert outcomes(tried.send([1, 1])) == [Outcome.CREDENTIALS, Outcome.ACCEPTED]


@pytest.mark.parametrize("kind", ["drop_after", "error_after", "truncate", "malformed"])
def test_doubt_after_the_provider_acted_is_never_a_retry(slug: str, sandbox: SandboxClient, kind: str) -> None:
    tried = Tried(slug, sandbox.http_port, sandbox.smtp_port)
    sandbox.fault(kind, times=1)
    first, second = tried.send([1, 2])
    assert sandbox.count() == 2
    assert first.outcome == Outcome.UNKNOWN
    assert second.outcome == Outcome.ACCEPTED


def test_a_connection_lost_before_the_provider_acted_is_no_success(tried: Tried, sandbox: SandboxClient) -> None:
    sandbox.fault("drop_before", times=1)
    first, second = tried.send([1, 2])
    assert first.outcome in {Outcome.UNKNOWN, Outcome.RETRY}
    assert second.outcome == Outcome.ACCEPTED
    assert sandbox.count() == 1


def test_an_answer_that_comes_too_late_is_doubt(tried: Tried, sandbox: SandboxClient) -> None:
    sandbox.fault("delay", seconds=1.6, times=1)
    first, second = tried.send([1, 2])
    assert (first.outcome, first.code) == (Outcome.UNKNOWN, "timeout")
    assert second.outcome == Outcome.ACCEPTED


def test_nobody_listening_is_no_doubt(slug: str, sandbox: SandboxClient) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (result,) = Tried(slug, port, port).send([1])
    assert (result.outcome, result.code) == (Outcome.RETRY, "no_connection")
    assert result.account_fault


def test_a_server_that_talks_nonsense_is_survived(slug: str, sandbox: SandboxClient) -> None:
    with nonsense() as port:
        (result,) = Tried(slug, port, port).send([1])
    assert result.outcome in {Outcome.UNKNOWN, Outcome.RETRY, Outcome.CREDENTIALS, Outcome.THROTTLED}


def test_private_addresses_are_refused_when_connecting(slug: str, sandbox: SandboxClient, settings: Settings) -> None:
    tried = Tried(slug, sandbox.http_port, sandbox.smtp_port)
    settings.OUTBOUND_ALLOWED_HOSTS = []
    (result,) = tried.send([1])
    assert (result.outcome, result.code) == (Outcome.CREDENTIALS, "address_refused")
    assert sandbox.count() == 0


@pytest.mark.parametrize(
    "kind",
    ["reject", "later", "throttle", "token", "drop_before", "drop_after", "error_after", "truncate", "malformed"],
)
def test_nothing_personal_or_secret_is_told(
    slug: str, sandbox: SandboxClient, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    tried = Tried(slug, sandbox.http_port, sandbox.smtp_port)
    sandbox.fault(kind)
    told = "".join(repr(each) for each in tried.send([1, 2])) + caplog.text + repr(tried.config)
    for hidden in (*SECRETS, *(tried.bench.recipient(number) for number in (1, 2))):
        assert hidden not in told


def test_a_driver_that_raises_gives_a_result_and_tells_nothing(
    caplog: pytest.LogCaptureFixture, slug: str, sandbox: SandboxClient
) -> None:
    async def call(self: object, envelopes: Sequence[Envelope]) -> Sequence[Result]:
        raise RuntimeError(f"{envelopes[0].address} {TOKEN}")

    tried = Tried(slug, sandbox.http_port, sandbox.smtp_port)
    broken = type("Broken", (providers[slug],), {"call": call})
    (result,) = asyncio.run(broken(tried.config, 1).send([tried.envelope(1)]))
    assert (result.outcome, result.code) == (Outcome.UNKNOWN, "driver_error")
    assert tried.bench.recipient(1) not in caplog.text + repr(result)
    assert TOKEN not in caplog.text + repr(result)


def test_wrong_settings_do_not_quote_secrets(slug: str, sandbox: SandboxClient) -> None:
    (secret,) = secret_fields(providers[slug].Config)
    with pytest.raises(ValidationError) as refused:
        providers[slug].Config.model_validate({secret: "very-secret-value", "nonsense": 1})
    assert "very-secret-value" not in str(refused.value)
    assert isinstance(Tried(slug, sandbox.http_port, sandbox.smtp_port).config.model_dump()[secret], SecretStr)


@pytest.mark.parametrize(
    "answer", [b'{"code": "NO\\u0000PE", "message": "a\\u0000b"}', b"550 5.1.1 \xff\xfe\x00 no\r\n"]
)
def test_what_a_provider_says_can_be_kept(slug: str, sandbox: SandboxClient, answer: bytes) -> None:
    with Answers(b"HTTP/1.1 400 Bad\r\nContent-Length: %d\r\n\r\n" % len(answer) + answer) as port:
        (result,) = Tried(slug, port, port).send([1])
    assert (result.code + result.detail).isprintable()


def test_scrubbing() -> None:
    told = scrub("no such number +8613800000001, ask a.b@c.example or use key-123456", ["key-123456"])
    assert told == "no such number ***, ask *** or use ***"
