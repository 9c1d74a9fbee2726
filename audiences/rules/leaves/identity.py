"""`{"identity": KIND, "op": "is_set" | "not_set"}`: whether somebody is known under this kind of identity."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from audiences.kinds import KINDS
from audiences.rules.ast import HasIdentity
from audiences.rules.build import Build
from audiences.rules.catalogue import Catalogue
from audiences.rules.forms import Choice
from audiences.rules.identities import identity_label
from audiences.rules.kinds.base import SET
from audiences.rules.leaves.base import LEAVES, Explanation, LeafKind
from audiences.rules.person import Person
from audiences.rules.places import join
from audiences.rules.speech import Speech
from itinera.kit.errors import Problem


class IdentityLeaf(LeafKind[HasIdentity]):
    key = "identity"
    label = gettext_noop("Identity")
    parts = (Choice("identity", "identities", gettext_noop("identity")), Choice("op", "choices", choices=SET))

    def check(self, leaf: HasIdentity, catalogue: Catalogue, path: str) -> Iterator[Problem]:
        if leaf.identity not in KINDS:
            words = _("This kind of identity is none of the usual ones: %(kind)s.") % {"kind": leaf.identity}
            yield Problem("unknown_identity", words, join(path, "identity"), severity="warning")

    def sql(self, leaf: HasIdentity, build: Build) -> str:
        # A set of its own that is joined: a hashed subquery that does not fit into memory would be read per person.
        kind = build.bind(leaf.identity, "text")
        holders = f"(SELECT DISTINCT e.profile_id FROM identity e WHERE {{among}} e.kind = {kind})"  # noqa: S608 - a placeholder
        name = build.joins.add(holders, "{me}.profile_id = u.profile")
        return f"{name}.profile_id IS {'NOT ' if leaf.op == 'is_set' else ''}NULL"

    def explain(self, leaf: HasIdentity, person: Person, speech: Speech) -> Explanation:
        found = leaf.identity in person.identities
        return Explanation(self.key, found == (leaf.op == "is_set"), _said(leaf, found), found, leaf.op)

    def describe(self, leaf: HasIdentity, speech: Speech) -> str:
        return _said(leaf, leaf.op == "is_set")


def _said(leaf: HasIdentity, there: bool) -> str:
    words = _("is known by %(identity)s") if there else _("is not known by %(identity)s")
    return words % {"identity": identity_label(leaf.identity)}


LEAVES.register(IdentityLeaf.key, IdentityLeaf())
