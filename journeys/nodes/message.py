"""One message over one channel. What may leave is policy's to say; how it is sent is the outbox's."""

from __future__ import annotations

from typing import Any, Literal, Self

import numpy as np
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from pydantic import Field, StrictBool, field_validator, model_validator

from channels_out.verdicts import Verdict
from itinera.kit.durations import Duration
from itinera.kit.wire import NEVER
from journeys.nodes.base import ANSWERED, EXIT, WAIT, Decision, Group, Node, Step, given, register
from journeys.nodes.effects import SendMessage
from journeys.nodes.fields import Config, ExactForward, Slug, Text, refuse
from journeys.nodes.needs import MessageNeed, Needs

CHANNELS = ("sms", "email")
"""Those that this version sends over."""

NEXT, CAPPED, UNREACHABLE, FAILED = range(4)
OUTCOME_SENT, OUTCOME_FAILED, OUTCOME_UNREACHABLE = 0, 1, 2
"""`Step.answer` of those who waited to know what became of their message."""

_LATER_CHANNELS = ("wecom", "wecom_app", "moments", "oa", "miniapp", "push", "call", "webhook")


class MessageConfig(Config):
    channel: str = Field(
        title=_("Channel"),
        json_schema_extra={"enum": list(CHANNELS), "labels": {"sms": _("SMS"), "email": _("E-mail")}},
    )
    account: Slug | None = Field(default=None, title=_("Account"), description=_("The channel's usual one if empty"))
    signature: Text | None = Field(default=None, title=_("Signature"))
    template: Slug | None = Field(default=None, title=_("Template"))
    content: dict[str, Any] | None = Field(default=None, title=_("Content"))
    category: Slug | None = Field(default=None, title=_("Category"), description=_("The journey's if empty"))
    transactional: StrictBool = Field(
        default=False, title=_("Transactional"), description=_("Passes consent, quiet hours and caps")
    )
    on_capped: Literal["continue", "hold", "exit"] = Field(
        default="continue",
        title=_("If a cap is full"),
        json_schema_extra={"labels": {"continue": _("go on"), "hold": _("hold her here"), "exit": _("leave")}},
    )
    hold_for: ExactForward | None = Field(default=None, title=_("Hold at most"))
    on_quiet: Literal["hold", "drop"] = Field(
        default="hold",
        title=_("In quiet hours"),
        json_schema_extra={"labels": {"hold": _("hold her here"), "drop": _("skip the message")}},
    )
    stale_after: ExactForward = Field(default=Duration.parse("P1D"), title=_("Too late after"))

    @field_validator("channel")
    @classmethod
    def _known(cls, value: str) -> str:
        if value in CHANNELS:
            return value
        if value in _LATER_CHANNELS:
            raise refuse("not_supported", _("This channel is not run in this version."))
        raise refuse("unknown_channel", _("There is no such channel."))

    @model_validator(mode="after")
    def _something_to_say(self) -> Self:
        if self.template is None and not self.content:
            raise refuse("no_content", _("The message has neither a template nor a content."))
        if self.template is not None and self.content is not None:
            raise refuse("not_supported", _("Give either a template or a content; both are not run in this version."))
        return self


@register
class Message(Node[MessageConfig]):
    """She goes on at once, unless `failed` is wired: then when it is known whether it was sent.

    A skipped message leaves by `next`. Held people are asked about again when their time comes.
    """

    type = "message"
    label = gettext_lazy("Message")
    group = Group.REACH
    Config = MessageConfig
    fixed_ports = ("next", "capped", "unreachable", "failed")
    optional_ports = frozenset({"capped", "unreachable", "failed"})

    def needs(self, config: MessageConfig, wired: frozenset[str]) -> Needs:
        settings = {name: getattr(config, name) for name in MessageConfig.model_fields}
        return Needs(message=MessageNeed(**settings, wants_outcome="failed" in wired))

    def decide(self, config: MessageConfig, wired: frozenset[str], step: Step) -> Decision:
        answered = step.resumed == ANSWERED
        verdict, held_until = given(step.verdict), given(step.held_until)
        held = ~answered & (verdict == Verdict.HOLD)
        after_outcome = np.where((step.answer == OUTCOME_FAILED) & ("failed" in wired), FAILED, NEXT)
        after_outcome[(step.answer == OUTCOME_UNREACHABLE) & ("unreachable" in wired)] = UNREACHABLE
        port = np.where(answered, after_outcome, _ways(config, wired)[verdict]).astype(np.int16)
        until = np.where(held, held_until, NEVER)
        return Decision(port, until, (SendMessage(np.flatnonzero(~answered & ~held)),))


def _ways(config: MessageConfig, wired: frozenset[str]) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    """The way out per verdict; optional ports without an edge fall back to `next`."""
    way = np.full(len(Verdict), NEXT, dtype=np.int16)
    way[Verdict.HOLD] = WAIT
    if "failed" in wired:
        way[Verdict.SEND] = WAIT
    if "unreachable" in wired:
        way[Verdict.UNREACHABLE] = UNREACHABLE
    if config.on_capped == "exit":
        way[Verdict.CAPPED] = EXIT
    elif "capped" in wired:
        way[Verdict.CAPPED] = CAPPED
    return way
