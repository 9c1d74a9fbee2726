"""Changes that people make to sending: each one transaction and one audit row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from channels_out.documents import AccountDocument, CapDocument, QuietHoursDocument, TemplateDocument
from channels_out.lookups import check_lookups
from channels_out.models import Account, Cap, QuietHours, Template
from channels_out.providers.base import providers, secret_fields
from channels_out.render import compile_content
from itinera.kit import audit
from itinera.kit.errors import Problem, Refusal
from itinera.kit.secrets import decrypt_json, encrypt_json
from itinera.kit.validation import problems_of

M = TypeVar("M", bound=Model)


@transaction.atomic
def save_template(actor: audit.Actor, wanted: TemplateDocument) -> Template:
    """Refusal if the content cannot be compiled, or reads what no look-up table has."""
    try:
        check_lookups(compile_content(wanted.channel, wanted.content))
    except Refusal as refusal:
        raise Refusal(replace(each, path=f"content.{each.path}") for each in refusal.problems) from None
    fields = {"channel": wanted.channel.value, "name": wanted.name, "content": dict(wanted.content)}
    return _keep(actor, Template, {"slug": wanted.slug}, fields, f"template:{wanted.slug}")


@transaction.atomic
def save_cap(actor: audit.Actor, wanted: CapDocument) -> Cap:
    fields = wanted.model_dump(exclude={"name"})
    return _keep(actor, Cap, {"name": wanted.name}, fields, f"cap:{wanted.name}")


@transaction.atomic
def save_quiet_hours(actor: audit.Actor, wanted: QuietHoursDocument) -> QuietHours:
    """Rows are told apart by category, channel and hours; `dates` are what the row says."""
    key = {
        "category": wanted.category,
        "channel": wanted.channel,
        "from_time": wanted.start,
        "to_time": wanted.stop,
    }
    dates = [[first.isoformat(), last.isoformat()] for first, last in wanted.dates]
    return _keep(actor, QuietHours, key, {"dates": dates}, f"quiet_hours:{wanted.category}")


@transaction.atomic
def save_account(actor: audit.Actor, wanted: AccountDocument) -> Account:
    """Secrets that are not mentioned stay as they are. Refusal if the provider does not take the settings."""
    account = Account.objects.select_for_update().filter(slug=wanted.slug).first()
    secrets = {**(decrypt_json(account.secrets) if account is not None and account.secrets else {})}
    secrets.update(wanted.secrets or {})
    check_settings(wanted.channel, wanted.provider, wanted.config, secrets)
    if wanted.is_default:
        Account.objects.filter(channel=wanted.channel, is_default=True).exclude(slug=wanted.slug).update(
            is_default=False
        )
    fields = wanted.model_dump(mode="json", exclude={"slug", "secrets"})
    fields |= {"blocked_until": None, "blocked_code": ""}
    before = _state(account)
    account = account or Account(slug=wanted.slug)
    for name, value in fields.items():
        setattr(account, name, value)
    if wanted.secrets or not account.secrets:
        account.secrets = encrypt_json(secrets) if secrets else b""
    account.save()
    _tell(actor, f"account:{wanted.slug}", before, _state(account), wanted.secrets)
    return account


def check_settings(channel: str, provider: str, config: Mapping[str, Any], secrets: Mapping[str, Any]) -> None:
    """Whether a provider takes these settings: Refusal with every problem and its place."""
    if provider not in providers or providers[provider].channel != channel:
        known = ", ".join(slug for slug, each in providers.items() if each.channel == channel)
        detail = _("This channel has no such provider. It has: %(known)s") % {"known": known}
        raise Refusal.because("unknown_provider", detail, path="provider")
    model = providers[provider].Config
    hidden = secret_fields(model)
    words = _("This belongs under secrets.")
    misplaced = [Problem("secret_in_config", words, f"config.{name}") for name in hidden if name in config]
    if misplaced:
        raise Refusal(misplaced)
    # A reference is checked for its place only: its value is in the environment of the workers.
    values = {name: value if isinstance(value, str) else "reference" for name, value in secrets.items()}
    words = _("This is no secret of the provider.")
    unknown = [Problem("unknown_key", words, f"secrets.{name}") for name in values if name not in hidden]
    if unknown:
        raise Refusal(unknown)
    _validated(model, {**config, **values}, "config")


def _validated(model: type[BaseModel], values: Mapping[str, Any], path: str) -> None:
    try:
        model.model_validate(values)
    except ValidationError as bad:
        raise Refusal(problems_of(bad, path)) from None


def _keep(actor: audit.Actor, model: type[M], key: Mapping[str, Any], fields: Mapping[str, Any], name: str) -> M:
    row = model._default_manager.select_for_update().filter(**dict(_lookup(*each) for each in key.items())).first()  # noqa: SLF001
    before = None if row is None else {field: getattr(row, field) for field in fields}
    row = row or model(**key)
    for field, value in fields.items():
        setattr(row, field, value)
    row.save()
    _tell(actor, name, before, dict(fields))
    return row


def _lookup(field: str, value: object) -> tuple[str, object]:
    return (f"{field}__isnull", True) if value is None else (field, value)


def _state(account: Account | None) -> dict[str, Any] | None:
    if account is None:
        return None
    shown = ("channel", "provider", "name", "config", "rate_per_second", "concurrency", "enabled", "is_default")
    return {name: getattr(account, name) for name in shown}


def _tell(
    actor: audit.Actor,
    name: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    secrets: Mapping[str, Any] | None = None,
) -> None:
    """One entry if anything changed; of secrets only that they did. Nobody (a replay) leaves no trace."""
    if actor is None or (before == after and not secrets):
        return
    told = audit.difference(before or {}, {**(after or {}), **({"secrets": sorted(secrets)} if secrets else {})})
    verb = f"{name.partition(':')[0]}.{'add' if before is None else 'change'}"
    audit.record(actor, verb, name, told[0] if before is not None else None, told[1])
