"""Waiting for a while."""

from __future__ import annotations

from typing import Literal, Self

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from pydantic import Field, model_validator

from itinera.kit.durations import add, add_local
from itinera.kit.zones import DAY, Int64, ZoneArray, day_number, next_time, on_day, to_local
from journeys.nodes.base import Decision, Group, Node, Step, register
from journeys.nodes.fields import Config, Forward, TimeOfDay, refuse
from journeys.nodes.needs import Needs


class DelayForConfig(Config):
    duration: Forward = Field(title=_("For"))
    days: Literal["exact", "calendar"] = Field(
        default="exact",
        title=_("A day is"),
        description=_("24 hours, or the next date in the customer's time zone"),
        json_schema_extra={"labels": {"exact": _("24 hours"), "calendar": _("a date")}},
    )
    then_at: TimeOfDay | None = Field(default=None, title=_("Then until"))

    @model_validator(mode="after")
    def _countable(self) -> Self:
        if self.days == "calendar" and not self.duration.is_whole_days:
            raise refuse("bad_duration", _("Calendar days are counted in whole days."))
        return self


@register
class DelayFor(Node[DelayForConfig]):
    """Exact: the whole duration, then until the next `then_at`. Calendar: `then_at` or 00:00 of the date
    so many days or months on; a date and time that are over already hold nobody.
    """

    type = "delay.for"
    label = gettext_lazy("Wait for")
    group = Group.WAIT
    Config = DelayForConfig

    def needs(self, config: DelayForConfig, wired: frozenset[str]) -> Needs:
        on_the_clock = config.days == "calendar" or config.then_at is not None or config.duration.months
        return Needs(zones=bool(on_the_clock))

    def decide(self, config: DelayForConfig, wired: frozenset[str], step: Step) -> Decision:
        return Decision.when(step, _target(config, step.at, step.zones))


def _target(config: DelayForConfig, at: Int64, zones: ZoneArray | None) -> Int64:
    if zones is None:
        return add(at, config.duration, None)
    if config.days == "calendar":
        day = day_number(add_local(day_number(to_local(at, zones)) * DAY, config.duration))
        return on_day(day, config.then_at or 0, zones)
    reached = add(at, config.duration, zones)
    return reached if config.then_at is None else next_time(reached, config.then_at, zones)
