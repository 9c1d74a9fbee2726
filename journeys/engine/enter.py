"""Who may enter: the kind of people, the filter, the re-entry policy, the holdout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from channels_out.holdout import in_holdout
from itinera.kit.durations import add
from itinera.kit.wire import NEVER, Ids
from itinera.kit.zones import ZoneArray
from journeys.engine.goals import leave
from journeys.engine.items import Items, Kind, make
from journeys.engine.roster import Rows
from journeys.engine.world import LiveVersion
from journeys.models import ExitReason

if TYPE_CHECKING:
    from journeys.engine.wave import Wave


def enter(wave: Wave, version: LiveVersion, node: int, coming: Items, admitted: list[Ids]) -> Rows:
    """Enrol those of these people who may enter, and answer their roster rows, ready to walk from `node`.

    Whoever is of another kind of people is passed over. Each person stands here once; an item is the entry event, or
    a schedule's entry without a body. Re-entry is asked before the filter, and of everything that lets people in at
    one moment together: `admitted` are those whom other triggers of the journey have let in just now, and gets these.
    """
    mine = wave.of_kind(coming.profile, version.people)
    coming = coming if mine.all() else coming.pick(mine)
    if admitted and version.plan.settings.reentry.policy != "always":
        coming = coming.pick(~np.isin(coming.profile, np.concatenate(admitted)))
    keys = _keys(wave, version, coming)
    may, seq = _reentry(wave, version, coming, keys)
    coming, seq, keys = coming.pick(may), seq[may], keys[may]
    admitted.append(coming.profile)
    passes = _filter(wave, version, coming)
    coming, seq, keys = coming.pick(passes), seq[passes], keys[passes]
    if not len(coming):
        return np.empty(0, np.int64)
    rows = wave.roster.append(
        len(coming), profile=coming.profile, shard=coming.shard, journey=version.journey, version=version.id,
        seq=seq, node=node, entered=coming.at, node_at=coming.at, entry_event=coming.event_id, key=keys,
        data=_data(wave, version, coming), fresh=True, dirty=True,
    )  # fmt: skip
    wave.ledger.entered += len(rows)
    rows = _hold_out(wave, version, rows)
    _limit_stay(wave, version, rows)
    return rows


def _filter(wave: Wave, version: LiveVersion, coming: Items) -> NDArray[np.bool_]:
    """Who passes the entry filter. Who does not is counted, and in no node's figures."""
    if version.plan.settings.entry.filter is None:
        return np.ones(len(coming), dtype=bool)
    passes = wave.foresight.passes(version, coming)
    wave.ledger.exit(coming.shard[~passes], version.id, ExitReason.FILTERED)
    return passes


def _keys(wave: Wave, version: LiveVersion, coming: Items) -> NDArray[np.object_]:
    keys = np.full(len(coming), None, dtype=object)
    name = version.plan.settings.reentry.key
    if name is not None:
        for i, body in enumerate(coming.body):
            value = wave.parsed(body).get(name)
            keys[i] = None if value is None else str(value)
    return keys


def _data(wave: Wave, version: LiveVersion, coming: Items) -> NDArray[np.object_]:
    data = np.full(len(coming), None, dtype=object)
    if version.plan.uses_entry:
        for i, body in enumerate(coming.body):
            if body is not None:
                data[i] = {"entry": wave.parsed(body)}
    return data


def _reentry(
    wave: Wave, version: LiveVersion, coming: Items, keys: NDArray[np.object_]
) -> tuple[NDArray[np.bool_], NDArray[np.int32]]:
    """Whether each may enter by the re-entry policy, and the number her walk would have."""
    roster, rule = wave.roster, version.plan.settings.reentry
    profile, at = coming.profile, coming.at
    rows, person = roster.of(profile, version.journey)
    seq = np.zeros(len(profile), dtype=np.int32)
    np.maximum.at(seq, person, roster.seq[rows])
    may = np.ones(len(profile), dtype=bool)
    if rule.policy == "always" or not len(rows):
        return may, seq + 1
    same = np.array([a == b for a, b in zip(roster.key[rows], keys[person], strict=True)], dtype=bool)
    rows, person = rows[same], person[same]
    if rule.policy == "never":
        may[person] = False
        return may, seq + 1
    may[person[roster.left[rows] == NEVER]] = False
    if rule.policy == "interval":
        last = np.full(len(profile), NEVER)
        np.maximum.at(last, person, roster.entered[rows])
        known = np.flatnonzero(last != NEVER)
        zones = ZoneArray.of(wave.zones(profile[known]), version.zone)
        may[known] &= at[known] >= add(last[known], rule.interval, zones)
    return may, seq + 1


def _hold_out(wave: Wave, version: LiveVersion, rows: Rows) -> Rows:
    """People of the holdout leave at entry, from the trigger."""
    world, roster = wave.world, wave.roster
    if not version.plan.settings.entry.holdout or not world.holdout_percent or not len(rows):
        return rows
    if version.people not in world.holdout_kinds:
        return rows
    out = in_holdout(world.holdout_salt, world.holdout_percent, wave.units(roster.profile[rows]))
    gone = rows[out]
    # Somebody who is held out still has a walk, so that re-entry is the same for her.
    wave.ledger.arrive(roster.shard[gone], version.id, roster.node[gone])
    leave(wave, version, gone, roster.entered[gone], ExitReason.HOLDOUT)
    return rows[~out]


def _limit_stay(wave: Wave, version: LiveVersion, rows: Rows) -> None:
    """Note when these walks must be over: on the agenda if that is soon, else in a chunk."""
    most, roster = version.plan.settings.max_stay, wave.roster
    if most is None or not len(rows):
        return
    zones = ZoneArray.of(wave.zones(roster.profile[rows]), version.zone)
    until = add(roster.entered[rows], most, zones)
    later = until > wave.horizons[roster.shard[rows]]
    wave.ledger.stays.append((rows[later], until[later]))
    soon = rows[~later]
    ends = make(
        len(soon), profile=roster.profile[soon], shard=roster.shard[soon], at=until[~later],
        kind=Kind.STAY, version=version.id, seq=roster.seq[soon],
    )  # fmt: skip
    wave.agenda.add(ends)
