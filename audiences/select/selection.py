"""A rule taken apart into leaves, and their sets put together: the cheap first, the dear of few people only."""

from __future__ import annotations

from functools import cached_property

from audiences.bitmaps import Members
from audiences.definitions.base import Scope
from audiences.rules.ast import All, AnyOf, InAudience, Not, Rule, leaves_of
from audiences.select.leaves import EVERYBODY, Leaves

SMALL, SHARE = 1_000, 20
"""A leaf is asked about some people only where they are so few, or one in so many of all: else it is asked about
everybody, which costs little more and can be kept."""


def members_of(rule: Rule, scope: Scope) -> Members:
    """Everybody of the scope's kind of people (or of `scope.within`) for whom the rule holds at `scope.at`.

    Refusal if the rule does not pass `check_rule`; Unfinished when the time is up.
    """
    return Selection(rule, scope).members()


class Selection:
    """One rule over one scope. `leaves.as_of` says how old the oldest part of the answer is."""

    def __init__(self, rule: Rule, scope: Scope) -> None:
        self.rule = rule
        self.scope = scope
        self.leaves = Leaves(rule, scope)

    def members(self) -> Members:
        """Who it holds for."""
        return self._find(self.rule, self.scope.within)

    @cached_property
    def everybody(self) -> Members:
        """All people of the kind."""
        return self.leaves.everybody(EVERYBODY)

    def _find(self, rule: Rule, within: Members | None) -> Members:
        """Who of these people (None: of all) it holds for."""
        if isinstance(rule, All):
            return self._all(rule, within)
        if isinstance(rule, AnyOf):
            return self._any(rule, within)
        if isinstance(rule, Not):
            base = self.everybody if within is None else within
            return base - self._find(rule.not_, within)
        if isinstance(rule, InAudience):
            members = self._audiences[rule.audience]
            return members if within is None else members & within
        if within is not None and self._are_few(within):
            return self.leaves.among(rule, within)
        members = self.leaves.everybody(rule)
        return members if within is None else members & within

    def _all(self, rule: All, within: Members | None) -> Members:
        found = within
        for part in sorted(rule.all, key=self._price):
            found = self._find(part, found)
            if not found:
                return found
        return self.everybody if found is None else found

    def _any(self, rule: AnyOf, within: Members | None) -> Members:
        found = Members()
        for part in sorted(rule.any, key=self._price):
            found = found | self._find(part, None if within is None else within - found)
        return found

    def _price(self, rule: Rule) -> int:
        """That of the dearest leaf: groups come after the plain leaves among which they stand."""
        if isinstance(rule, All | AnyOf):
            return max((self._price(part) for part in (rule.all if isinstance(rule, All) else rule.any)), default=0)
        return self._price(rule.not_) if isinstance(rule, Not) else self.leaves.price(rule)

    def _are_few(self, members: Members) -> bool:
        return len(members) <= max(SMALL, self.leaves.highest // SHARE)

    @cached_property
    def _audiences(self) -> dict[str, Members]:
        from audiences.reading import members_of_audiences  # late: it reads definitions, and some are rules

        asked = {leaf.audience for leaf in leaves_of(self.rule) if isinstance(leaf, InAudience)}
        return members_of_audiences(asked, self.scope)
