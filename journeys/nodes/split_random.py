"""Chance that remembers: the same person always takes the same way at the same node."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

import numpy as np
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from pydantic import Field, field_validator, model_validator

from itinera.kit.buckets import COUNT, buckets
from journeys.nodes.base import Decision, Group, Node, Step, given, register
from journeys.nodes.fields import Config, NodeId, Number, refuse
from journeys.nodes.needs import Needs


class SplitWay(Config):
    id: NodeId = Field(title=_("Id"))
    name: str = Field(default="", max_length=200, title=_("Name"))
    percent: Number = Field(title=_("Percent"), json_schema_extra={"minimum": 0, "maximum": 100})

    @field_validator("percent")
    @classmethod
    def _share(cls, value: float) -> float:
        if not 0 <= value <= 100 or Decimal(str(value)) % Decimal("0.01"):
            raise refuse("bad_percent", _("A percent lies between 0 and 100 and has at most two decimals."))
        return value

    @property
    def buckets(self) -> int:
        """The share in buckets of a hundredth of a percent, exactly."""
        return int(Decimal(str(self.percent)) * 100)


class SplitRandomConfig(Config):
    ways: tuple[SplitWay, ...] = Field(min_length=2, max_length=62, title=_("Ways"))

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if sum(way.buckets for way in self.ways) != COUNT:
            raise refuse("percents", _("The percents of all ways must add up to exactly 100."))
        return self


@register
class SplitRandom(Node[SplitRandomConfig]):
    """The ways own consecutive ranges of the 10,000 buckets, in their order; the salt is the node's own."""

    type = "split.random"
    label = gettext_lazy("Random split")
    group = Group.SPLIT
    Config = SplitRandomConfig
    ports_from = "ways"
    fixed_ports = ()

    def needs(self, config: SplitRandomConfig, wired: frozenset[str]) -> Needs:
        return Needs(units=True)

    def decide(self, config: SplitRandomConfig, wired: frozenset[str], step: Step) -> Decision:
        ends = np.cumsum([way.buckets for way in config.ways])
        return Decision.by_port(np.searchsorted(ends, buckets(step.salt, given(step.units)), side="right"))
