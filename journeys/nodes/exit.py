"""The end of the walk, drawn."""

from __future__ import annotations

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from pydantic import Field

from journeys.nodes.base import EXIT, Decision, Group, Node, Step, register
from journeys.nodes.fields import Config, Text


class ExitConfig(Config):
    reason: Text | None = Field(
        default=None, title=_("Reason"), description=_("A remark for readers; the walk ends as completed")
    )


@register
class Exit(Node[ExitConfig]):
    """Nobody goes on from here."""

    type = "exit"
    label = gettext_lazy("Exit")
    group = Group.END
    Config = ExitConfig
    fixed_ports = ()

    def decide(self, config: ExitConfig, wired: frozenset[str], step: Step) -> Decision:
        return Decision.all(len(step), EXIT)
