"""One question, two ways."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from pydantic import Field

from audiences.rules.ast import Rule
from journeys.nodes.base import Decision, Group, Node, Step, register
from journeys.nodes.fields import Config
from journeys.nodes.needs import Needs


class ConditionConfig(Config):
    rule: Rule = Field(title=_("Rule"))


@register
class Condition(Node[ConditionConfig]):
    """Whoever the rule holds for, at her own instant, leaves by `yes`; everybody else by `no`."""

    type = "condition"
    label = gettext_lazy("Condition")
    group = Group.DECIDE
    Config = ConditionConfig
    fixed_ports = ("yes", "no")

    def rules(self, config: ConditionConfig) -> Mapping[str, Rule]:
        return {"rule": config.rule}

    def needs(self, config: ConditionConfig, wired: frozenset[str]) -> Needs:
        return Needs(rules=(config.rule,))

    def decide(self, config: ConditionConfig, wired: frozenset[str], step: Step) -> Decision:
        return Decision.by_port(np.where(step.truth[0], 0, 1))
