"""People enter at an instant, or again and again: everybody for whom the rule holds at that moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from pydantic import Field, field_validator, model_validator

from audiences.rules.ast import InAudience, Rule
from itinera.kit.cron import is_cron
from journeys.nodes.base import Decision, Group, Node, Step, register
from journeys.nodes.fields import Config, Instant, Slug, refuse


class TriggerScheduleConfig(Config):
    audience: Slug | None = Field(default=None, title=_("Audience"))
    rule: Rule | None = Field(default=None, title=_("Everybody for whom"))
    at: Instant | None = Field(default=None, title=_("Once at"))
    cron: str | None = Field(
        default=None, title=_("Repeatedly"), description=_("minute hour day month weekday, such as 0 9 * * 1")
    )
    from_: Instant | None = Field(default=None, alias="from", title=_("First from"))
    until: Instant | None = Field(default=None, title=_("Until"), description=_("Runs before this instant only"))

    @field_validator("cron")
    @classmethod
    def _readable(cls, value: str | None) -> str | None:
        if value is not None and not is_cron(value):
            raise refuse("bad_cron", _("This is not a cron line of five fields such as 0 9 * * 1."))
        return value

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.rule is None) == (self.audience is None):
            raise refuse("incomplete", _("Give either an audience or a rule: whom does the schedule take?"))
        if (self.at is None) == (self.cron is None):
            raise refuse("contradictory", _("Give either one instant (`at`) or a repetition (`cron`)."))
        if self.at is not None and (self.from_ is not None or self.until is not None):
            raise refuse("contradictory", _("`from` and `until` belong to a repetition (`cron`)."))
        if self.from_ is not None and self.until is not None and self.from_ >= self.until:
            raise refuse("contradictory", _("`from` must be earlier than `until`."))
        return self

    @property
    def people(self) -> Rule:
        """Whom a run takes. ValueError in a config that was never validated."""
        if self.rule is not None:
            return self.rule
        if self.audience is None:
            raise ValueError("a schedule that takes nobody")
        return InAudience(audience=self.audience)


@register
class TriggerSchedule(Node[TriggerScheduleConfig]):
    """The runs and their people are the engine's (`journeys.triggers.schedule`); then everybody goes on."""

    type = "trigger.schedule"
    label = gettext_lazy("Schedule")
    group = Group.START
    Config = TriggerScheduleConfig
    is_trigger = True

    def rules(self, config: TriggerScheduleConfig) -> Mapping[str, Rule]:
        # An audience stands for a rule whose own path ends in its key.
        return {"rule" if config.rule is not None else "": config.people}

    def decide(self, config: TriggerScheduleConfig, wired: frozenset[str], step: Step) -> Decision:
        return Decision.all(len(step), 0)
