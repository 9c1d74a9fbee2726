"""Sets the scene of a replay: the workspace, the people, what happened, the canvases."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from django.db import connection

from audiences.files.documents import read_document
from audiences.ingest import Rejection, ingest_events, ingest_profiles
from audiences.newcomers import register_events
from audiences.rules.ast import Rule
from audiences.rules.catalogue import KnownTag
from audiences.workspace_loaders import Occasion, apply_workspace, load_workspace
from itinera.kit import sqlfile, wire
from itinera.kit.errors import Problem, Refusal
from itinera.kit.wire import django_cursor
from journeys.actions import ask_for
from journeys.canvas.document import parse_canvas
from journeys.canvas.plan import Plan, compile_plan
from journeys.canvas.problems import check
from journeys.models import Journey, JourneyStatus, Version
from journeys.workspace import DatabaseWorld, database_world

SQL = sqlfile.queries(__file__, "replay.sql")
_SLICE = 5000


@dataclass(frozen=True)
class ReplayWorld:
    """The workspace of the files: nothing is sent, so an account may be missing."""

    files: DatabaseWorld

    @property
    def today(self) -> int:
        return self.files.today

    def check_rule(self, rule: Rule, path: str, people: str) -> Iterable[Problem]:
        return self.files.check_rule(rule, path, people)

    def tag(self, slug: str) -> KnownTag | None:
        return self.files.tag(slug)

    def column(self, table: str, name: str) -> bool | None:
        return self.files.column(table, name)

    def has_account(self, slug: str | None, channel: str) -> bool:  # the protocol's
        return True

    def has_template(self, slug: str, channel: str) -> bool:
        return self.files.has_template(slug, channel)


@dataclass
class Scene:
    """What a replay starts from. `later` are profile lines that come while it runs, by their instant; `lists` are the
    fixed lists of the workspace file, whose people become known little by little; `doubts` what is odd about them.
    """

    begin: datetime
    first: int | None = None
    last: int | None = None
    later: list[tuple[int, list[Any]]] = field(default_factory=list)
    lists: list[Any] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)
    rejected: list[tuple[str, Rejection]] = field(default_factory=list)


def lines(path: Path) -> Iterator[tuple[int, Any]]:
    """The JSON values of a JSONL file (.gz too) with their line numbers; a broken line refuses the file."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                yield number, orjson.loads(line)
            except orjson.JSONDecodeError as error:
                raise Refusal.because("not_json", str(error), path=f"{path.name}:{number}") from error


def instant(value: Any) -> int | None:
    if not isinstance(value, str):
        return None
    try:
        return wire.micros(datetime.fromisoformat(value))
    except (ValueError, TypeError):
        return None


def load_events(scene: Scene, path: Path, now: datetime, until: datetime | None) -> None:
    """All events in time order, ties in file order; those after `until` are left out.

    They lie in `event` from the start: a rule never sees one dated after its own instant.
    """
    found = [(instant(line.get("time")) if isinstance(line, dict) else None, n, line) for n, line in lines(path)]
    end = None if until is None else wire.micros(until)
    timed = sorted((f for f in found if f[0] is not None), key=lambda f: (f[0], f[1]))
    kept = [line for at, _, line in timed if end is None or at < end]  # type: ignore[operator]
    kept += [line for at, _, line in found if at is None]
    _ingest(scene, "events", kept, now)
    _known_since("known_by_events")
    if timed:
        scene.first, scene.last = timed[0][0], timed[-1][0]


def load_profiles(scene: Scene, path: Path, now: datetime) -> None:
    """Profiles as they are at the start; lines dated later are kept for their instant."""
    start = wire.micros(scene.begin)
    early: list[tuple[int, Any]] = []
    later: dict[int, list[Any]] = {}
    for _, line in lines(path):
        at = instant(line.get("updated")) if isinstance(line, dict) else None
        if at is None or at <= start:
            early.append((wire.NEVER if at is None else at, line))
        else:
            later.setdefault(at, []).append(line)
    _ingest(scene, "profiles", [line for _, line in sorted(early, key=lambda each: each[0])], now)
    _known_since("known_from_the_start")
    scene.later = sorted(later.items())


def _ingest(scene: Scene, kind: str, found: Sequence[Any], now: datetime) -> None:
    write = ingest_profiles if kind == "profiles" else ingest_events
    for start in range(0, len(found), _SLICE):
        report = write(found[start : start + _SLICE], now=now, source="replay")
        scene.rejected += [(kind, rejection) for rejection in report.rejected]


def add_people(scene: Scene, lines_: list[Any], now: datetime) -> None:
    _ingest(scene, "profiles", lines_, now)
    fill_lists(scene, now)


def set_up(scene: Scene, workspace: Path, now: datetime) -> None:
    """Load the workspace file. Who is on its lists is not known yet."""
    load_workspace(workspace, now)
    entries = read_document(workspace).get("audiences") or ()
    scene.lists = [entry for entry in entries if isinstance(entry, dict) and "members" in entry]


def fill_lists(scene: Scene, now: datetime) -> None:
    """Put on the lists whoever is known by now."""
    if scene.lists:
        scene.doubts = apply_workspace({"audiences": scene.lists}, Occasion(now)).problems


def _known_since(query: str) -> None:
    """From when on somebody is known: a schedule's audience must not hold people of the future."""
    with connection.cursor() as cursor:
        cursor.execute(SQL[query])


def put_on(canvases: Sequence[Any], begin: datetime, now: datetime) -> list[Plan]:
    """Publish the canvases in the order given; refuses with every problem of every canvas.

    Names are asked for before the events are loaded, so that ingestion feeds them.
    """
    world = ReplayWorld(database_world(now))
    problems = [p for canvas in canvases for p in check(canvas, world) if p.severity == "error"]
    if problems:
        raise Refusal(problems)
    plans = []
    for canvas in canvases:
        plan = compile_plan(parse_canvas(canvas))
        journey = Journey.objects.create(slug=plan.slug, name=plan.name, draft=canvas)
        version = Version.objects.create(
            journey=journey, number=1, canvas=canvas, priority=plan.settings.priority, published_at=begin
        )
        journey.status, journey.live_version = JourneyStatus.PUBLISHED, version
        journey.save()
        ask_for(version, register_events(django_cursor(), plan.event_names).values())
        plans.append(plan)
    return plans


def forget_history(begin: datetime) -> None:
    """Events before the start begin nothing: they stay as history for rules."""
    with connection.cursor() as cursor:
        cursor.execute(SQL["forget_history"], {"begin": begin})
