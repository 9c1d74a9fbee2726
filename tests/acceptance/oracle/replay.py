"""Everybody of the input through all canvases: the oracle's counterpart of `manage.py replay`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tests.acceptance.oracle.canvas import Journey
from tests.acceptance.oracle.cron import runs as cron_runs
from tests.acceptance.oracle.files import gather
from tests.acceptance.oracle.people import Json, Person
from tests.acceptance.oracle.policy import Workspace
from tests.acceptance.oracle.results import Results, collect
from tests.acceptance.oracle.simulation import Run, Simulation
from tests.acceptance.oracle.times import LONG_AGO, instant


def replay(
    canvases: list[Json],
    *,
    profiles: Iterable[Json] = (),
    events: Iterable[Json] = (),
    workspace: Json | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Results:
    """Walk everybody. `since` defaults to the first line, `until` to when nothing is left to happen."""
    journeys = [Journey(document, place) for place, document in enumerate(canvases)]
    world = Workspace(workspace)
    people = gather(profiles, events)
    since = since if since is not None else _first_line(people)
    runs = [run for journey in journeys for run in _runs(journey, world, since, until)]
    ranked = sorted(journeys, key=lambda journey: journey.rank)
    simulations = []
    for person in people:
        simulation = Simulation(person, ranked, world, runs, since)
        simulation.run(until)
        simulations.append(simulation)
    return collect(simulations, journeys)


def _first_line(people: list[Person]) -> datetime:
    instants = [change.at for person in people for change in person.changes]
    instants += [event.at for person in people for event in person.events]
    return min((at for at in instants if at != LONG_AGO), default=LONG_AGO)


def _runs(journey: Journey, workspace: Workspace, since: datetime, until: datetime | None) -> list[Run]:
    found: list[Run] = []
    for trigger in journey.triggers("trigger.schedule"):
        config = trigger.config
        if config.get("at"):
            found.append(Run(instant(config["at"]), journey, trigger))
            continue
        first = max(since, instant(config["from"])) if config.get("from") else since
        stops = [stop for stop in (until, instant(config["until"]) if config.get("until") else None) if stop]
        if not stops:
            raise ValueError("a cron without end needs --until: something is always left to happen")
        zone = journey.zone or workspace.zone
        found += [Run(at, journey, trigger) for at in cron_runs(config["cron"], first, min(stops), zone)]
    return [run for run in found if run.at >= since and (until is None or run.at < until)]
