"""What the things of one instant do to people: end waits, let them in, move them on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from itinera.kit.wire import NEVER, Ids
from journeys.engine import enter, goals
from journeys.engine.items import Items, Kind
from journeys.engine.rounds import lines, of_kind
from journeys.engine.walk import Walkers, walk
from journeys.engine.world import LiveVersion
from journeys.models import ExitReason
from journeys.nodes.base import ANSWERED, ARRIVES, DUE

if TYPE_CHECKING:
    from journeys.engine.wave import Wave

Starts = list[tuple[LiveVersion, Walkers]]


def live_through(wave: Wave, items: Items) -> None:
    """One round: everything of one instant per person.

    First the exits and goals of all its lines, for walks begun earlier; then line by line the waits that
    end and the triggers that fire; then what is due: ends of stay before steps.
    """
    kinds = set(np.unique(items.kind).tolist())
    if Kind.EVENT in kinds:
        events = of_kind(items, Kind.EVENT)
        for line in lines(events):
            goals.settle(wave, line)
        for turn, line in enumerate(lines(events)):
            if turn:
                # Walks that earlier lines of this instant began hear the later ones.
                goals.settle(wave, line, begun_now=True)
            wave.unheard = events.pick(events.order > _order_of(events, line))
            _walk_all(wave, _react(wave, line))
        wave.unheard = None
    if Kind.OUTCOME in kinds:
        _outcomes(wave, of_kind(items, Kind.OUTCOME))
    if Kind.STAY in kinds:
        _stays(wave, of_kind(items, Kind.STAY))
    if kinds & {Kind.DUE, Kind.ENTRY}:
        _due(wave, of_kind(items, Kind.DUE), of_kind(items, Kind.ENTRY))


def _order_of(events: Items, line: Items) -> NDArray[np.int64]:
    """For each event of the instant the order of its person's line whose turn it is; who has none, has had hers."""
    place = np.minimum(np.searchsorted(line.profile, events.profile), len(line) - 1)
    mine = line.profile[place] == events.profile
    return np.where(mine, line.order[place], np.iinfo(np.int64).max)


def _walk_all(wave: Wave, starts: Starts) -> None:
    """Version by version in the order of priority; re-entry has been asked for all of them before."""
    for version in wave.world.versions:
        mine = [walkers for other, walkers in starts if other is version and len(walkers)]
        if mine:
            walk(wave, version, _together(mine))


def _together(parts: Iterable[Walkers]) -> Walkers:
    columns = zip(*((p.row, p.node, p.at, p.resumed, p.answer) for p in parts), strict=True)
    return Walkers(*(np.concatenate(column) for column in columns))


def _react(wave: Wave, line: Items) -> Starts:
    """One line per person: who is woken by it and who enters by it."""
    starts: Starts = []
    for version in wave.world.versions:
        heard = line.pick(wave.hears(version, line))
        if not len(heard):
            continue
        if version.paused:
            wave.ledger.held.append((version.id, heard))
            continue
        with wave.blaming(version, heard):
            found = _wake(wave, version, heard)
            if version.admits:
                found += _trigger(wave, version, heard)
            starts += [(version, walkers) for walkers in found]
    return starts


def _wake(wave: Wave, version: LiveVersion, events: Items) -> list[Walkers]:
    """Walks that wait for this event: the first path that it fits is the answer."""
    roster = wave.roster
    rows, person = roster.of(events.profile, version.journey)
    waits = (roster.version[rows] == version.id) & (roster.left[rows] == NEVER)
    rows, person = rows[waits], person[waits]
    found: list[Walkers] = []
    for node in version.plan.nodes:
        wait = node.needs.wait
        here = roster.node[rows] == node.index
        if wait is None or not here.any():
            continue
        some, who = rows[here], person[here]
        at = events.at[who]
        since = roster.entered[some] if wait.from_entry else roster.node_at[some]
        in_time = (at >= since) & ((roster.due[some] == NEVER) | (at < roster.due[some]))
        answer = np.full(len(some), -1, dtype=np.int16)
        for index, path in enumerate(wait.paths):
            open_ = np.flatnonzero(in_time & (answer < 0))
            if len(open_):
                fits = goals.matches(wave, path, events, some[open_], who[open_])
                answer[open_[fits]] = index
        woken = answer >= 0
        found.append(_answered(wave, version, events, some[woken], who[woken], answer[woken]))
    return found


def _answered(
    wave: Wave, version: LiveVersion, events: Items, rows: NDArray[np.int64], person: NDArray[np.int64],
    answer: NDArray[np.int16],
) -> Walkers:  # fmt: skip
    for row, who in zip(rows, person, strict=True):
        wave.spend(int(row), int(events.event_id[who]))
        if version.plan.uses_answer:
            wave.remember(int(row), "answer", wave.parsed(events.body[who]))
    # A late event acts where she stands, not before she came there.
    at = np.maximum(events.at[person], wave.roster.node_at[rows])
    return Walkers(rows, wave.roster.node[rows], at, np.full(len(rows), ANSWERED, np.int8), answer)


def _trigger(wave: Wave, version: LiveVersion, events: Items) -> list[Walkers]:
    found = []
    admitted: list[Ids] = []
    for trigger in version.plan.events:
        fires = wave.foresight.fires(version, trigger, events)
        if not fires.any():
            continue
        rows = enter.enter(wave, version, trigger.node, events.pick(fires), admitted)
        found.append(_arriving(wave, rows))
    return found


def _arriving(wave: Wave, rows: NDArray[np.int64]) -> Walkers:
    roster = wave.roster
    nothing = np.full(len(rows), -1, np.int16)
    return Walkers(rows, roster.node[rows], roster.entered[rows], np.full(len(rows), ARRIVES, np.int8), nothing)


def _outcomes(wave: Wave, items: Items) -> None:
    """What became of messages that people wait for: `port` 0 sent, 1 failed, 2 unreachable."""
    starts: Starts = []
    for version in wave.world.versions:
        mine = items.pick(items.version == version.id)
        if not len(mine):
            continue
        if version.paused:
            wave.ledger.held.append((version.id, mine))
            continue
        rows, which = _named(wave, version, mine)
        there = wave.roster.node[rows] == mine.node[which]
        # Told twice at one instant, she still goes on once.
        rows, first = np.unique(rows[there], return_index=True)
        which = which[there][first]
        at = np.maximum(mine.at[which], wave.roster.node_at[rows])
        resumed = np.full(len(rows), ANSWERED, np.int8)
        starts.append((version, Walkers(rows, mine.node[which], at, resumed, mine.port[which])))
    _walk_all(wave, starts)


def _named(wave: Wave, version: LiveVersion, items: Items) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The roster rows that items name by profile and number, if those walks are not over; and which item."""
    rows, which = wave.roster.of(items.profile, version.journey)
    same = (wave.roster.seq[rows] == items.seq[which]) & (wave.roster.left[rows] == NEVER)
    return rows[same], which[same]


def _stays(wave: Wave, items: Items) -> None:
    for version in wave.world.versions:
        mine = items.pick(items.version == version.id)
        if len(mine):
            rows, which = _named(wave, version, mine)
            goals.leave(wave, version, rows, mine.at[which], ExitReason.MAX_STAY)


def _due(wave: Wave, due: Items, entries: Items) -> None:
    """Schedules let people in and waits are over. A stale stamp wakes nobody.

    A run that was due before its version was replaced lets its people in there, however late that is.
    """
    starts: Starts = []
    for version in wave.world.versions:
        mine = due.pick(due.version == version.id)
        if len(mine):
            rows, which = _named(wave, version, mine)
            fresh = wave.roster.stamp[rows] == mine.stamp[which]
            rows, which = rows[fresh], which[fresh]
            resumed, nothing = np.full(len(rows), DUE, np.int8), np.full(len(rows), -1, np.int16)
            starts.append((version, Walkers(rows, mine.node[which], mine.at[which], resumed, nothing)))
        coming = entries.pick(entries.version == version.id)
        admitted: list[Ids] = []
        for turn in lines(coming):
            with wave.blaming(version, turn):
                starts += _scheduled(wave, version, turn, admitted)
    _walk_all(wave, starts)


def _scheduled(wave: Wave, version: LiveVersion, coming: Items, admitted: list[Ids]) -> Starts:
    """By trigger node, in the order of the canvas."""
    found: Starts = []
    for node in np.unique(coming.node):
        mine = coming.pick(coming.node == node)
        rows = enter.enter(wave, version, int(node), mine, admitted)
        found.append((version, _arriving(wave, rows)))
    return found
