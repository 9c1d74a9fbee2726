"""One person through all journeys: a heap of instants, and what happens at each, in the contract's order."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from tests.acceptance.oracle.canvas import Journey, Node
from tests.acceptance.oracle.nodes import answered, go, wait_path
from tests.acceptance.oracle.people import Change, Event, Json, Person
from tests.acceptance.oracle.policy import Workspace
from tests.acceptance.oracle.rules import Asked, event_fits, rule_holds
from tests.acceptance.oracle.sending import ask_policy
from tests.acceptance.oracle.times import duration, shift
from tests.acceptance.oracle.walk import Leave, Outcome, Step, Walk


@dataclass(frozen=True)
class Run:
    """One run of one trigger.schedule."""

    at: datetime
    journey: Journey
    trigger: Node


@dataclass
class Simulation:
    """A person's way through `journeys` (in order of rank), taking part from `since` on."""

    person: Person
    journeys: list[Journey]
    workspace: Workspace
    runs: list[Run]
    since: datetime
    walks: list[Walk] = field(default_factory=list)
    filtered: dict[str, int] = field(default_factory=dict)
    came: list[Event] = field(default_factory=list)

    def run(self, until: datetime | None) -> None:
        """Take every instant before `until` at which something is to happen to her."""
        lines: dict[datetime, list[Change | Event]] = {}
        every: list[Change | Event] = [*self.person.changes, *self.person.events]
        ordered = sorted(every, key=lambda line: line.line)
        for at, group in groupby(ordered, key=lambda line: line.at):
            lines[at] = list(group)
        self._heap = [*lines, *(run.at for run in self.runs)]
        heapq.heapify(self._heap)
        last: datetime | None = None
        while self._heap and (until is None or self._heap[0] < until):
            at = heapq.heappop(self._heap)
            if at == last:
                continue
            last = at
            self._instant(at, lines.get(at, []))

    def _instant(self, at: datetime, lines: list[Change | Event]) -> None:
        events = [line for line in lines if isinstance(line, Event)]
        for line in lines:
            if isinstance(line, Change) and not self._holds_her_kind(line.body):
                self.person.apply(line)
        self.person.history += events
        for event in events:
            self._exits_and_goals(event, [walk for walk in self.walks if walk.entered_at < at])
        for event in events:
            self.came.append(event)
            if at >= self.since:
                self._line(event)
        if at >= self.since:
            self._due(at)

    def _holds_her_kind(self, body: Json) -> bool:
        """Whether the line would make her one of another kind of people while she walks: then it is refused whole."""
        return body.get("kind") not in (None, self.person.kind) and any(walk.live for walk in self.walks)

    def _exits_and_goals(self, event: Event, walks: list[Walk]) -> None:
        for walk in walks:
            asked = walk.asked(event.at)
            goal = walk.journey.goal
            met = goal is not None and _fits(goal["when"], event, asked)
            if met and goal is not None:
                span = goal.get("within")
                met = span is None or event.at < shift(walk.entered_at, duration(span), walk.zone)
            walk.goal_met = walk.goal_met or met
            if not walk.live:
                continue
            if any(_fits(rule, event, asked) for rule in walk.journey.exit_when):
                walk.end("exit_rule", event.at)
            elif met and goal is not None and goal.get("exit", True):
                walk.end("goal", event.at)

    def _line(self, event: Event) -> None:
        """One event line: exits of walks begun at this instant, re-entry, then journeys by rank."""
        self._exits_and_goals(event, [walk for walk in self.walks if walk.entered_at == event.at])
        matching = [
            (journey, trigger)
            for journey in self.journeys
            if journey.people == self.person.kind
            for trigger in journey.triggers("trigger.event")
            if event_fits(event, trigger.config["event"], trigger.config.get("where"), self._bare(journey, event.at))
        ]
        entries = self._admitted([(j, t, _key(j, event.properties)) for j, t in matching], event.at)
        for journey in self.journeys:
            waiting = [w for w in self._walks(journey) if w.live and w.node.type == "wait.event"]
            for walk in waiting:
                path = wait_path(walk, event, event.at)
                if path is not None:
                    self._go(walk, answered(walk, event, path), event.at)
            for owner, trigger, key in entries:
                if owner is journey:
                    self._enter(journey, trigger, key, event.at, event)

    def _due(self, at: datetime) -> None:
        """The ends of stays, re-entry and rules of schedules, then journeys by rank: due steps, new entries."""
        for walk in self.walks:
            if walk.live and walk.stay_ends == at:
                walk.end("max_stay", at)
        due = [
            (run.journey, run.trigger, _key(run.journey, {}))
            for journey in self.journeys
            for run in self.runs
            if run.at == at and run.journey is journey and self.person.known_from <= at
            if journey.people == self.person.kind
            if rule_holds(run.trigger.config.get("rule"), self._bare(journey, at))
        ]
        entries = self._admitted(due, at)
        for journey in self.journeys:
            for walk in [w for w in self._walks(journey) if w.live and w.due == at]:
                self._go(walk, _due_outcome(walk, at), at)
            for owner, trigger, key in entries:
                if owner is journey:
                    self._enter(journey, trigger, key, at, None)

    def _admitted(self, wanted: list[tuple[Journey, Node, object]], at: datetime) -> list[tuple[Journey, Node, object]]:
        """Those whom re-entry lets in, asked before anybody walks on."""
        admitted: list[tuple[Journey, Node, object]] = []
        for journey, trigger, key in wanted:
            rival = any(owner is journey and taken == key for owner, _, taken in admitted)
            policy = journey.reentry.get("policy", "never")
            if policy == "always" or (not rival and self._may_enter(journey, policy, key, at)):
                admitted.append((journey, trigger, key))
        return admitted

    def _may_enter(self, journey: Journey, policy: str, key: object, at: datetime) -> bool:
        earlier = [walk for walk in self._walks(journey) if walk.key == key]
        if not earlier:
            return True
        if policy == "never" or any(walk.live for walk in earlier):
            return False
        if policy == "after_exit":
            return True
        zone = self.person.zone or journey.zone or self.workspace.zone
        return at >= shift(earlier[-1].entered_at, duration(journey.reentry["interval"]), zone)

    def _enter(self, journey: Journey, trigger: Node, key: object, at: datetime, event: Event | None) -> None:
        number = len(self._walks(journey)) + 1
        line, entry = (event.line, event.properties) if event else (None, {})
        walk = Walk(journey, number, self.person, self.workspace, at, line, entry, key, used={line})
        if not rule_holds(journey.filter, walk.asked(at)):
            self.filtered[journey.slug] = self.filtered.get(journey.slug, 0) + 1
            return
        self.walks.append(walk)
        walk.steps.append(Step(trigger.id, at))
        if journey.holdout and self.workspace.holds_out(self.person):
            walk.end("holdout", at)
            return
        if walk.stay_ends is not None:
            heapq.heappush(self._heap, walk.stay_ends)
        self._go(walk, Leave("next"), at)

    def _go(self, walk: Walk, outcome: Outcome, at: datetime) -> None:
        go(walk, outcome, at, self.came)
        if walk.due is not None:
            heapq.heappush(self._heap, walk.due)

    def _walks(self, journey: Journey) -> list[Walk]:
        """Her walks through one journey, the earlier entry first."""
        return [walk for walk in self.walks if walk.journey is journey]

    def _bare(self, journey: Journey, at: datetime) -> Asked:
        """The scene of a rule that is asked outside any walk."""
        zone = self.person.zone or journey.zone or self.workspace.zone
        return Asked(self.person, at, zone, self.workspace.catalogue)


def _fits(leaf: Json, event: Event, asked: Asked) -> bool:
    """A goal or exit rule means one event after entry, never the entry event itself."""
    return event.line != asked.entry_line and event_fits(event, leaf["event"], leaf.get("where"), asked)


def _key(journey: Journey, properties: Json) -> object:
    name = journey.reentry.get("key")
    return properties.get(name) if name else None


def _due_outcome(walk: Walk, at: datetime) -> Outcome:
    if walk.node.type == "message":
        return ask_policy(walk, at)
    return Leave("timeout" if walk.node.type == "wait.event" else "next")
