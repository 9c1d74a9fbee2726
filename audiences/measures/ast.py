"""Measures: a number per person, from what she did or from what is known of her.

    {"event": NAME, "where": […], "measure": M, "property": P, "window": W}      as in a rule, without its operator
    {"attribute": NAME}      {"tag": SLUG}                                       where the value is a number
    {"fade": EVENT, "where": […], "property": P, "half_life": DUR}               what she did weighs less as it ages

`first` and `last` are whole local days since then. A fading measure is the sum of value · 0.5^(age / half-life);
without a property each event counts 1. What is older than `FADED` half-lives weighs less than 10^-19 and is left out.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from django.utils.translation import gettext_noop
from pydantic import AfterValidator, Discriminator, Tag, TypeAdapter, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from audiences.rules.ast import Event, Filter
from audiences.rules.ast import Measure as Kind
from audiences.rules.fields import Name, Slug, Span
from audiences.rules.window_ast import Part, Window, tag_of
from itinera.kit.durations import Duration
from itinera.kit.errors import Refusal
from itinera.kit.validation import problems_of

FADED = 64


class EventMeasure(Part):
    """A measure over the events of one name in a window."""

    event: Name
    where: tuple[Filter, ...] = ()
    measure: Kind = "count"
    property: Name | None = None
    window: Window | None = None

    @model_validator(mode="after")
    def _complete(self) -> EventMeasure:
        self.leaf()
        return self

    def leaf(self) -> Event:
        """The leaf of a rule that asks whether there is such a measure."""
        return Event(
            event=self.event, where=self.where, measure=self.measure, property=self.property, op="is_set",
            window=self.window,
        )  # fmt: skip


class AttributeMeasure(Part):
    """A fact about the profile that is a number."""

    attribute: Name


class TagMeasure(Part):
    """The value of a tag that is a number."""

    tag: Slug


def _exact(span: Duration) -> Duration:
    if span.months or span.is_zero:
        words = gettext_noop("A half-life is an exact duration such as P30D, more than nothing and without months.")
        raise PydanticCustomError("wrong_value", words)
    return span


class FadingMeasure(Part):
    """What somebody did, weighing half as much after each half-life."""

    fade: Name
    where: tuple[Filter, ...] = ()
    property: Name | None = None
    half_life: Annotated[Span, AfterValidator(_exact)]


_NO_MEASURE = gettext_noop("A measure has one of the keys event, attribute, tag, fade.")
_MEASURES = ("fade", "event", "attribute", "tag")

Measure: TypeAlias = Annotated[
    Annotated[EventMeasure, Tag("<event>")]
    | Annotated[AttributeMeasure, Tag("<attribute>")]
    | Annotated[TagMeasure, Tag("<tag>")]
    | Annotated[FadingMeasure, Tag("<fade>")],
    Discriminator(
        lambda value: tag_of(value, _MEASURES), custom_error_type="not_a_measure", custom_error_message=_NO_MEASURE
    ),
]  # fmt: skip
_MEASURE: TypeAdapter[Any] = TypeAdapter(Measure)


def parse_measure(value: object, path: str = "") -> Measure:
    """The measure of a JSON value. Refusal with all problems; paths in them begin with `path`."""
    try:
        found: Measure = _MEASURE.validate_python(value)
    except ValidationError as error:
        raise Refusal(problems_of(error, path)) from error
    return found
