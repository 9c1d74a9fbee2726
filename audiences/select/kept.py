"""What leaves gave, kept between the slices of a refresh and between estimates of nearly the same rule."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from audiences.bitmaps import Members
from audiences.definitions.base import Scope
from audiences.models.profile import SHARDS
from audiences.rules.compile import CompiledRule
from itinera.kit.sqlfile import queries

_SQL = queries(__file__, "../sql/leaves.sql")


@dataclass(frozen=True, slots=True)
class Result:
    """Who a leaf holds for as of `at`, among those with numbers below `upto` (None: among all)."""

    members: Members
    at: datetime
    upto: int | None = None


def key_of(leaf: object, rule: CompiledRule, scope: Scope, members: Members | None = None) -> UUID:
    """What a result is kept under: the leaf (as JSON), the statement that it compiles to, whom it is asked about."""
    known_by = None if scope.known_by is None else scope.known_by.isoformat()
    told = [leaf, rule.text, sorted(rule.params.items()), scope.kind, scope.zone, known_by, scope.journey, scope.run]
    digest = hashlib.sha256(orjson.dumps(told, default=str))
    for shard, bits in members.dumped() if members is not None else ():
        digest.update(bytes([shard]) + bits)
    return UUID(bytes=digest.digest()[:16])


def find(scope: Scope, keys: Iterable[UUID]) -> Mapping[UUID, Result]:
    """What is kept and young enough: whole results before pieces, newer before older."""
    params = {"keys": list(keys), "at": scope.at, "oldest": scope.at - scope.kept_for}
    scope.cursor.execute(_SQL["find"], params)
    found: dict[UUID, Result] = {}
    for key, at, upto, parts in scope.cursor.fetchall():
        found.setdefault(key, Result(Members.loaded(enumerate(parts)), at, upto))
    return found


def keep(scope: Scope, key: UUID, result: Result) -> None:
    """Keep it, instead of what is kept as of the same instant."""
    dumped = dict(result.members.dumped())
    parts = [dumped.get(shard, b"") for shard in range(SHARDS)]
    scope.cursor.execute(_SQL["keep"], {"key": key, "at": result.at, "upto": result.upto, "parts": parts})
