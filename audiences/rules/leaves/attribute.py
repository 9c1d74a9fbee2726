"""`{"attribute": NAME, "op": OP, "value": V}`: a fact about the profile, or the row of a look-up table it names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from audiences.rules.ast import Attribute
from audiences.rules.build import Build
from audiences.rules.catalogue import Catalogue, Known, kind_of
from audiences.rules.conditions import check_condition
from audiences.rules.forms import Choice
from audiences.rules.kinds import ANYTHING, Kind
from audiences.rules.leaves.base import LEAVES, Explanation, LeafKind
from audiences.rules.lookups import check_via, compared, looked_up, looked_up_sql
from audiences.rules.person import Person
from audiences.rules.places import join
from audiences.rules.speech import Speech, joined, told
from itinera.kit.errors import Problem


class AttributeLeaf(LeafKind[Attribute]):
    key = "attribute"
    label = gettext_noop("Attribute")
    parts = (Choice("attribute", "attributes", gettext_noop("attribute")), Choice("op", "condition"))

    def check(self, leaf: Attribute, catalogue: Catalogue, path: str) -> Iterator[Problem]:
        if leaf.attribute not in catalogue.attributes:
            words = _("Nobody has an attribute named %(name)s so far.") % {"name": leaf.attribute}
            yield Problem("unknown_attribute", words, join(path, "attribute"), severity="warning")
        yield from check_via(leaf.via, catalogue, path)
        yield from check_condition(leaf.op, leaf.value, _known(leaf, catalogue), path)

    def sql(self, leaf: Attribute, build: Build) -> str:
        kind = _kind(leaf, build.catalogue)
        own = build.attribute_of_base(leaf.attribute)
        if leaf.via is None:
            x = kind.hoisted_sql(own, build.hoist)
        else:
            x = kind.read_sql(looked_up_sql(leaf.via, build.hoist(own), build, build.joins))
        return kind.condition(leaf.op, x, leaf.value, build.row, build.bind)

    def explain(self, leaf: Attribute, person: Person, speech: Speech) -> Explanation:
        kind = _kind(leaf, speech.catalogue)
        found = looked_up(leaf.via, person.attributes.get(leaf.attribute), person.rows)
        holds = kind.holds(leaf.op, found, leaf.value, person.here)
        asked = speech.condition(kind, leaf.op, leaf.value)
        shown = None if kind.read(found) is None else kind.say(found, person.zone)
        text = told(speech.attribute(leaf.attribute, leaf.via), shown, asked)
        return Explanation(self.key, holds, text, found, {"op": leaf.op, "value": leaf.value})

    def describe(self, leaf: Attribute, speech: Speech) -> str:
        kind = kind_of(leaf.op, leaf.value, _known(leaf, speech.catalogue)) or ANYTHING
        asked = speech.condition(kind, leaf.op, leaf.value)
        return joined(speech.attribute(leaf.attribute, leaf.via), asked)


def _known(leaf: Attribute, catalogue: Catalogue) -> Known | None:
    return compared(leaf.via, catalogue.attributes.get(leaf.attribute), catalogue)


def _kind(leaf: Attribute, catalogue: Catalogue) -> Kind[Any]:
    kind = kind_of(leaf.op, leaf.value, _known(leaf, catalogue))
    assert kind is not None
    return kind


LEAVES.register(AttributeLeaf.key, AttributeLeaf())
