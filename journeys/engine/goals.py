"""Exit rules and goals: what an event means to walks that are under way, and to some that are over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from audiences.rules import EventRows, evaluate_filters
from itinera.kit.durations import add
from itinera.kit.wire import NEVER
from itinera.kit.zones import ZoneArray
from journeys.engine.items import Items
from journeys.engine.ledger import LEFT, Ledger, PathBlock, encode
from journeys.engine.roster import Roster, Rows
from journeys.engine.world import LiveVersion
from journeys.models import ExitReason
from journeys.nodes.needs import EventMatch

if TYPE_CHECKING:
    from journeys.engine.wave import Wave


def settle(wave: Wave, events: Items, begun_now: bool = False) -> None:
    """Exits and goals of one line per person, for walks that began before its instant, or at it."""
    for version in wave.world.versions:
        heard = events.pick(wave.hears(version, events))
        if len(heard) and version.id not in wave.world.deaf:
            with wave.blaming(version, heard):
                _settle(wave, version, heard, begun_now)


def _settle(wave: Wave, version: LiveVersion, events: Items, begun_now: bool) -> None:
    plan, roster = version.plan, wave.roster
    if not plan.exits and plan.goal is None:
        return
    rows, person = roster.of(events.profile, version.journey)
    entered, at = roster.entered[rows], events.at[person]
    began = (roster.version[rows] == version.id) & ((entered == at) if begun_now else (entered < at))
    rows, person = rows[began], person[began]
    if not len(rows):
        return
    leaving = np.zeros(len(rows), dtype=bool)
    for rule in plan.exits:
        leaving |= matches(wave, rule, events, rows, person) & (roster.left[rows] == NEVER)
    reached = np.zeros(len(rows), dtype=bool)
    if plan.goal is not None:
        reached = _reached(wave, version, plan.goal, events, rows, person)
        first = reached & (roster.goal_at[rows] == NEVER)
        _note_goals(wave, version, events, rows[first], person[first])
    exits = plan.settings.goal is not None and plan.settings.goal.exit
    inside = roster.left[rows] == NEVER
    by_goal = reached & inside & ~leaving & exits
    leave(wave, version, rows[leaving], events.at[person[leaving]], ExitReason.EXIT_RULE)
    leave(wave, version, rows[by_goal], events.at[person[by_goal]], ExitReason.GOAL)


def matches(wave: Wave, match: EventMatch, events: Items, rows: Rows, person: NDArray[np.int64]) -> NDArray[np.bool_]:
    """For each walk, whether its person's event is of this name and passes the filters."""
    found: NDArray[np.bool_] = events.type_id[person] == wave.world.type_id(match.event)
    asked = np.flatnonzero(found)
    if match.where and len(asked):
        chosen = person[asked]
        data = [wave.json(value) for value in wave.roster.data[rows[asked]]]
        bodies, at = list(events.body[chosen]), events.at[chosen]
        these = EventRows(events.profile[chosen], bodies, data, at, wave.world.zone)
        found[asked] = evaluate_filters(wave.cursor, match.where, match.event, these, wave.world.catalogue)
    return found


def _reached(
    wave: Wave, version: LiveVersion, goal: EventMatch, events: Items, rows: Rows, person: NDArray[np.int64]
) -> NDArray[np.bool_]:
    roster, settings = wave.roster, version.plan.settings.goal
    assert settings is not None
    # Who has met a goal before can only leave by another: over walks have no more to meet.
    fit = (roster.goal_at[rows] == NEVER) | (roster.left[rows] == NEVER)
    some = np.flatnonzero(fit)
    zones = ZoneArray.of(wave.zones(roster.profile[rows[some]]), version.zone)
    until = add(roster.entered[rows[some]], settings.within, zones)
    fit[some] &= events.at[person[some]] < until
    some = np.flatnonzero(fit)
    fit[some] = matches(wave, goal, events, rows[some], person[some])
    reached: NDArray[np.bool_] = fit
    return reached


def _note_goals(wave: Wave, version: LiveVersion, events: Items, rows: Rows, person: NDArray[np.int64]) -> None:
    roster, settings = wave.roster, version.plan.settings.goal
    assert settings is not None
    roster.goal_at[rows] = events.at[person]
    roster.dirty[rows] = True
    wave.ledger.goal(roster.shard[rows], version.id)
    if settings.value:
        values = [wave.number(events.body[i], settings.value) for i in person]
        roster.goal_value[rows] = [np.nan if v is None else v for v in values]


def leave(wave: Wave, version: LiveVersion, rows: Rows, at: NDArray[np.int64], reason: ExitReason) -> None:
    """End walks where they stand, without taking a way out."""
    end(wave.roster, wave.ledger, version.id, rows, at, reason)


def end(roster: Roster, ledger: Ledger, version: int, rows: Rows, at: NDArray[np.int64], reason: ExitReason) -> None:
    """The same without a wave."""
    if not len(rows):
        return
    shard, node = roster.shard[rows], roster.node[rows]
    ledger.gone(shard, version, node)
    ledger.exit(shard, version, reason)
    roster.end(rows, at, reason)
    ledger.paths.append(
        PathBlock(
            shard, version, roster.profile[rows], roster.seq[rows], roster.stamp[rows].copy(),
            roster.left[rows], np.ones(len(rows), np.int64), encode(node, LEFT),
        )
    )  # fmt: skip


def put_out(wave: Wave, version: LiveVersion, things: Items) -> None:
    """What these things mean to walks in this version raises: the walks leave as `error` from where they stand."""
    roster = wave.roster
    rows, which = roster.of(things.profile, version.journey)
    inside = (roster.version[rows] == version.id) & (roster.left[rows] == NEVER)
    leave(wave, version, rows[inside], things.at[which[inside]], ExitReason.ERROR)
    roster.data[rows[inside]] = None
