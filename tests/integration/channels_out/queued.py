"""Accounts and queued messages for tests of dispatch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from channels_out import outbox
from channels_out.actions import save_account
from channels_out.documents import AccountDocument
from channels_out.models import Account, MessageStatus
from itinera.kit.wire import NEVER, django_cursor, micros
from tests.integration.channels_out.people import Person
from tests.integration.channels_out.sandboxes import PASSWORD, TOKEN, SandboxClient


def sms_account(sandbox: SandboxClient, *, config: Mapping[str, Any] | None = None, **fields: Any) -> Account:
    url = f"http://127.0.0.1:{sandbox.http_port}/sms/messages"
    secrets = {"auth_value": f"Bearer {TOKEN}"}
    return _account(
        "sms", "http_sms", {"url": url, "success_path": "code", "timeout": 5, **(config or {})}, secrets, fields
    )


def email_account(sandbox: SandboxClient, *, config: Mapping[str, Any] | None = None, **fields: Any) -> Account:
    host = {"host": "127.0.0.1", "port": sandbox.smtp_port, "security": "none", "username": "u", "timeout": 5}
    sender = {"from_address": "shop@brand.example", "from_name": "品牌"}
    return _account("email", "smtp", {**host, **sender, **(config or {})}, {"password": PASSWORD}, fields)


def _account(
    channel: str, provider: str, config: Mapping[str, Any], secrets: Mapping[str, str], fields: Mapping[str, Any]
) -> Account:
    document = AccountDocument.model_validate(
        {
            "slug": f"test-{channel}", "channel": channel, "provider": provider, "name": channel,
            "config": dict(config), "secrets": dict(secrets), "rate_per_second": 10_000, "concurrency": 16,
            "is_default": True, **fields,
        }
    )  # fmt: skip
    return save_account("tests", document)


def queue(
    account: Account | None,
    people: Sequence[Person],
    now: datetime,
    *,
    channel: str = "sms",
    content: Mapping[str, str] | None = None,
    address: str = "+86138{id:08d}",
    seq: int = 0,
    stale_after: timedelta | None = None,
    **fields: Any,
) -> None:
    """One queued message for each person, as a wave would have written it at `now`."""
    count = len(people)
    written = content or ({"text": "你好"} if channel == "sms" else {"subject": "你好", "text": "正文"})
    at = np.full(count, micros(now), dtype=np.int64)
    stale = NEVER if stale_after is None else micros(now + stale_after)
    rows = outbox.OutboxRows(
        version_id=1,
        node=3,
        journey="welcome",
        node_id="m1",
        channel=channel,
        category=fields.pop("category", "marketing"),
        account_id=None if account is None else account.pk,
        wants_outcome=fields.pop("wants_outcome", False),
        shard=np.array([person.shard for person in people], dtype=np.int16),
        profile=np.array([person.id for person in people], dtype=np.int64),
        seq=np.full(count, seq, dtype=np.int32),
        status=np.full(count, MessageStatus.QUEUED, dtype=np.int8),
        at=at,
        stale_at=np.full(count, stale, dtype=np.int64),
        address=[address.format(id=person.id) for person in people],
        content=[dict(written)] * count,
        **fields,
    )
    outbox.write(django_cursor(), [rows])
