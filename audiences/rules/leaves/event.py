"""`{"event": NAME, "where": […], "measure": M, "property": P, "op": OP, "value": V, "window": W}`."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from audiences.rules.ast import Event
from audiences.rules.build import Build
from audiences.rules.catalogue import Catalogue
from audiences.rules.kinds import KINDS, NUMBER, Kind
from audiences.rules.kinds.moments_sql import When
from audiences.rules.leaves.base import LEAVES, Explanation, LeafKind, Person
from audiences.rules.measures import NONE_IS_ZERO, TIMES, explain_measure, measure_sql
from audiences.rules.places import join
from audiences.rules.where import check_where, passes, where_sql
from audiences.rules.windows import reach, window_sql
from itinera.kit.errors import Problem

OWN = (
    "message.", "task.", "coupon.", "journey.", "experiment.", "wecom.", "keyword.", "audience.", "tag.", "attribute.",
)  # fmt: skip
"""Events that Itinera writes itself; in the catalogue from the start."""


class EventLeaf(LeafKind[Event]):
    key = "event"

    def check(self, leaf: Event, catalogue: Catalogue, path: str) -> Iterator[Problem]:
        known = catalogue.events.get(leaf.event)
        if known is None and not leaf.event.startswith(OWN):
            words = _("Nobody had an event named %(name)s so far.") % {"name": leaf.event}
            yield Problem("unknown_event", words, join(path, "event"), severity="warning")
        yield from check_where(leaf.where, leaf.event, catalogue, join(path, "where"))
        yield from self._check_measure(leaf, catalogue, path)

    def _check_measure(self, leaf: Event, catalogue: Catalogue, path: str) -> Iterator[Problem]:
        kind = _kind(leaf)
        if not kind.has(leaf.op):
            words = _("The measure %(measure)s has no operator %(op)s.")
            yield Problem("unknown_operator", words % {"measure": leaf.measure, "op": leaf.op}, join(path, "op"))
        elif problem := kind.problem(leaf.op, leaf.value):
            words = _("The operator %(op)s %(needs)s.") % {"op": leaf.op, "needs": _(problem)}
            yield Problem("wrong_value", words, join(path, "value"))
        known = catalogue.property(leaf.event, leaf.property) if leaf.property else None
        if known and leaf.measure != "distinct" and known.kind is not NUMBER:
            words = _("%(measure)s needs a number, but %(name)s is of type %(type)s.")
            values = {"measure": leaf.measure, "name": leaf.property, "type": known.type}
            severity = "error" if known.declared else "warning"
            yield Problem("wrong_type", words % values, join(path, "property"), severity=severity)  # type: ignore[arg-type]

    def sql(self, leaf: Event, build: Build) -> str:
        conditions = [
            f"e.type_id = {event_id_sql(leaf.event, build)}",
            *window_sql(leaf.window, build),
            *where_sql(leaf.where, leaf.event, build),
        ]
        value = build.measure(measure_sql(leaf, build), conditions)
        if leaf.measure in NONE_IS_ZERO:
            value = f"coalesce({value}, 0)"
        x = When(None, value) if leaf.measure in TIMES else value
        return _kind(leaf).condition(leaf.op, x, leaf.value, build.row, build.bind)

    def explain(self, leaf: Event, person: Person, catalogue: Catalogue) -> Explanation:
        window = reach(leaf.window, person.at, person.since, person.zone)
        entry = person.entry_event if leaf.window and leaf.window.model_fields_set == {"since"} else None
        seen = [
            each for each in person.events
            if each.name == leaf.event and each.at <= person.at and window.covers(each.at)
            and (entry is None or each.id != entry)
            and passes(leaf.where, leaf.event, each.properties, person, catalogue)
        ]  # fmt: skip
        found, shown = explain_measure(leaf, seen, catalogue)
        holds = _kind(leaf).answer(leaf.op, found, leaf.value, person.here)
        name = f"{leaf.measure}({leaf.event}{f'.{leaf.property}' if leaf.property else ''})"
        return Explanation(self.key, holds, name, shown, {"op": leaf.op, "value": leaf.value})


def event_id_sql(name: str, build: Build) -> str:
    """The number of an event: a constant if the catalogue has it, else looked up when the query runs."""
    known = build.catalogue.events.get(name)
    if known is not None:
        return build.bind(known.id, "int")
    return f"(SELECT id FROM event_type WHERE name = {build.bind(name, 'text')})"  # noqa: S608 - a placeholder


def _kind(leaf: Event) -> Kind[object]:
    return KINDS["datetime"] if leaf.measure in TIMES else NUMBER  # type: ignore[return-value]


LEAVES.register(EventLeaf.key, EventLeaf())
