"""The settings of a journey: who may enter, how often, what counts as reaching the goal, when it ends."""

from __future__ import annotations

from typing import Annotated, Literal, TypeGuard

from django.utils.translation import gettext_noop as _
from pydantic import AfterValidator, Field, StrictBool, StrictInt, field_validator

from audiences.rules.ast import Event, Filter, Rule
from itinera.kit.durations import Duration
from journeys.nodes.fields import OWN_EVENTS, Config, EventName, Forward, Instant, Number, Slug, Text, Zone, refuse

_MONTH = Duration.parse("P30D")


def _later(value: object) -> object:
    """What the format knows and this version does not run: taken only when it asks for nothing."""
    if value:
        raise refuse("not_supported", _("This option is not run in this version."))
    return value


def _is_plain_event(rule: Rule) -> TypeGuard[Event]:
    return isinstance(rule, Event) and (rule.measure, rule.op, rule.value, rule.window) == ("count", "gte", 1, None)


def _plain_event(rule: Rule) -> Rule:
    """An exit rule of this version is one event, with filters or without."""
    if not _is_plain_event(rule) or rule.event.startswith(OWN_EVENTS):
        raise refuse("not_supported", _("An exit rule can only be an event, with filters or without, in this version."))
    return rule


class Reentry(Config):
    """Whether somebody may enter again. `key` names a property of the entry event: one walk per value."""

    policy: Literal["never", "always", "after_exit", "interval"] = "never"
    interval: Forward = _MONTH
    key: Text | None = None


class Entry(Config):
    """Who is let in."""

    filter: Rule | None = None
    per_run: StrictInt | None = None
    per_day: StrictInt | None = None
    total: StrictInt | None = None
    per_second: Number | None = None
    holdout: StrictBool = True
    control_percent: Number = 0

    _not_yet = field_validator("per_run", "per_day", "total", "per_second", "control_percent")(_later)


class GoalEvent(Config):
    event: EventName
    where: tuple[Filter, ...] = ()


class Goal(Config):
    """`value` names a property of the goal's event; `within` counts from entry."""

    when: GoalEvent
    value: Text | None = None
    within: Forward = _MONTH
    exit: StrictBool = True


class Budget(Config):
    amount: Number
    currency: Text


class Settings(Config):
    """Everything that holds for the journey as a whole. Only people of one kind enter it."""

    people: Literal["consumer", "staff", "merchant"] = "consumer"
    zone: Zone | None = None
    priority: StrictInt = Field(default=50, ge=0, le=100)
    category: Slug = "marketing"
    reentry: Reentry = Reentry()
    entry: Entry = Entry()
    goal: Goal | None = None
    exit_when: tuple[Annotated[Rule, AfterValidator(_plain_event)], ...] = ()
    ends_at: Instant | None = None
    max_stay: Forward | None = None
    budget: Budget | None = None

    _not_yet = field_validator("ends_at", "budget")(_later)

    @property
    def exit_events(self) -> tuple[Event, ...]:
        """The exit rules as the events they are in this version."""
        return tuple(rule for rule in self.exit_when if _is_plain_event(rule))
