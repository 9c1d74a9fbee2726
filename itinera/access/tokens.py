"""Making, finding and revoking API tokens. Times are the database's own clock."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from itinera.access.models import ApiToken
from itinera.access.principal import SCOPES, TokenPrincipal
from itinera.kit import audit
from itinera.kit.errors import Refusal

MARK = "itn"
DEFAULT_DAYS = 365


@transaction.atomic
def issue(name: str, scopes: Iterable[str], days: int = DEFAULT_DAYS, actor: object = None) -> tuple[ApiToken, str]:
    """A new token and its secret, which nobody can ask for again.

    Refused: `no_scope`, `unknown_scope`, `bad_lifetime` (1 to 3,650 days), `name_taken`.
    """
    wanted = sorted(set(scopes), key=lambda scope: SCOPES.index(scope) if scope in SCOPES else -1)
    _check(name, wanted, days)
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        name=name,
        prefix=prefix,
        digest=_digest(secret),
        scopes=wanted,
        expires_at=Now() + timedelta(days=days),
        created_by=actor if isinstance(actor, User) else None,
    )
    token.refresh_from_db()
    audit.record(actor, "token.issue", f"token:{name}", after={"scopes": wanted, "days": days})
    return token, f"{MARK}_{prefix}_{secret}"


@transaction.atomic
def revoke(token: ApiToken, actor: object) -> None:
    """End a token now. Doing it twice changes nothing."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=Now()):
        audit.record(actor, "token.revoke", f"token:{token.name}")


def find(text: str) -> TokenPrincipal | None:
    """Whom this token stands for; None if it is malformed, unknown, expired or revoked alike.

    The secret is compared in constant time, so that the time of an answer tells nothing.
    """
    mark, _sep, rest = text.partition("_")
    prefix, _sep, secret = rest.partition("_")
    if mark != MARK or not prefix or not secret:
        return None
    stale = Q(last_used_at=None) | Q(last_used_at__lt=Now() - timedelta(hours=1))
    live = ApiToken.objects.filter(prefix=prefix, revoked_at=None, expires_at__gt=Now()).annotate(stale=stale)
    row = live.only("id", "name", "digest", "scopes").first()
    if not hmac.compare_digest(bytes(row.digest) if row else b"\0" * 32, _digest(secret)) or row is None:
        return None
    if row.stale:
        _touch(row.pk)
    return TokenPrincipal(row.pk, row.name, frozenset(row.scopes))


def _touch(number: int) -> None:
    """Note the use. Whoever finds the row held goes on without: requests with one token never wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE api_token SET last_used_at = statement_timestamp() WHERE id ="
            " (SELECT id FROM api_token WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED)",
            [number],
        )


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _check(name: str, scopes: list[str], days: int) -> None:
    if not scopes:
        raise Refusal.because("no_scope", _("A token needs at least one scope."), path="scopes")
    if unknown := [scope for scope in scopes if scope not in SCOPES]:
        words = _("“%(scope)s” is not a scope; there are: %(known)s.")
        raise Refusal.because("unknown_scope", words % {"scope": unknown[0], "known": ", ".join(SCOPES)}, path="scopes")
    if not 1 <= days <= 3650:
        raise Refusal.because("bad_lifetime", _("A token lives for 1 to 3650 days."), path="days")
    if ApiToken.objects.filter(name=name).exists():
        raise Refusal.because("name_taken", _("There is a token of this name already."), path="name", status=409)
