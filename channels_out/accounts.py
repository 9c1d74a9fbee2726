"""Sending accounts as dispatch uses them: settings read, secrets opened, a provider ready to call."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ValidationError

from channels_out.models import Account
from channels_out.providers.base import Capabilities, Provider, providers
from itinera.kit.secrets import Unreadable, decrypt_json

SecretValue = str | Mapping[str, str]
"""A secret as it is kept (encrypted): the value, or `{"env": "NAME"}` to be read where it is used."""


class UnusableAccount(Exception):
    """The account cannot send as it stands; `code` is stable, the words are without secrets."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        super().__init__(detail or code)


@dataclass(frozen=True, eq=False)
class SendingAccount:
    """One account, ready to be opened. `print` changes whenever its settings do."""

    id: int
    slug: str
    provider: type[Provider[Any]]
    config: BaseModel
    rate: int
    concurrency: int
    capabilities: Capabilities
    print: str

    def open(self) -> Provider[Any]:
        return self.provider(self.config, self.concurrency)


def load(account: Account) -> SendingAccount:
    """UnusableAccount if its provider is not known or its settings do not make sense."""
    if account.provider not in providers:
        raise UnusableAccount("unknown_provider")
    provider = providers[account.provider]
    values = {**account.config, **_opened(account)}
    try:
        config = provider.Config.model_validate(values)
    except ValidationError as bad:
        places = ", ".join(".".join(map(str, each["loc"])) for each in bad.errors(include_input=False))
        raise UnusableAccount("bad_settings", places) from None
    seen = (account.pk, account.provider, account.concurrency, sorted(values.items(), key=lambda each: each[0]))
    return SendingAccount(
        account.pk,
        account.slug,
        provider,
        config,
        account.rate_per_second,
        account.concurrency,
        provider(config, account.concurrency).capabilities,
        hashlib.sha256(repr(seen).encode()).hexdigest(),
    )


def default_accounts() -> dict[str, int]:
    """The account that messages of a channel leave by when the node names none, by channel."""
    found = Account.objects.filter(is_default=True).values_list("channel", "id")
    return dict(found)


def accounts_by_slug() -> dict[str, int]:
    """Account ids by slug, for nodes that name theirs."""
    return dict(Account.objects.values_list("slug", "id"))


def is_usable(account: Account, now: datetime) -> bool:
    """Whether dispatch may send through it at this moment."""
    return account.enabled and (account.blocked_until is None or account.blocked_until <= now)


def _opened(account: Account) -> dict[str, str]:
    if not account.secrets:
        return {}
    try:
        kept = decrypt_json(account.secrets)
    except Unreadable:
        raise UnusableAccount("secrets_unreadable") from None
    return {name: _resolved(value) for name, value in kept.items()}


def _resolved(value: object) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    name = str(value.get("env", ""))
    found = os.environ.get(name)
    if found is None:
        raise UnusableAccount("secret_not_in_environment", name)
    return found
