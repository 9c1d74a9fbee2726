"""The message node: what policy says, what that does to the walk, and what is written down."""

from __future__ import annotations

from datetime import datetime

from tests.acceptance.oracle.people import Json, Use
from tests.acceptance.oracle.policy import Intent, Verdict, judge
from tests.acceptance.oracle.render import render
from tests.acceptance.oracle.times import duration, shift
from tests.acceptance.oracle.walk import End, Leave, Message, Outcome, Park, Walk


def ask_policy(walk: Walk, at: datetime) -> Outcome:
    """A message node, on arrival and again whenever a hold is over."""
    config = walk.node.config
    category = config.get("category") or walk.journey.category
    transactional = config.get("transactional", False)
    intent = Intent(walk.journey.slug, walk.zone, config["channel"], category, transactional)
    verdict = judge(walk.workspace, walk.person, intent, at)
    if verdict.reason == "quiet_hours" and config.get("on_quiet", "hold") == "hold":
        assert verdict.until is not None
        walk.held = verdict
        return Park(verdict.until)
    if verdict.status == "capped":
        return _capped(walk, verdict, at)
    if verdict.status == "send":
        return _send(walk, intent, at)
    return _written(walk, at, verdict.status, verdict.reason)


def _capped(walk: Walk, verdict: Verdict, at: datetime) -> Outcome:
    config = walk.node.config
    if config.get("on_capped", "continue") == "hold":
        walk.refused_since = walk.refused_since or at
        last = shift(walk.refused_since, duration(config["hold_for"]), walk.zone)
        if at < last:
            assert verdict.until is not None
            walk.held = verdict
            return Park(min(verdict.until, last))
    outcome = _written(walk, at, "capped", "capped")
    return End("completed") if config.get("on_capped") == "exit" else outcome


def _send(walk: Walk, intent: Intent, at: datetime) -> Outcome:
    spaces = {"profile": walk.person.attributes, "entry": walk.entry, "answer": walk.answer}
    content = render(walk.node.config["content"], spaces)
    if content is None:
        return _written(walk, at, "skipped", "missing_variable")
    if not intent.transactional:
        walk.person.uses.append(Use(at, intent.channel, intent.category, intent.journey, walk.person.kind))
    return _written(walk, at, "sent", None, content)


def _written(walk: Walk, at: datetime, status: str, reason: str | None, content: Json | None = None) -> Leave:
    channel = walk.node.config["channel"]
    walk.messages.append(Message(walk.node.id, channel, at, status, reason, content))
    return Leave({"capped": "capped", "unreachable": "unreachable"}.get(status, "next"))
