"""`{"event": NAME, "where": […], "measure": M, "property": P, "op": OP, "value": V, "window": W}`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from audiences.rules.ast import Event
from audiences.rules.build import Build, Joins
from audiences.rules.catalogue import Catalogue
from audiences.rules.forms import Choice
from audiences.rules.kinds import KINDS, NUMBER, Kind
from audiences.rules.kinds.moments_sql import When
from audiences.rules.kinds.number import Number
from audiences.rules.leaves.base import LEAVES, Explanation, LeafKind
from audiences.rules.measures import NONE_IS_ZERO, TIMES, explain_measure, measure_sql
from audiences.rules.occurrences import check_event, event_id_sql, seen
from audiences.rules.person import Person
from audiences.rules.places import join
from audiences.rules.speech import Speech, joined, told
from audiences.rules.where import where_sql
from audiences.rules.windows import frame
from itinera.kit.errors import Problem

_DID = {("gte", 1), ("gt", 0)}
_DID_NOT = {("eq", 0), ("lt", 1), ("lte", 0)}


class EventLeaf(LeafKind[Event]):
    key = "event"
    label = gettext_noop("Events")
    parts = (
        Choice("window", "window"),
        Choice("event", "events", gettext_noop("event")),
        Choice("measure", "measures"),
        Choice("op", "condition"),
        Choice("where", "filters"),
    )

    def check(self, leaf: Event, catalogue: Catalogue, path: str) -> Iterator[Problem]:
        yield from check_event(leaf.event, leaf.where, catalogue, path, "event")
        kind = _kind(leaf)
        if not kind.has(leaf.op):
            words = _("The measure %(measure)s has no operator %(op)s.")
            yield Problem("unknown_operator", words % {"measure": leaf.measure, "op": leaf.op}, join(path, "op"))
        elif problem := kind.problem(leaf.op, leaf.value):
            words = _("The operator %(op)s %(needs)s.") % {"op": leaf.op, "needs": _(problem)}
            yield Problem("wrong_value", words, join(path, "value"))
        known = catalogue.property(leaf.event, leaf.property) if leaf.property else None
        if known and leaf.measure != "distinct" and not isinstance(known.kind, Number):
            words = _("%(measure)s needs a number, but %(name)s is of type %(type)s.")
            values = {"measure": leaf.measure, "name": leaf.property, "type": known.type}
            severity = "error" if known.declared else "warning"
            yield Problem("wrong_type", words % values, join(path, "property"), severity=severity)  # type: ignore[arg-type]

    def sql(self, leaf: Event, build: Build) -> str:
        joins = Joins("r")
        conditions = [
            f"e.type_id = {event_id_sql(leaf.event, build)}",
            *frame(leaf.window, build).conditions,
            *where_sql(leaf.where, leaf.event, build, joins),
        ]
        value = build.measure(measure_sql(leaf, build), conditions, joins)
        if leaf.measure in NONE_IS_ZERO:
            value = f"coalesce({value}, 0)"
        x = When(None, value) if leaf.measure in TIMES else value
        return _kind(leaf).condition(leaf.op, x, leaf.value, build.row, build.bind)

    def explain(self, leaf: Event, person: Person, speech: Speech) -> Explanation:
        kind = _kind(leaf)
        events = seen(leaf.event, leaf.where, leaf.window, person, speech.catalogue)
        found, shown = explain_measure(leaf, events, speech.catalogue)
        holds = kind.answer(leaf.op, found, leaf.value, person.here)
        said = None if found is None else _shown_as(leaf, speech.catalogue).say_found(found, person.zone)
        text = told(speech.measured(leaf), said, speech.condition(kind, leaf.op, leaf.value))
        return Explanation(self.key, holds, text, shown, {"op": leaf.op, "value": leaf.value})

    def describe(self, leaf: Event, speech: Speech) -> str:
        plain = (leaf.op, leaf.value) if leaf.measure == "count" and not isinstance(leaf.value, bool) else None
        if plain in _DID or plain in _DID_NOT:
            words = _("did %(event)s") if plain in _DID else _("did not do %(event)s")
            return speech.in_window(leaf.window, words % {"event": speech.occurrence(leaf.event, leaf.where)})
        return joined(speech.measured(leaf), speech.condition(_kind(leaf), leaf.op, leaf.value))


def _kind(leaf: Event) -> Kind[object]:
    return KINDS["datetime"] if leaf.measure in TIMES else NUMBER  # type: ignore[return-value]


def _shown_as(leaf: Event, catalogue: Catalogue) -> Kind[Any]:
    """Sums of money are said as money; how many there are, never."""
    known = catalogue.property(leaf.event, leaf.property) if leaf.property else None
    is_amount = known is not None and leaf.measure != "distinct" and isinstance(known.kind, Number)
    return known.kind if known and is_amount else _kind(leaf)


LEAVES.register(EventLeaf.key, EventLeaf())
