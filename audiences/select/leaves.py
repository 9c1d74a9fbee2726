"""The leaves of one rule: what each gives, from what is kept or from the tables."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from uuid import UUID

from audiences.bitmaps import Members
from audiences.definitions.base import Scope
from audiences.rules.ast import All, InAudience, Rule, leaves_of
from audiences.rules.compile import CompiledRule, compile_rule
from audiences.rules.parse import dump_rule
from audiences.select import kept, scan
from audiences.select.kept import Result
from itinera.kit.pace import Unfinished

DEAR = 0.05
"""Seconds: what was found more quickly is found again rather than kept."""

EVERYBODY = All(all=())
"""As a leaf: all people of the kind."""


@dataclass(frozen=True)
class Asked:
    """A leaf that the tables are asked about."""

    rule: Rule
    compiled: CompiledRule
    key: UUID

    def key_among(self, members: Members, scope: Scope) -> UUID:
        """That of the answer about some people only."""
        return kept.key_of(dump_rule(self.rule), self.compiled, scope, members)

    @property
    def is_dear(self) -> bool:
        """Whether it looks at more than profiles; those that do not are all answered by one scan."""
        return self.compiled.reads_events or bool(self.compiled.questions)


class Leaves:
    """Each leaf is asked for once. `as_of` is the instant of the oldest answer."""

    def __init__(self, rule: Rule, scope: Scope) -> None:
        self.scope = scope
        self.as_of = scope.at
        self._asked: dict[Rule, Asked] = {}
        self._whole: dict[UUID, Members] = {}
        for leaf in (*leaves_of(rule), EVERYBODY):
            if not isinstance(leaf, InAudience) and leaf not in self._asked:
                compiled = compile_rule(leaf, scope.catalogue)
                self._asked[leaf] = Asked(leaf, compiled, kept.key_of(dump_rule(leaf), compiled, scope))
        for key, result in kept.find(scope, [each.key for each in self._asked.values()]).items():
            if result.upto is None:
                self._take(key, result.members, result.at)

    @cached_property
    def highest(self) -> int:
        """The highest number of a profile."""
        return scan.highest(self.scope)

    @property
    def at_hand(self) -> bool:
        """Whether the tables need not be asked about anything."""
        return all(each.key in self._whole for each in self._asked.values() if each.rule is not EVERYBODY)

    def price(self, leaf: Rule) -> int:
        """0: at hand already; 1: a scan of profiles; 2: events as well."""
        asked = self._asked.get(leaf)
        return 0 if asked is None or asked.key in self._whole else 2 if asked.is_dear else 1

    def everybody(self, leaf: Rule) -> Members:
        """Everybody it holds for; with it all leaves that the same scan of profiles answers."""
        asked = self._asked[leaf]
        if asked.key not in self._whole:
            together = [asked] if asked.is_dear else self._with_the_cheap(asked)
            at, found = self._find(together, None)
            for each, members in zip(together, found, strict=True):
                self._take(each.key, members, at)
        return self._whole[asked.key]

    def among(self, leaf: Rule, members: Members) -> Members:
        """Who of these people it holds for."""
        asked = self._asked[leaf]
        if asked.key in self._whole:
            return members & self._whole[asked.key]
        at, (found,) = self._find([asked], members)
        self.as_of = min(self.as_of, at)
        return found

    def _with_the_cheap(self, asked: Asked) -> list[Asked]:
        """A leaf and all others of its scan; all people only where they are what is asked for."""
        others = (each for each in self._asked.values() if not each.is_dear and each.key not in self._whole)
        return [asked, *(each for each in others if each is not asked and each.rule is not EVERYBODY)]

    def _take(self, key: UUID, members: Members, at: datetime) -> None:
        self._whole[key] = members
        self.as_of = min(self.as_of, at)

    def _find(self, asked: Sequence[Asked], members: Members | None) -> tuple[datetime, list[Members]]:
        """As of when, and who. What was found when the time is up is kept, for whoever asks again."""
        began = time.monotonic()
        keys = [each.key if members is None else each.key_among(members, self.scope) for each in asked]
        at, first, found = self._begun(keys)
        if first is None:
            return at, found
        upto = first
        try:
            for upto, more in self._steps(asked, members, at, first):  # noqa: B007  # how far it came is kept
                found = [one | other for one, other in zip(found, more, strict=True)]
        except Unfinished:
            if upto != first:
                self._keep(keys, found, at, upto)
            raise
        if first > 1 or time.monotonic() - began >= DEAR:
            self._keep(keys, found, at, None)
        return at, found

    def _steps(self, asked: Sequence[Asked], members: Members | None, at: datetime, first: int) -> scan.Found:
        scope, rules = replace(self.scope, at=at), [each.rule for each in asked]
        if members is None:
            return scan.among_everybody(scope, rules, first)
        return scan.among(members, scope, rules, first)

    def _begun(self, keys: Sequence[UUID]) -> tuple[datetime, int | None, list[Members]]:
        """Where to go on, if all were left at the same number; else the beginning. None: nothing is left to do."""
        results = kept.find(self.scope, keys)
        if len({(each.at, each.upto) for each in results.values()}) == 1 and len(results) == len(set(keys)):
            found = [results[key] for key in keys]
            return found[0].at, found[0].upto, [each.members for each in found]
        return self.scope.at, 1, [Members() for _ in keys]

    def _keep(self, keys: Sequence[UUID], found: Sequence[Members], at: datetime, upto: int | None) -> None:
        for key, members in zip(keys, found, strict=True):
            kept.keep(self.scope, key, Result(members, at, upto))
