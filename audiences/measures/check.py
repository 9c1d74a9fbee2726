"""Whether a measure makes sense in this workspace, before it is saved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from audiences.measures.ast import AttributeMeasure, EventMeasure, FadingMeasure, Measure
from audiences.rules.ast import Event, Filter
from audiences.rules.catalogue import Catalogue
from audiences.rules.check import check_rule
from audiences.rules.fields import Reference
from audiences.rules.kinds.number import Number
from audiences.rules.places import join
from itinera.kit.errors import Problem


def check_measure(measure: Measure, catalogue: Catalogue, path: str) -> Iterator[Problem]:
    """Every problem; those of severity `warning` do not forbid saving. Paths begin with `path`."""
    match measure:
        case AttributeMeasure(attribute=name):
            yield from _check_attribute(name, catalogue, path)
        case EventMeasure():
            yield from check_rule(measure.leaf(), catalogue, path)
        case FadingMeasure():
            sort = "sum" if measure.property else "count"
            leaf = Event(event=measure.fade, where=measure.where, measure=sort, property=measure.property, op="is_set")
            yield from check_rule(leaf, catalogue, path)


def check_event(name: str, catalogue: Catalogue, path: str) -> Iterator[Problem]:
    """An event that nobody ever had is odd."""
    if name not in catalogue.events:
        words = _("Nobody had an event named %(name)s so far.") % {"name": name}
        yield Problem("unknown_event", words, path, severity="warning")


def check_where_without_walk(where: Sequence[Filter], path: str) -> Iterator[Problem]:
    """Filters that compare with what only a walk has are refused: they would match nobody."""
    for index, each in enumerate(where):
        if isinstance(each.value, Reference) and each.value.of != "profile":
            words = _("Outside of a journey there is no %(of)s to compare with.") % {"of": each.value.of}
            yield Problem("only_in_journeys", words, join(join(path, index), "value"))


def _check_attribute(name: str, catalogue: Catalogue, path: str) -> Iterator[Problem]:
    known = catalogue.attributes.get(name)
    if known is None:
        words = _("Nobody has an attribute named %(name)s so far.") % {"name": name}
        yield Problem("unknown_attribute", words, join(path, "attribute"), severity="warning")
    elif not isinstance(known.kind, Number):
        words = _("A measure needs a number, but %(name)s is of type %(type)s.")
        values = {"name": name, "type": known.type}
        severity = "error" if known.declared else "warning"
        yield Problem("wrong_type", words % values, join(path, "attribute"), severity=severity)  # type: ignore[arg-type]
