"""What can be known of a wave's events before anybody walks: which fire which trigger, and who passes the filter.

Neither depends on where anybody stands, so both are asked once for all events of the wave instead of once a round.
The exceptions are told apart: where a journey sets attributes, a filter over the profile is asked in its round; so is
one whose answer the wave itself may change (whether she may be messaged now).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from audiences.rules import EventRows, People, evaluate, evaluate_filters
from journeys.engine.items import Items, Kind
from journeys.engine.walks import WaveWalks
from journeys.engine.world import LiveVersion
from journeys.nodes.needs import EventMatch
from journeys.triggers.event import EventTrigger

if TYPE_CHECKING:
    from journeys.engine.wave import Wave

Orders = NDArray[np.int64]


class Foresight:
    """Answers by `Items.order`, the feed's id of an event."""

    def __init__(self, wave: Wave, items: Items) -> None:
        self.wave = wave
        self._fires: dict[tuple[int, int], Orders] = {}
        self._passes: dict[int, Orders] = {}
        events = items.pick(items.kind == Kind.EVENT)
        for version in wave.world.versions:
            if version.admits and version.plan.events and len(events):
                with wave.blaming(version):
                    self._look(version, events.pick(wave.hears(version, events)))

    def _look(self, version: LiveVersion, events: Items) -> None:
        firing = np.zeros(len(events), dtype=bool)
        for trigger in version.plan.events:
            fires = self._firing(trigger, events)
            self._fires[version.id, trigger.node] = np.sort(events.order[fires])
            firing |= fires
        if self._is_stable(version):
            coming = events.pick(firing)
            self._passes[version.id] = np.sort(coming.order[self.filter(version, coming)])

    def _is_stable(self, version: LiveVersion) -> bool:
        rule = version.plan.settings.entry.filter
        if rule is None:
            return True
        compiled = self.wave.world.compiled(rule)
        return not (compiled.is_volatile or (self.wave.world.sets and compiled.needs_profile))

    def _firing(self, trigger: EventTrigger, events: Items) -> NDArray[np.bool_]:
        fits: NDArray[np.bool_] = events.type_id == self.wave.world.type_id(trigger.match.event)
        fits &= trigger.in_time(events.at, self.wave.policy_clock(events.at))
        some = np.flatnonzero(fits)
        if len(some) and trigger.match.where:
            fits[some] = self._fit(trigger.match, events.pick(some))
        return fits

    def _fit(self, match: EventMatch, events: Items) -> NDArray[np.bool_]:
        world = self.wave.world
        rows = EventRows(events.profile, list(events.body), None, events.at, world.zone)
        found: NDArray[np.bool_] = evaluate_filters(self.wave.cursor, match.where, match.event, rows, world.catalogue)
        return found

    def filter(self, version: LiveVersion, coming: Items) -> NDArray[np.bool_]:
        """Ask the entry filter now."""
        rule = version.plan.settings.entry.filter
        if rule is None or not len(coming):
            return np.ones(len(coming), dtype=bool)
        data = [{"entry": self.wave.parsed(body)} for body in coming.body] if version.plan.uses_entry else None
        walks = WaveWalks(self.wave, version, coming.at)
        who = People(coming.profile, coming.at, None, version.zone, data=data, walks=walks)
        found: NDArray[np.bool_] = evaluate(self.wave.cursor, self.wave.world.compiled(rule), who)
        return found

    def fires(self, version: LiveVersion, trigger: EventTrigger, events: Items) -> NDArray[np.bool_]:
        """Which of these events fire the trigger."""
        return among(self._fires.get((version.id, trigger.node)), events.order)

    def passes(self, version: LiveVersion, coming: Items) -> NDArray[np.bool_]:
        """Who passes the entry filter; schedules' entries, and what is not stable, are asked now."""
        known = self._passes.get(version.id)
        if known is None or not len(coming) or coming.kind[0] != Kind.EVENT:
            return self.filter(version, coming)
        return among(known, coming.order)


def among(known: Orders | None, wanted: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Which of the wanted are known; `known` is sorted."""
    if known is None or not len(known):
        return np.zeros(len(wanted), dtype=bool)
    place = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    found: NDArray[np.bool_] = known[place] == wanted
    return found
