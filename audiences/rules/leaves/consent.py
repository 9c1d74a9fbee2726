"""`{"consent": CHANNEL, "category": CATEGORY, "is": "given" | "withdrawn" | "unknown"}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from audiences.rules.ast import Consent
from audiences.rules.build import Build
from audiences.rules.catalogue import Catalogue
from audiences.rules.channels import CHANNELS, category_label, channel_label, check_channel
from audiences.rules.forms import Choice
from audiences.rules.leaves.base import LEAVES, Explanation, LeafKind
from audiences.rules.person import Person
from audiences.rules.speech import Speech
from itinera.kit.errors import Problem

CONSENTS: Mapping[str, str] = {
    "given": gettext_noop("given"),
    "withdrawn": gettext_noop("withdrawn"),
    "unknown": gettext_noop("not known"),
}
_STORED = {True: "given", False: "withdrawn"}


class ConsentLeaf(LeafKind[Consent]):
    key = "consent"
    label = gettext_noop("Consent")
    parts = (
        Choice("consent", "channels", gettext_noop("channel")),
        Choice("category", "categories", gettext_noop("category")),
        Choice("is", "choices", choices=CONSENTS),
    )

    def check(self, leaf: Consent, catalogue: Catalogue, path: str) -> Iterator[Problem]:
        yield from check_channel(leaf.consent, CHANNELS, path, "consent")

    def sql(self, leaf: Consent, build: Build) -> str:
        channel, category = build.bind(leaf.consent, "text"), build.bind(leaf.category, "text")
        # By value: jsonb `true` and `false` are what policy reads, anything else is not known.
        said = build.hoist(f"b.consent -> {channel} -> {category}")
        if leaf.is_ == "unknown":
            return f"coalesce({said} NOT IN ('true'::jsonb, 'false'::jsonb), true)"
        return f"coalesce({said} = '{'true' if leaf.is_ == 'given' else 'false'}'::jsonb, false)"

    def explain(self, leaf: Consent, person: Person, speech: Speech) -> Explanation:
        stored = person.consent.get(leaf.consent)
        answer = stored.get(leaf.category) if isinstance(stored, Mapping) else None
        found = _STORED[answer] if isinstance(answer, bool) else "unknown"
        words = _("%(what)s is %(found)s; required: %(asked)s")
        text = words % {"what": _what(leaf), "found": _(CONSENTS[found]), "asked": _(CONSENTS[leaf.is_])}
        return Explanation(self.key, found == leaf.is_, text, found, leaf.is_)

    def describe(self, leaf: Consent, speech: Speech) -> str:
        return _("%(what)s is %(found)s") % {"what": _what(leaf), "found": _(CONSENTS[leaf.is_])}


def _what(leaf: Consent) -> str:
    names = {"channel": channel_label(leaf.consent), "category": category_label(leaf.category)}
    return _("consent to %(category)s by %(channel)s") % names


LEAVES.register(ConsentLeaf.key, ConsentLeaf())
