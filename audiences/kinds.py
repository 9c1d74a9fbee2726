"""The kinds of identity that are known from the start, in the order in which a profile is named after them."""

from __future__ import annotations

from collections.abc import Iterable

KINDS = (
    "member_id",
    "phone",
    "email",
    "openid",
    "unionid",
    "external_userid",
    "userid",
    "device_id",
)
"""Brands may add others, which come after these."""

_RANK = {kind: rank for rank, kind in enumerate(KINDS)}


def unit_of(identities: Iterable[tuple[str, str]]) -> str:
    """What holdouts and experiments draw somebody by: her member number as it is, else `kind:value`."""
    name = name_of(identities)
    return name.removeprefix("member_id:")


def name_of(identities: Iterable[tuple[str, str]]) -> str:
    """`kind:value` of the identity after which somebody is named."""
    kind, value = min(identities, key=lambda each: (_RANK.get(each[0], len(KINDS)), each))
    return f"{kind}:{value}"
