"""Whether a rule makes sense in this workspace and in its place, before it is saved or compiled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from audiences.rules.ast import All, AnyOf, Leaf, Not, Rule, leaf_key
from audiences.rules.catalogue import Catalogue
from audiences.rules.fields import Reference
from audiences.rules.leaves.base import LEAVES
from audiences.rules.places import AUDIENCE, Place, join
from audiences.rules.window_ast import EntryWindow
from itinera.kit.errors import Problem


def check_rule(rule: Rule, catalogue: Catalogue, path: str = "", place: Place = AUDIENCE) -> list[Problem]:
    """Every problem; those of severity `warning` do not forbid saving. Paths begin with `path`.

    Leaves, windows and references that ask about a walk are refused unless `place` is JOURNEY.
    """
    return [found for leaf, at in placed_leaves(rule, path) for found in _check_leaf(leaf, catalogue, at, place)]


def placed_leaves(rule: Rule, path: str = "") -> Iterator[tuple[Leaf, str]]:
    """All leaves of a rule, each with its place."""
    if isinstance(rule, All | AnyOf):
        name, parts = ("all", rule.all) if isinstance(rule, All) else ("any", rule.any)
        for index, part in enumerate(parts):
            yield from placed_leaves(part, join(join(path, name), index))
    elif isinstance(rule, Not):
        yield from placed_leaves(rule.not_, join(path, "not"))
    else:
        yield rule, path


def _check_leaf(leaf: Leaf, catalogue: Catalogue, path: str, place: Place) -> Iterator[Problem]:
    key = leaf_key(leaf)
    if key not in LEAVES:
        words = _("Conditions on %(key)s are not run in this version.") % {"key": key}
        yield Problem("not_supported", words, join(path, key))
        return
    kind = LEAVES[key]
    if not place.on_walk and kind.journeys_only:
        words = _("Conditions on %(key)s ask about a walk: they are for journeys only.") % {"key": key}
        yield Problem("journeys_only", words, join(path, key))
    elif not place.on_walk:
        yield from _about_walks(leaf, path)
    people = kind.people(leaf, catalogue)
    if place.people and people and place.people != people:
        words = _("This is about people of another kind: %(people)s.") % {"people": people}
        yield Problem("wrong_people", words, join(path, key))
    yield from kind.check(leaf, catalogue, path)


def _about_walks(leaf: Leaf, path: str) -> Iterator[Problem]:
    """Windows and references within a leaf that ask about a walk."""
    if isinstance(getattr(leaf, "window", None), EntryWindow):
        words = _("The window “since entry” is for journeys only.")
        yield Problem("journeys_only", words, join(join(path, "window"), "since"))
    for where, at in _filters(leaf, path):
        if isinstance(where.value, Reference) and where.value.of != "profile":
            words = _("Values of the entry event or of an event waited for are for journeys only.")
            yield Problem("journeys_only", words, join(join(at, "value"), "of"))


def _filters(leaf: Any, path: str) -> Iterator[tuple[Any, str]]:
    """Every filter of a leaf with its place: its own, and those of its steps."""
    for index, each in enumerate(getattr(leaf, "where", ())):
        yield each, join(join(path, "where"), index)
    for index, step in enumerate(getattr(leaf, "sequence", ())):
        yield from _filters(step, join(join(path, "sequence"), index))
