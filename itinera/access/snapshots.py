"""What an object is, as plain values for the audit trail; what must not be told stays untold."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Model

Snapshot = Mapping[str, Any]

UNTOLD = "•••"
_ALWAYS_UNTOLD = frozenset({"password", "digest", "secrets"})
_UNTELLING = frozenset({"last_login", "updated_at"})
"""They change by themselves."""


def snapshot(obj: Model) -> Snapshot:
    """Every field's value, many-to-many as sorted names. Read it before the object is changed."""
    options = obj._meta  # noqa: SLF001  # public, whatever its name says
    values: dict[str, Any] = {
        field.name: field.value_from_object(obj) for field in options.concrete_fields if field.name not in _UNTELLING
    }
    for field in options.many_to_many:
        values[field.name] = sorted(str(other) for other in field.value_from_object(obj))
    return {name: bytes(value) if isinstance(value, memoryview) else value for name, value in values.items()}


def change(
    before: Snapshot | None, after: Snapshot | None, untold: Collection[str] = ()
) -> tuple[Snapshot | None, Snapshot | None] | None:
    """The fields that differ, on both sides; None if none does. Untold ones only show that they changed."""
    names = [
        name
        for name in {**(before or {}), **(after or {})}
        if before is None or after is None or before.get(name) != after.get(name)
    ]
    if not names:
        return None
    return _told(before, names, untold), _told(after, names, untold)


def _told(values: Snapshot | None, names: Collection[str], untold: Collection[str]) -> Snapshot | None:
    if values is None:
        return None
    hidden = _ALWAYS_UNTOLD.union(untold)
    return {
        name: UNTOLD if values[name] and (name in hidden or isinstance(values[name], bytes)) else _plain(values[name])
        for name in names
        if name in values
    }


def _plain(value: Any) -> Any:
    return "" if isinstance(value, bytes) else value
