"""Does what nodes ask for: messages into the ledger, attributes and tags into profiles, goals counted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch
from typing import Any, Literal

import numpy as np
import orjson

from audiences.changes import Column, record_column
from channels_out import policy
from channels_out.models import MessageStatus
from channels_out.outbox import OutboxRows
from channels_out.policy import Verdict
from itinera.kit import sqlfile
from itinera.kit.wire import NEVER, Ids, fetch_columns
from journeys.engine.steps import Visit
from journeys.nodes import effects as asked
from journeys.nodes.base import WAIT, Decision

SQL = sqlfile.queries(__file__, "effects.sql")

Texts = Sequence[str | None]
"""JSON per person; None where there is nothing."""

_STATUS = {
    Verdict.SEND: MessageStatus.QUEUED,
    Verdict.SKIPPED: MessageStatus.SKIPPED,
    Verdict.CAPPED: MessageStatus.CAPPED,
    Verdict.UNREACHABLE: MessageStatus.UNREACHABLE,
}


def execute(visit: Visit, decision: Decision) -> None:
    """Everything the decision asks for, in its order; then the holds are noted."""
    for effect in decision.effects:
        _do(effect, visit)
    if visit.needs.message is not None:
        _note_holds(visit, decision)


@singledispatch
def _do(effect: Any, visit: Visit) -> None:  # noqa: ARG001  # the handlers' signature
    raise TypeError(f"the engine does not know the effect {type(effect).__name__}")


@_do.register
def _set(effect: asked.SetAttribute, visit: Visit) -> None:
    values = [None if v is None else orjson.dumps(v).decode() for v in effect.values]
    params = {"profiles": visit.profile[effect.rows], "name": effect.name, "values": values}
    _note_attribute(visit, effect.name, fetch_columns(visit.wave.cursor, SQL["set_attribute"], params))


@_do.register
def _add(effect: asked.AddToAttribute, visit: Visit) -> None:
    params = {"profiles": visit.profile[effect.rows], "name": effect.name, "amount": effect.amount}
    _note_attribute(visit, effect.name, fetch_columns(visit.wave.cursor, SQL["add_to_attribute"], params))


@_do.register
def _tag(effect: asked.ChangeTags, visit: Visit) -> None:
    params = {"profiles": visit.profile[effect.rows], "add": list(effect.add), "remove": list(effect.remove)}
    found = fetch_columns(visit.wave.cursor, SQL["change_tags"], params)
    if not len(found["profiles"]):
        return
    for name, before in zip((*effect.add, *effect.remove), zip(*found["before"], strict=True), strict=True):
        after = "true" if name in effect.add else None
        which = np.array([each != after for each in before], dtype=bool)
        was = [each for each in before if each != after]
        _note(visit, "tag", name, found["profiles"][which], was, [after] * len(was))


def _note_attribute(visit: Visit, name: str, found: dict[str, Any]) -> None:
    _note(visit, "attribute", name, found["profiles"], found["before"], found["after"])


def _note(
    visit: Visit, kind: Literal["attribute", "tag"], name: str, profiles: Ids, before: Texts, after: Texts
) -> None:
    """Into the history of these people, each at her own instant, and to the journeys that ask for it."""
    order = np.argsort(visit.profile)
    at = visit.at[order[np.searchsorted(visit.profile, profiles, sorter=order)]]
    column = Column(kind, name, profiles, at, before, after)
    record_column(visit.wave.cursor, column, f"journey:{visit.version.slug}")


@_do.register
def _goal(effect: asked.CountGoal, visit: Visit) -> None:
    """A walk counts once, whichever of its goals it meets first; values are kept with it, by the goals' names."""
    wave, rows, at = visit.wave, visit.rows[effect.rows], visit.at[effect.rows]
    first = wave.roster.goal_at[rows] == NEVER
    wave.roster.goal_at[rows[first]] = at[first]
    wave.ledger.goal(wave.roster.shard[rows[first]], visit.version.id)
    for row, value in zip(rows.tolist(), effect.values, strict=True):
        if value is not None:
            reached = (wave.roster.data[row] or {}).get("goals", {})
            wave.remember(row, "goals", {**reached, effect.name: value})


@_do.register
def _message(effect: asked.SendMessage, visit: Visit) -> None:
    """Write what policy decided; only those who are let through need a text and an address."""
    need, verdicts = visit.needs.message, visit.verdicts
    assert need is not None
    assert verdicts is not None
    rows = effect.rows
    found = verdicts.status[rows]
    written = np.select([found == v for v in _STATUS], list(_STATUS.values()), MessageStatus.SKIPPED).astype(np.int8)
    reason: list[str | None] = [policy.REASONS[code] or None for code in verdicts.reason[rows]]
    roster, mine = visit.wave.roster, visit.rows[rows]
    visit.wave.ledger.messages.append(
        OutboxRows(
            version_id=visit.version.id,
            node=visit.node.index,
            journey=visit.version.slug,
            node_id=visit.node.id,
            channel=need.channel,
            category=need.category or visit.version.plan.settings.category,
            account_id=visit.wave.world.account(need.channel, need.account),
            wants_outcome=need.wants_outcome and not visit.wave.replay,
            shard=roster.shard[mine],
            profile=roster.profile[mine],
            seq=roster.seq[mine],
            status=written,
            at=visit.at[rows],
            stale_at=visit.wave.policy_clock(visit.at[rows]) + need.stale_after.micros,
            reason=reason if any(reason) else None,
            address=[verdicts.address[row] for row in rows],
            content=[visit.texts[row] if sent else None for row, sent in zip(rows, found == Verdict.SEND, strict=True)],
            asked=visit.wave.policy_clock(visit.at[rows]),
            transactional=need.transactional,
            drop_in_quiet=need.on_quiet == "drop",
            zone=visit.version.zone,
        )
    )


def _note_holds(visit: Visit, decision: Decision) -> None:
    """Who is held keeps the reason, and when a cap first refused her; whoever goes on keeps neither."""
    roster, verdicts = visit.wave.roster, visit.verdicts
    assert verdicts is not None
    held = (decision.port == WAIT) & (verdicts.status == Verdict.HOLD)
    roster.hold[visit.rows] = np.where(held, verdicts.reason, 0)
    roster.held_since[visit.rows] = np.where(held, verdicts.first_refused, NEVER)
