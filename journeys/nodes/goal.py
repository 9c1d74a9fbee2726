"""A named success on the way."""

from __future__ import annotations

import math
from typing import Annotated

import numpy as np
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from pydantic import Discriminator, Field, Tag

from audiences.rules.fields import Reference
from journeys.nodes.base import Decision, Group, Node, Step, register
from journeys.nodes.effects import CountGoal
from journeys.nodes.fields import Config, Number, Text
from journeys.nodes.needs import Column, Needs


def _form(value: object) -> str:
    if isinstance(value, str):
        return "<name>"
    return "<of>" if isinstance(value, dict | Reference) else "<number>"


GoalValue = Annotated[
    Annotated[Number, Tag("<number>")] | Annotated[Text, Tag("<name>")] | Annotated[Reference, Tag("<of>")],
    Discriminator(_form),
]


class GoalConfig(Config):
    name: Text = Field(title=_("Name"))
    value: GoalValue | None = Field(
        default=None, title=_("Value"), description=_("A number, or the property of the entry event that holds it")
    )

    @property
    def column(self) -> Column | None:
        """Where the value is taken from; a mere name is a property of the entry event."""
        if isinstance(self.value, Reference):
            return Column(self.value.of, self.value.name)
        return Column("entry", self.value) if isinstance(self.value, str) else None


@register
class Goal(Node[GoalConfig]):
    """Everybody who passes is counted once, with the value if it is a finite number, and goes on."""

    type = "goal"
    label = gettext_lazy("Goal")
    group = Group.END
    Config = GoalConfig

    def needs(self, config: GoalConfig, wired: frozenset[str]) -> Needs:
        return Needs(columns=frozenset({config.column}) if config.column else frozenset())

    def decide(self, config: GoalConfig, wired: frozenset[str], step: Step) -> Decision:
        if config.column:
            values = [_number(each) for each in step.columns[config.column]]
        else:
            values = [_number(config.value)] * len(step)
        return Decision.all(len(step), 0, (CountGoal(config.name, np.arange(len(step)), values),))


def _number(value: object) -> float | None:
    """Values of the wrong type count as missing."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
