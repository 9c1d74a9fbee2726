"""`{"clock": "time" | "weekday" | "date" | "workday", "op": OP, "value": V}`: the wall clock of the profile's zone."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from audiences.rules.ast import Clock
from audiences.rules.build import Build
from audiences.rules.catalogue import Catalogue
from audiences.rules.clocks import CLOCKS
from audiences.rules.forms import Choice
from audiences.rules.leaves.base import LEAVES, Explanation, LeafKind
from audiences.rules.person import Person
from audiences.rules.places import join
from audiences.rules.speech import Speech, joined, told
from itinera.kit.errors import Problem


class ClockLeaf(LeafKind[Clock]):
    key = "clock"
    label = gettext_noop("Clock")
    parts = (Choice("clock", "clocks", gettext_noop("clock")), Choice("op", "condition"))
    journeys_only = True

    def check(self, leaf: Clock, catalogue: Catalogue, path: str) -> Iterator[Problem]:
        clock = CLOCKS[leaf.clock]
        if not clock.kind.has(leaf.op):
            words = _("%(clock)s has no operator %(op)s.") % {"clock": _(clock.label), "op": leaf.op}
            yield Problem("unknown_operator", words, join(path, "op"))
        elif (problem := clock.kind.problem(leaf.op, leaf.value)) is not None:
            words = _("The operator %(op)s %(needs)s.") % {"op": leaf.op, "needs": _(problem)}
            yield Problem("wrong_value", words, join(path, "value"))

    def sql(self, leaf: Clock, build: Build) -> str:
        clock = CLOCKS[leaf.clock]
        x = clock.sql(build.hoist(f"({build.base.at} AT TIME ZONE {build.base.zone})"), build.bind)
        return clock.kind.condition(leaf.op, x, leaf.value, build.row, build.bind)

    def explain(self, leaf: Clock, person: Person, speech: Speech) -> Explanation:
        clock = CLOCKS[leaf.clock]
        found = clock.read(person.here)
        holds = clock.kind.answer(leaf.op, found, leaf.value, person.here)
        shown = clock.kind.say_found(found, person.zone)
        text = told(_(clock.label), shown, speech.condition(clock.kind, leaf.op, leaf.value))
        return Explanation(self.key, holds, text, shown, {"op": leaf.op, "value": leaf.value})

    def describe(self, leaf: Clock, speech: Speech) -> str:
        clock = CLOCKS[leaf.clock]
        return joined(_(clock.label), speech.condition(clock.kind, leaf.op, leaf.value))


LEAVES.register(ClockLeaf.key, ClockLeaf())
