"""Walks a rule through its groups: as SQL, for one person, in words; and what its leaves ask for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from audiences.rules.ast import All, AnyOf, Leaf, Not, Rule, leaf_key, leaves_of
from audiences.rules.build import Build
from audiences.rules.catalogue import Catalogue
from audiences.rules.leaves.base import LEAVES, Explanation
from audiences.rules.person import Person
from audiences.rules.speech import Speech
from audiences.rules.words import tidy


def rule_sql(rule: Rule, build: Build) -> str:
    """A condition over the row `u`, true or false but never NULL."""
    if isinstance(rule, All):
        return " AND ".join(f"({rule_sql(part, build)})" for part in rule.all) or "true"
    if isinstance(rule, AnyOf):
        return " OR ".join(f"({rule_sql(part, build)})" for part in rule.any) or "false"
    if isinstance(rule, Not):
        return f"NOT ({rule_sql(rule.not_, build)})"
    return LEAVES[leaf_key(rule)].sql(rule, build)


def judge(rule: Rule, person: Person, speech: Speech) -> Explanation:
    """Whether the rule holds for one person, and why. The rule must have passed `check_rule`."""
    if isinstance(rule, All):
        parts = tuple(judge(part, person, speech) for part in rule.all)
        return Explanation("all", all(part.holds for part in parts), _("all of these hold"), parts=parts)
    if isinstance(rule, AnyOf):
        parts = tuple(judge(part, person, speech) for part in rule.any)
        return Explanation("any", any(part.holds for part in parts), _("at least one of these holds"), parts=parts)
    if isinstance(rule, Not):
        part = judge(rule.not_, person, speech)
        return Explanation("not", not part.holds, _("this does not hold"), parts=(part,))
    found = LEAVES[leaf_key(rule)].explain(rule, person, speech)
    return replace(found, text=tidy(found.text))


def say(rule: Rule, speech: Speech, *, alone: bool = True) -> str:
    """The rule in plain words; groups within others (not `alone`) are set apart."""
    if isinstance(rule, All | AnyOf):
        parts = rule.all if isinstance(rule, All) else rule.any
        if not parts:
            return _("everybody") if isinstance(rule, All) else _("nobody")
        if len(parts) == 1:
            return say(parts[0], speech, alone=alone)
        said = _and_or(rule).join(say(part, speech, alone=False) for part in parts)
        return said if alone else _("(%(rule)s)") % {"rule": said}
    if isinstance(rule, Not):
        return _("not the case: %(rule)s") % {"rule": say(rule.not_, speech, alone=False)}
    key = leaf_key(rule)
    if key not in LEAVES:
        return _("decided by “%(key)s”") % {"key": key}
    return LEAVES[key].describe(rule, speech)


def _and_or(rule: All | AnyOf) -> str:
    return _(" and ") if isinstance(rule, All) else _(" or ")


def all_leaves(rule: Rule, catalogue: Catalogue) -> Iterator[Leaf]:
    """All leaves of a rule, and of the rules that some of them stand for, each once."""
    seen: dict[Leaf, None] = {}
    ahead = [rule]
    while ahead:
        for leaf in leaves_of(ahead.pop()):
            if leaf in seen:
                continue
            seen[leaf] = None
            key = leaf_key(leaf)
            inner = LEAVES[key].stands_for(leaf, catalogue) if key in LEAVES else None
            ahead += [inner] if inner is not None else []
    return iter(seen)


def event_names(rule: Rule, catalogue: Catalogue) -> set[str]:
    """The events that a rule asks for."""
    found: set[str] = set()
    for leaf in all_leaves(rule, catalogue):
        for step in (leaf, *getattr(leaf, "sequence", ())):
            found |= {name for key in ("event", "absent") if isinstance(name := getattr(step, key, None), str)}
    return found


def asked_in_python(rule: Rule, catalogue: Catalogue) -> list[Leaf]:
    """Leaves whose truth SQL cannot tell (`ColumnLeaf`), each once, also in rules that other leaves stand for."""
    return [leaf for leaf in all_leaves(rule, catalogue) if _asks(leaf, catalogue)]


def _asks(leaf: Leaf, catalogue: Catalogue) -> bool:
    key = leaf_key(leaf)
    return key in LEAVES and LEAVES[key].question(leaf, catalogue) is not None
