"""Evaluates a rule for one person in plain Python: the explanation, and the oracle of the SQL."""

from __future__ import annotations

from audiences.rules.ast import All, AnyOf, Not, Rule, leaf_key
from audiences.rules.catalogue import Catalogue
from audiences.rules.leaves.base import LEAVES, Explanation, PastEvent, Person

__all__ = ["Explanation", "PastEvent", "Person", "event_names", "judge"]


def judge(rule: Rule, person: Person, catalogue: Catalogue) -> Explanation:
    """Whether the rule holds, and why. The rule must have passed `check_rule`."""
    if isinstance(rule, All):
        parts = tuple(judge(part, person, catalogue) for part in rule.all)
        return Explanation("all", all(part.holds for part in parts), "", parts=parts)
    if isinstance(rule, AnyOf):
        parts = tuple(judge(part, person, catalogue) for part in rule.any)
        return Explanation("any", any(part.holds for part in parts), "", parts=parts)
    if isinstance(rule, Not):
        part = judge(rule.not_, person, catalogue)
        return Explanation("not", not part.holds, "", parts=(part,))
    return LEAVES[leaf_key(rule)].explain(rule, person, catalogue)


def event_names(rule: Rule) -> set[str]:
    """The events that a rule asks for."""
    if isinstance(rule, All | AnyOf):
        return set().union(*map(event_names, rule.all if isinstance(rule, All) else rule.any))
    if isinstance(rule, Not):
        return event_names(rule.not_)
    name = getattr(rule, "event", None)
    return {name} if isinstance(name, str) else set()
