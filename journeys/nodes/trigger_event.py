"""People enter when an event comes."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from pydantic import Field, StrictInt, field_validator

from audiences.rules.ast import Filter
from itinera.kit.durations import Duration
from journeys.nodes.base import Decision, Group, Node, Step, register
from journeys.nodes.fields import Config, EventName, ExactForward, Text, refuse
from journeys.nodes.needs import EventMatch


class Person(Config):
    """Whom the event is about when not its sender: an identity found in one of its properties."""

    property: Text
    identity: Text


class TriggerEventConfig(Config):
    event: EventName = Field(title=_("Event"))
    where: tuple[Filter, ...] = Field(default=(), title=_("Only if"), description=_("All of these must hold"))
    max_age: ExactForward = Field(
        default=Duration.parse("P1D"),
        title=_("Latest after"),
        description=_("Events that arrive later than this after they happened start nobody"),
    )
    person: Person | None = Field(default=None, title=_("Person"))
    nth: StrictInt | None = Field(default=None, ge=1, title=_("Only the n-th"))

    @field_validator("person", "nth")
    @classmethod
    def _later(cls, value: object) -> object:
        if value is not None:
            raise refuse("not_supported", _("This option is not run in this version."))
        return value


@register
class TriggerEvent(Node[TriggerEventConfig]):
    """Finding the events is the engine's (`journeys.triggers.event`); from here everybody just goes on."""

    type = "trigger.event"
    label = gettext_lazy("Event")
    group = Group.START
    Config = TriggerEventConfig
    is_trigger = True

    def events(self, config: TriggerEventConfig) -> Mapping[str, EventMatch]:
        return {"": EventMatch(config.event, config.where)}

    def decide(self, config: TriggerEventConfig, wired: frozenset[str], step: Step) -> Decision:
        return Decision.all(len(step), 0)
