"""What each node type does to a walk, and the carrying on from node to node."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tests.acceptance.oracle.delays import end_of_delay, named_time
from tests.acceptance.oracle.people import Event
from tests.acceptance.oracle.rules import event_fits, rule_holds
from tests.acceptance.oracle.sending import ask_policy
from tests.acceptance.oracle.times import duration, shift
from tests.acceptance.oracle.walk import End, Leave, Outcome, Park, Step, Walk


def go(walk: Walk, outcome: Outcome, at: datetime, came: list[Event]) -> None:
    """Carry a walk on from the node where it stands until it parks or ends. `came`: the lines taken so far."""
    walk.due, walk.held = None, walk.held if isinstance(outcome, Park) else None
    while isinstance(outcome, Leave):
        port, to = walk.journey.way(walk.node, outcome.port)
        walk.steps[-1].port, walk.steps[-1].left = port, at
        if to is None:
            outcome = End("completed")
            break
        walk.steps.append(Step(to, at))
        walk.refused_since = None
        outcome = ARRIVE[walk.node.type](walk, at, came)
    if isinstance(outcome, Park):
        walk.due = outcome.due
    elif isinstance(outcome, End):
        walk.end(outcome.reason, at)


def _condition(walk: Walk, at: datetime, came: list[Event]) -> Outcome:
    return Leave("yes" if rule_holds(walk.node.config["rule"], walk.asked(at)) else "no")


def _branch(walk: Walk, at: datetime, came: list[Event]) -> Outcome:
    for path in walk.node.config["paths"]:
        if rule_holds(path["rule"], walk.asked(at)):
            return Leave(path["id"])
    return Leave("else")


def _split(walk: Walk, at: datetime, came: list[Event]) -> Outcome:
    return Leave(walk.journey.split(walk.node, walk.person.unit))


def _delay_for(walk: Walk, at: datetime, came: list[Event]) -> Outcome:
    due = end_of_delay(walk.node.config, at, walk.zone)
    return Park(due) if due > at else Leave("next")


def _delay_until(walk: Walk, at: datetime, came: list[Event]) -> Outcome:
    named = named_time(walk.node.config, at, walk.zone, walk.entered_at, walk.person.attributes)
    if named is not None and named >= at:
        return Park(named) if named > at else Leave("next")
    if_past = walk.node.config.get("if_past", "proceed")
    if if_past == "exit":
        return End("completed")
    return Leave("past" if if_past == "port" else "next")


def _wait_span(walk: Walk, arrived: datetime) -> tuple[datetime, datetime]:
    """[start, end) of the wait at which the walk has arrived."""
    config = walk.node.config
    start = walk.entered_at if config.get("count_from", "arrival") == "entry" else arrived
    return start, shift(start, duration(config["timeout"]), walk.zone)


def wait_path(walk: Walk, event: Event, at: datetime) -> str | None:
    """The path that an event opens for a walk standing at a wait, or None."""
    if walk.wait is None or event.line in walk.used or not walk.wait[0] <= event.at < walk.wait[1]:
        return None
    for path in walk.node.config["paths"]:
        if event_fits(event, path["event"], path.get("where"), walk.asked(at)):
            return str(path["id"])
    return None


def answered(walk: Walk, event: Event, path: str) -> Leave:
    """The event has ended the wait: its properties are the answer, and it ends no other."""
    walk.used.add(event.line)
    walk.answer = event.properties
    return Leave(path)


def _wait_event(walk: Walk, at: datetime, came: list[Event]) -> Outcome:
    walk.wait = _wait_span(walk, at)
    for event in came:
        path = wait_path(walk, event, at)
        if path is not None:
            return answered(walk, event, path)
    end = walk.wait[1]
    return Park(end) if end > at else Leave("timeout")


def _set(walk: Walk, at: datetime, came: list[Event]) -> Outcome:
    walk.person.attributes.update(walk.node.config.get("attributes") or {})
    return Leave("next")


def _goal(walk: Walk, at: datetime, came: list[Event]) -> Outcome:
    walk.goal_met = True
    return Leave("next")


def _exit(walk: Walk, at: datetime, came: list[Event]) -> Outcome:
    return End("completed")


def _message(walk: Walk, at: datetime, came: list[Event]) -> Outcome:
    return ask_policy(walk, at)


ARRIVE: dict[str, Callable[[Walk, datetime, list[Event]], Outcome]] = {
    "condition": _condition,
    "branch": _branch,
    "split.random": _split,
    "delay.for": _delay_for,
    "delay.until": _delay_until,
    "wait.event": _wait_event,
    "set": _set,
    "goal": _goal,
    "exit": _exit,
    "message": _message,
}
