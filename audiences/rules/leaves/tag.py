"""`{"tag": SLUG, "op": "has" | "has_not"}`, or with a value: `{"tag": SLUG, "op": OP, "value": V}`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from audiences.rules.ast import Tagged
from audiences.rules.build import Build
from audiences.rules.catalogue import Catalogue, kind_of
from audiences.rules.conditions import check_condition
from audiences.rules.forms import Choice
from audiences.rules.kinds import ANYTHING, Kind
from audiences.rules.leaves.base import LEAVES, Explanation, LeafKind
from audiences.rules.person import Person
from audiences.rules.places import join
from audiences.rules.speech import Speech, joined, told
from audiences.rules.words import quoted
from itinera.kit.errors import Problem

_OF_EVERY_TAG = {"is_set": True, "not_set": False, "has_not": False, "has": True}
"""Operators that ask only whether it is there, and with which answer they hold; `has` where it is given no value."""


class TagLeaf(LeafKind[Tagged]):
    key = "tag"
    label = gettext_noop("Tag")
    parts = (Choice("tag", "tags", gettext_noop("tag")), Choice("op", "condition"))

    def check(self, leaf: Tagged, catalogue: Catalogue, path: str) -> Iterator[Problem]:
        tag = catalogue.tags.get(leaf.tag)
        if tag is None:
            words = _("There is no tag %(slug)s yet.") % {"slug": leaf.tag}
            yield Problem("unknown_tag", words, join(path, "tag"), severity="warning")
        if _asks_presence(leaf):
            if leaf.value is not None:
                words = _("The operator %(op)s %(needs)s.") % {"op": leaf.op, "needs": _("takes no value")}
                yield Problem("wrong_value", words, join(path, "value"))
        elif tag is not None and tag.type is None and tag.declared:
            words = _("The tag %(slug)s has no value; it can only be asked by has and has_not.") % {"slug": leaf.tag}
            yield Problem("unknown_operator", words, join(path, "op"))
        else:
            yield from check_condition(leaf.op, leaf.value, tag.known if tag else None, path)

    def people(self, leaf: Tagged, catalogue: Catalogue) -> str | None:
        tag = catalogue.tags.get(leaf.tag)
        return tag.people if tag else None

    def sql(self, leaf: Tagged, build: Build) -> str:
        value = f"(b.tags -> {build.bind(leaf.tag, 'text')})"
        if _asks_presence(leaf):
            there = f"coalesce({build.hoist(value)} <> 'null'::jsonb, false)"
            return there if _OF_EVERY_TAG[leaf.op] else f"NOT {there}"
        kind = _kind(leaf, build.catalogue)
        return kind.condition(leaf.op, kind.hoisted_sql(value, build.hoist), leaf.value, build.row, build.bind)

    def explain(self, leaf: Tagged, person: Person, speech: Speech) -> Explanation:
        found, name = person.tags.get(leaf.tag), _name(leaf, speech)
        needed = {"op": leaf.op, "value": leaf.value}
        if _asks_presence(leaf):
            holds = (found is not None) == _OF_EVERY_TAG[leaf.op]
            words = _("has the tag %(tag)s") if found is not None else _("does not have the tag %(tag)s")
            return Explanation(self.key, holds, words % {"tag": name}, found, needed)
        kind = _kind(leaf, speech.catalogue)
        holds = kind.holds(leaf.op, found, leaf.value, person.here)
        shown = None if kind.read(found) is None else kind.say(found, person.zone)
        asked = speech.condition(kind, leaf.op, leaf.value)
        return Explanation(self.key, holds, told(_("tag %(tag)s") % {"tag": name}, shown, asked), found, needed)

    def describe(self, leaf: Tagged, speech: Speech) -> str:
        name = _name(leaf, speech)
        if _asks_presence(leaf):
            words = _("has the tag %(tag)s") if _OF_EVERY_TAG[leaf.op] else _("does not have the tag %(tag)s")
            return words % {"tag": name}
        tag = speech.catalogue.tags.get(leaf.tag)
        kind = kind_of(leaf.op, leaf.value, tag.known if tag else None) or ANYTHING
        return joined(_("tag %(tag)s") % {"tag": name}, speech.condition(kind, leaf.op, leaf.value))


def _asks_presence(leaf: Tagged) -> bool:
    return leaf.op in _OF_EVERY_TAG and not (leaf.op == "has" and leaf.value is not None)


def _kind(leaf: Tagged, catalogue: Catalogue) -> Kind[Any]:
    tag = catalogue.tags.get(leaf.tag)
    kind = kind_of(leaf.op, leaf.value, tag.known if tag else None)
    assert kind is not None
    return kind


def _name(leaf: Tagged, speech: Speech) -> str:
    tag = speech.catalogue.tags.get(leaf.tag)
    return quoted((tag.label if tag else "") or leaf.tag)


LEAVES.register(TagLeaf.key, TagLeaf())
