"""`{"attribute": NAME, "op": OP, "value": V}`: a fact about the profile."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from audiences.rules.ast import Attribute
from audiences.rules.build import Build
from audiences.rules.catalogue import Catalogue, kind_of
from audiences.rules.leaves.base import LEAVES, Explanation, LeafKind, Person, check_condition
from audiences.rules.places import join
from itinera.kit.errors import Problem


class AttributeLeaf(LeafKind[Attribute]):
    key = "attribute"

    def check(self, leaf: Attribute, catalogue: Catalogue, path: str) -> Iterator[Problem]:
        known = catalogue.attributes.get(leaf.attribute)
        if known is None:
            words = _("Nobody has an attribute named %(name)s so far.") % {"name": leaf.attribute}
            yield Problem("unknown_attribute", words, join(path, "attribute"), severity="warning")
        yield from check_condition(leaf.op, leaf.value, known, path)

    def sql(self, leaf: Attribute, build: Build) -> str:
        kind = kind_of(leaf.op, leaf.value, build.catalogue.attributes.get(leaf.attribute))
        assert kind is not None
        x = kind.hoisted_sql(build.attribute_of_base(leaf.attribute), build.hoist)
        return kind.condition(leaf.op, x, leaf.value, build.row, build.bind)

    def explain(self, leaf: Attribute, person: Person, catalogue: Catalogue) -> Explanation:
        kind = kind_of(leaf.op, leaf.value, catalogue.attributes.get(leaf.attribute))
        assert kind is not None
        found = person.attributes.get(leaf.attribute)
        holds = kind.holds(leaf.op, found, leaf.value, person.here)
        return Explanation(self.key, holds, leaf.attribute, found, {"op": leaf.op, "value": leaf.value})


LEAVES.register(AttributeLeaf.key, AttributeLeaf())
