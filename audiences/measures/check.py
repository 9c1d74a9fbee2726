"""Whether a measure makes sense in this workspace, before it is saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from django.utils.translation import gettext as _

from audiences.measures.ast import AttributeMeasure, EventMeasure, FadingMeasure, Measure, TagMeasure
from audiences.rules.ast import Event
from audiences.rules.catalogue import Catalogue, Known
from audiences.rules.check import check_rule
from audiences.rules.kinds.number import Number
from audiences.rules.places import join
from itinera.kit.errors import Problem


def check_measure(measure: Measure, catalogue: Catalogue, path: str) -> Iterator[Problem]:
    """Every problem; those of severity `warning` do not forbid saving. Paths begin with `path`."""
    match measure:
        case AttributeMeasure(attribute=name):
            yield from _check_attribute(name, catalogue, path)
        case TagMeasure(tag=slug):
            yield from _check_tag(slug, catalogue, path)
        case EventMeasure():
            yield from check_rule(measure.leaf(), catalogue, path)
        case FadingMeasure(fade=event):
            sort = "sum" if measure.property else "count"
            leaf = Event(event=event, where=measure.where, measure=sort, property=measure.property, op="is_set")
            yield from check_events(leaf, catalogue, path, {"event": "fade"})


def check_events(leaf: Event, catalogue: Catalogue, path: str, called: Mapping[str, str]) -> Iterator[Problem]:
    """The problems of a leaf of which some keys are called otherwise here."""
    places = {join(path, key): join(path, name) for key, name in called.items()}
    for problem in check_rule(leaf, catalogue, path):
        yield replace(problem, path=places.get(problem.path or "", problem.path))


def check_event(name: str, catalogue: Catalogue, path: str) -> Iterator[Problem]:
    """An event that nobody ever had is odd."""
    if name not in catalogue.events:
        words = _("Nobody had an event named %(name)s so far.") % {"name": name}
        yield Problem("unknown_event", words, path, severity="warning")


def _check_attribute(name: str, catalogue: Catalogue, path: str) -> Iterator[Problem]:
    known = catalogue.attributes.get(name)
    if known is None:
        words = _("Nobody has an attribute named %(name)s so far.") % {"name": name}
        yield Problem("unknown_attribute", words, join(path, "attribute"), severity="warning")
    else:
        yield from _check_number(name, known, join(path, "attribute"))


def _check_tag(slug: str, catalogue: Catalogue, path: str) -> Iterator[Problem]:
    tag = catalogue.tags.get(slug)
    if tag is None:
        words = _("There is no tag %(tag)s so far.") % {"tag": slug}
        yield Problem("unknown_tag", words, join(path, "tag"), severity="warning")
    else:
        yield from _check_number(slug, tag.known or Known("boolean", declared=True), join(path, "tag"))


def _check_number(name: str, known: Known, path: str) -> Iterator[Problem]:
    if not isinstance(known.kind, Number):
        words = _("A measure needs a number, but %(name)s is of type %(type)s.")
        values = {"name": name, "type": known.type}
        severity = "error" if known.declared else "warning"
        yield Problem("wrong_type", words % values, path, severity=severity)  # type: ignore[arg-type]
