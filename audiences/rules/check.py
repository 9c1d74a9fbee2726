"""Whether a rule makes sense in this workspace, before it is saved or compiled."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from audiences.rules.ast import All, AnyOf, Leaf, Not, Rule, leaf_key
from audiences.rules.catalogue import Catalogue
from audiences.rules.leaves.base import LEAVES
from audiences.rules.places import join
from itinera.kit.errors import Problem


def check_rule(rule: Rule, catalogue: Catalogue, path: str = "") -> list[Problem]:
    """Every problem; those of severity `warning` do not forbid saving. Paths begin with `path`."""
    return list(_check(rule, catalogue, path))


def _check(rule: Rule, catalogue: Catalogue, path: str) -> Iterator[Problem]:
    if isinstance(rule, All | AnyOf):
        name, parts = ("all", rule.all) if isinstance(rule, All) else ("any", rule.any)
        for index, part in enumerate(parts):
            yield from _check(part, catalogue, join(join(path, name), index))
    elif isinstance(rule, Not):
        yield from _check(rule.not_, catalogue, join(path, "not"))
    else:
        yield from _check_leaf(rule, catalogue, path)


def _check_leaf(leaf: Leaf, catalogue: Catalogue, path: str) -> Iterator[Problem]:
    key = leaf_key(leaf)
    if key not in LEAVES:
        words = _("Conditions on %(key)s are not run in this version.") % {"key": key}
        yield Problem("not_supported", words, join(path, key))
    else:
        yield from LEAVES[key].check(leaf, catalogue, path)
