"""The audit trail: one row for every change by a person, in the transaction of the change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from django.core.serializers.json import DjangoJSONEncoder

from itinera.kit.models import AuditEntry

State = Mapping[str, object] | None
"""What an object was or is: plain JSON values by field name, secrets and personal data left out."""


@runtime_checkable
class AuditedActor(Protocol):
    """Somebody who tells the trail its own name (an API token); accounts are known without it."""

    audit_kind: str
    audit_name: str
    audit_id: int | None


@runtime_checkable
class _Account(Protocol):
    pk: int | None

    def get_username(self) -> str: ...


Actor = object | str | None
"""An account, an `AuditedActor`, the name of a command or task, or None for the system itself."""


def record(actor: Actor, verb: str, obj: str, before: State = None, after: State = None) -> AuditEntry:
    """Write one entry. `obj` names the object by kind and slug: `journey:welcome`.

    Call it inside the transaction of the change: both are kept, or neither.
    """
    kind, number, name = _who(actor)
    return AuditEntry.objects.create(
        actor_kind=kind,
        actor_id=number,
        actor=name,
        verb=verb,
        object=obj,
        before=_plain(before),
        after=_plain(after),
    )


def name_of(actor: Actor) -> str:
    """What the trail calls somebody."""
    return _who(actor)[2]


def difference(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[State, State]:
    """Only the keys whose values differ, from both sides: what an entry about a change should hold."""
    keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return {k: before.get(k) for k in keys}, {k: after.get(k) for k in keys}


def _who(actor: Actor) -> tuple[str, int | None, str]:
    if isinstance(actor, AuditedActor):
        return actor.audit_kind, actor.audit_id, actor.audit_name
    if isinstance(actor, _Account):
        return AuditEntry.Kind.USER, actor.pk, actor.get_username() or "anonymous"
    return AuditEntry.Kind.SYSTEM, None, str(actor) if actor is not None else "system"


def _plain(state: State) -> object:
    """Dates, decimals and ids as JSON text, so that no caller has to think of it."""
    return None if state is None else json.loads(json.dumps(state, cls=DjangoJSONEncoder, default=str))
