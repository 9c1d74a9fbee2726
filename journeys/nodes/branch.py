"""Several questions in order; the first that holds decides."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from pydantic import Field

from audiences.rules.ast import Rule
from journeys.nodes.base import Decision, Group, Node, Step, register
from journeys.nodes.fields import Config, NodeId
from journeys.nodes.needs import Needs


class BranchPath(Config):
    id: NodeId = Field(title=_("Id"))
    name: str = Field(default="", max_length=200, title=_("Name"))
    rule: Rule = Field(title=_("Rule"))


class BranchConfig(Config):
    paths: tuple[BranchPath, ...] = Field(min_length=1, max_length=61, title=_("Ways"))


@register
class Branch(Node[BranchConfig]):
    """Whoever no rule holds for leaves by `else`."""

    type = "branch"
    label = gettext_lazy("Branch")
    group = Group.DECIDE
    Config = BranchConfig
    ports_from = "paths"
    fixed_ports = ("else",)

    def rules(self, config: BranchConfig) -> Mapping[str, Rule]:
        return {f"paths[{index}].rule": path.rule for index, path in enumerate(config.paths)}

    def needs(self, config: BranchConfig, wired: frozenset[str]) -> Needs:
        return Needs(rules=tuple(path.rule for path in config.paths))

    def decide(self, config: BranchConfig, wired: frozenset[str], step: Step) -> Decision:
        port = np.full(len(step), len(config.paths), dtype=np.int16)
        for index in range(len(config.paths) - 1, -1, -1):
            port[step.truth[index]] = index
        return Decision.by_port(port)
