"""`{"audience": SLUG}`: member of an audience at the instant of judgement.

An audience by rule is asked by its rule, at that instant and not as of its last refresh. Any other (an upload, a rank,
a likeness) is asked by its stored members.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from audiences.rules.ast import InAudience, Rule
from audiences.rules.audiences import loop_of, rule_of, stored_members
from audiences.rules.build import Build
from audiences.rules.catalogue import Catalogue
from audiences.rules.check import check_rule
from audiences.rules.forms import Choice
from audiences.rules.leaves.base import LEAVES, ColumnLeaf, Explanation
from audiences.rules.nesting import judge, rule_sql
from audiences.rules.people import Question
from audiences.rules.person import NO, Person
from audiences.rules.places import AUDIENCE, join
from audiences.rules.speech import Speech
from audiences.rules.words import quoted
from itinera.kit.errors import Problem


class AudienceLeaf(ColumnLeaf[InAudience]):
    key = "audience"
    label = gettext_noop("Audience")
    parts = (Choice("audience", "audiences", gettext_noop("audience")),)

    def check(self, leaf: InAudience, catalogue: Catalogue, path: str) -> Iterator[Problem]:
        here = join(path, "audience")
        if leaf.audience not in catalogue.audiences:
            words = _("There is no audience %(slug)s.") % {"slug": leaf.audience}
            yield Problem("unknown_audience", words, here)
        elif catalogue.audiences[leaf.audience].archived:
            words = _("The audience %(slug)s is archived.") % {"slug": leaf.audience}
            yield Problem("archived_audience", words, here)
        elif loop := loop_of(leaf.audience, catalogue):
            words = _("These audiences rest on each other in a circle: %(loop)s.") % {"loop": " → ".join(loop)}
            yield Problem("audience_loop", words, here)
        elif (rule := rule_of(leaf.audience, catalogue)) is not None:
            yield from _within(leaf, rule, catalogue, here)

    def people(self, leaf: InAudience, catalogue: Catalogue) -> str | None:
        found = catalogue.audiences.get(leaf.audience)
        return found.people if found else None

    def stands_for(self, leaf: InAudience, catalogue: Catalogue) -> Rule | None:
        return rule_of(leaf.audience, catalogue)

    def question(self, leaf: InAudience, catalogue: Catalogue) -> Question | None:
        found = catalogue.audiences.get(leaf.audience)
        stored = found is not None and rule_of(leaf.audience, catalogue) is None
        return Question(stored_members(found.id)) if found and stored else None

    def sql(self, leaf: InAudience, build: Build) -> str:
        rule = rule_of(leaf.audience, build.catalogue)
        if rule is None:
            return super().sql(leaf, build)
        people = build.bind(build.catalogue.audiences[leaf.audience].people, "text")
        return f"coalesce({build.hoist('b.kind')} = {people}, false) AND ({rule_sql(rule, build)})"

    def explain(self, leaf: InAudience, person: Person, speech: Speech) -> Explanation:
        rule = rule_of(leaf.audience, speech.catalogue)
        if rule is None:
            holds = person.answers.get(leaf, NO).holds
            return Explanation(self.key, holds, _said(leaf, holds, speech), holds, needed=True)
        part = judge(rule, person, speech)
        holds = part.holds and person.people == self.people(leaf, speech.catalogue)
        return Explanation(self.key, holds, _said(leaf, holds, speech), holds, needed=True, parts=(part,))

    def describe(self, leaf: InAudience, speech: Speech) -> str:
        return _said(leaf, True, speech)


def _within(leaf: InAudience, rule: Rule, catalogue: Catalogue, path: str) -> Iterator[Problem]:
    """The catalogue may have changed since that audience was saved."""
    people = catalogue.audiences[leaf.audience].people
    for problem in check_rule(rule, catalogue, place=AUDIENCE.among(people)):
        if problem.severity == "error":
            words = _("The rule of the audience %(slug)s cannot be asked: %(reason)s")
            yield Problem(problem.code, words % {"slug": leaf.audience, "reason": problem.detail}, path)


def _said(leaf: InAudience, inside: bool, speech: Speech) -> str:
    found = speech.catalogue.audiences.get(leaf.audience)
    words = _("is in the audience %(audience)s") if inside else _("is not in the audience %(audience)s")
    return words % {"audience": quoted((found.name if found else "") or leaf.audience)}


LEAVES.register(AudienceLeaf.key, AudienceLeaf())
