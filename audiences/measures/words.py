"""Measures in plain words, in the reader's language, with labels where there are any."""

from __future__ import annotations

from django.utils.translation import gettext as _

from audiences.measures.ast import AttributeMeasure, EventMeasure, FadingMeasure, Measure, TagMeasure
from audiences.rules.measures import TIMES
from audiences.rules.speech import Speech
from audiences.rules.words import duration_words, marked, tidy


def describe(measure: Measure, speech: Speech) -> str:
    """What it is: `total amount of order_paid in the last 90 days`."""
    return tidy(_said(measure, speech))


def _said(measure: Measure, speech: Speech) -> str:
    match measure:
        case AttributeMeasure(attribute=name):
            return speech.attribute(name)
        case TagMeasure(tag=slug):
            known = speech.catalogue.tags.get(slug)
            return marked((known.label if known else "") or slug)
        case FadingMeasure(fade=event):
            what = speech.occurrence(event, measure.where)
            if measure.property is not None:
                names = {"event": what, "property": speech.property(event, measure.property)}
                what = _("%(property)s of %(event)s") % names
            return _("%(what)s, halved every %(half_life)s") % {
                "what": what, "half_life": duration_words(measure.half_life)
            }  # fmt: skip
        case EventMeasure():
            return _days_since(measure, speech) if measure.measure in TIMES else speech.measured(measure.leaf())
    raise AssertionError(measure)


def _days_since(measure: EventMeasure, speech: Speech) -> str:
    words = _("days since the last %(event)s") if measure.measure == "last" else _("days since the first %(event)s")
    return speech.in_window(measure.window, words % {"event": speech.occurrence(measure.event, measure.where)})
