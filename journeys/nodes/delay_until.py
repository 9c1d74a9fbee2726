"""Waiting until a moment that has a name: a time, a weekday, a working day, a date of hers, days after entry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, Self

import numpy as np
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_noop as _
from pydantic import Field, StrictBool, model_validator

from itinera.kit.durations import Duration, add, add_local
from itinera.kit.wire import NEVER
from itinera.kit.workdays import is_workday, last_known_year, made_up
from itinera.kit.zones import DAY, Int64, ZoneArray, day_number, next_day, on_day, to_local, to_utc
from journeys.nodes.base import EXIT, Decision, Group, Node, Step, given, register
from journeys.nodes.dates import moments
from journeys.nodes.fields import AttributeName, Config, Note, TimeOfDay, Weekdays, refuse
from journeys.nodes.needs import Column, Needs

NEXT, PAST = 0, 1
_HORIZON = timedelta(days=180)
"""How far ahead of today the working-day calendar should be known."""


class DelayUntilConfig(Config):
    """Three forms: `time`/`weekdays`/`workday`; `attribute`; `from: entry`. The last two may add `offset`, `time`."""

    time: TimeOfDay | None = Field(default=None, title=_("Time of day"))
    weekdays: Weekdays | None = Field(default=None, title=_("On these weekdays"))
    workday: StrictBool = Field(default=False, title=_("On working days only"))
    attribute: AttributeName | None = Field(default=None, title=_("Date attribute"))
    from_: Literal["entry"] | None = Field(
        default=None, alias="from", title=_("Counted from"), json_schema_extra={"labels": {"entry": _("entry")}}
    )
    offset: Duration | None = Field(default=None, title=_("Earlier or later by"))
    if_past: Literal["proceed", "exit", "port"] = Field(
        default="proceed",
        title=_("If that is over already"),
        json_schema_extra={"labels": {"proceed": _("go on"), "exit": _("leave"), "port": _("take the way “past”")}},
    )

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        clock = self.weekdays is not None or self.workday
        anchored = self.attribute is not None or self.from_ is not None
        if self.attribute is not None and self.from_ is not None:
            raise refuse("contradictory", _("Give either `attribute` or `from`, not both."))
        if anchored and clock:
            raise refuse("contradictory", _("Weekdays and working days cannot be combined with a date to count from."))
        if self.offset is not None and not anchored:
            raise refuse("contradictory", _("An offset needs `attribute` or `from` to count from."))
        if not anchored and not clock and self.time is None:
            raise refuse("incomplete", _("Until when? Give a time, weekdays, working days, an attribute or `from`."))
        return self


@register
class DelayUntil(Node[DelayUntilConfig]):
    """Who arrives exactly then passes at once; nobody waits for the past: `if_past` says where she goes instead.

    A time, weekday or working day is never past: there is a next one. Without `time` it is 00:00 of the
    day; for an attribute or the entry it is their own time. Who lacks the attribute counts as past; so does
    everybody where only worked Saturdays or Sundays will do and no further one is known.
    """

    type = "delay.until"
    label = gettext_lazy("Wait until")
    group = Group.WAIT
    Config = DelayUntilConfig
    fixed_ports = ("next", "past")
    optional_ports = frozenset({"past"})

    def needs(self, config: DelayUntilConfig, wired: frozenset[str]) -> Needs:
        columns = {Column("profile", config.attribute)} if config.attribute else set()
        return Needs(zones=True, columns=frozenset(columns))

    def decide(self, config: DelayUntilConfig, wired: frozenset[str], step: Step) -> Decision:
        target = _target(config, step)
        past = step.arriving & (target < step.at)
        way = {"proceed": NEXT, "exit": EXIT, "port": PAST if "past" in wired else NEXT}[config.if_past]
        return Decision.when(step, target, np.where(past, way, NEXT))

    def notes(self, config: DelayUntilConfig, wired: frozenset[str], today: int) -> Iterator[Note]:
        if "past" in wired and config.if_past != "port":
            yield Note("port_not_used", gettext("Nobody leaves by “past” unless `if_past` is “port”."), "if_past")
        ahead = date(1970, 1, 1) + timedelta(days=today) + _HORIZON
        if config.workday and ahead.year > last_known_year():
            words = gettext("Working days are known up to %(year)d; later Monday to Friday count.")
            yield Note("unknown_workdays", words % {"year": last_known_year()}, "workday")
        if config.workday and config.weekdays and min(config.weekdays) > 5:
            yield _rare(config.weekdays, today)


def _rare(weekdays: Sequence[int], today: int) -> Note:
    """Saturdays and Sundays are worked a few times a year, as it is decreed."""
    days = list(made_up(weekdays, today))
    known: dict[str, object] = {"count": len(days), "year": last_known_year()}
    if not days:
        words = gettext("No such day is known from today on (the calendar ends with %(year)d): it counts as past.")
        return Note("no_such_day", words % known, "weekdays")
    known["date"] = date(1970, 1, 1) + timedelta(days=days[0])
    words = gettext("Only make-up days match; known up to the end of %(year)d: %(count)d, the next on %(date)s.")
    return Note("rare_day", words % known, "weekdays")


def _target(config: DelayUntilConfig, step: Step) -> Int64:
    """The moment named, per person; NEVER (which lies before everything) where there is none."""
    zones, offset = given(step.zones), config.offset or Duration()
    if config.attribute:
        return _from_attribute(step.columns[Column("profile", config.attribute)], offset, config.time, zones)
    if config.from_:
        return _at_time(add(step.entered_at, offset, zones), config.time, zones)
    return _next_day(config, step.at, zones)


def _from_attribute(values: Sequence[object], offset: Duration, time: int | None, zones: ZoneArray) -> Int64:
    """Plain dates are moved on the calendar, instants exactly."""
    found = moments(values)
    by_date = add_local(found.local, offset)
    if time is not None:
        by_date = np.where(by_date == NEVER, NEVER, day_number(by_date) * DAY + time)
    by_instant = _at_time(add(found.at, offset, zones), time, zones)
    return np.where(found.local == NEVER, by_instant, to_utc(by_date, zones))


def _at_time(at: Int64, time: int | None, zones: ZoneArray) -> Int64:
    """`time` on the local day of `at`; `at` itself without a time."""
    if time is None:
        return at
    return np.where(at == NEVER, NEVER, on_day(day_number(to_local(at, zones)), time, zones))


def _next_day(config: DelayUntilConfig, at: Int64, zones: ZoneArray) -> Int64:
    """The next moment, `at` or later, on a day that qualifies; NEVER where none is known."""
    time = config.time or 0
    days, rows = np.unique(next_day(at, time, zones), return_inverse=True)
    found = [_qualifying(int(day), config.weekdays, config.workday) for day in days]
    local = np.array([NEVER if day is None else day * DAY + time for day in found], dtype=np.int64)
    return to_utc(local[rows], zones)


@lru_cache(maxsize=4096)
def _qualifying(day: int, weekdays: tuple[int, ...] | None, workday: bool) -> int | None:
    """The first day, this or a later one, that is one of the weekdays (and worked, if it must be)."""
    if workday and weekdays and min(weekdays) > 5:
        # Not step by step: beyond the known years there is none, and no end to the search.
        return next(made_up(weekdays, day), None)
    while (weekdays and (day + 3) % 7 + 1 not in weekdays) or (workday and not is_workday(day)):
        day += 1
    return day
