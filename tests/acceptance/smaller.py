"""Make a differing world small: python -m tests.acceptance.smaller SEED. One person, few lines, few canvases.

Needs the site's settings and a database, like `manage.py replay`.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import django

from tests.acceptance.compare import difference, people_who_differ
from tests.acceptance.generated.worlds import Given, World, world
from tests.acceptance.oracle.replay import replay as oracle_replay

Json = dict[str, Any]
Differs = Callable[[World], str | None]


def _person(line: Json) -> str:
    return f"member_id:{line['member_id']}" if "member_id" in line else f"email:{line['email']}"


def _given(made: World, **changed: Any) -> World:
    given: Given = {**made.given, **changed}  # type: ignore[typeddict-item]
    return replace(made, given=given)


def _smaller_worlds(made: World) -> Iterator[World]:
    """Each way to leave one thing out."""
    for place in range(len(made.canvases)):
        if len(made.canvases) > 1:
            yield replace(made, canvases=made.canvases[:place] + made.canvases[place + 1 :])
    for name in ("events", "profiles"):
        lines: list[Json] = made.given[name]
        for place in range(len(lines)):
            yield _given(made, **{name: lines[:place] + lines[place + 1 :]})
    for name in ("caps", "quiet_hours", "holdout"):
        if (made.given["workspace"] or {}).get(name):
            yield _given(made, workspace={k: v for k, v in (made.given["workspace"] or {}).items() if k != name})
    for place, document in enumerate(made.canvases):
        for key in document["settings"]:
            fewer = {name: part for name, part in document["settings"].items() if name != key}
            changed = {**document, "settings": fewer}
            yield replace(made, canvases=[*made.canvases[:place], changed, *made.canvases[place + 1 :]])


def _only(made: World, people: set[str]) -> World:
    kept = {name: [line for line in made.given[name] if _person(line) in people] for name in ("profiles", "events")}
    return _given(made, **kept)


def _fewer_people(made: World, first: str, differs: Differs) -> World:
    """The world of the first person who differs, or, where she only differs in company, of as few as that takes."""
    alone = _only(made, {first})
    if differs(alone):
        return alone
    people = {_person(line) for line in [*made.given["profiles"], *made.given["events"]]}
    for each in sorted(people):
        if differs(_only(made, people - {each})):
            people.remove(each)
    return _only(made, people)


def smaller(made: World, differs: Differs) -> World:
    """Leave things out for as long as the two still differ."""
    shrunk = True
    while shrunk:
        shrunk = False
        for candidate in _smaller_worlds(made):
            if differs(candidate):
                made, shrunk = candidate, True
                break
    return made


def main() -> None:
    """Print the small world of a seed and what the two say about it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itinera.settings")
    django.setup()
    from tests.acceptance.engine import EngineReplay

    made = world(int(sys.argv[1]))
    with tempfile.TemporaryDirectory() as folder:
        engine = EngineReplay(Path(folder))

        def differs(candidate: World) -> str | None:
            expected = oracle_replay(candidate.canvases, **candidate.given)
            return difference(expected, engine(candidate.canvases, **candidate.given))

        expected = oracle_replay(made.canvases, **made.given)
        who = people_who_differ(expected, engine(made.canvases, **made.given))
        if who:
            made = _fewer_people(made, who[0], differs)
        made = smaller(made, differs)
        for part in (*made.canvases, made.given):
            sys.stdout.write(json.dumps(part, ensure_ascii=False, default=str) + "\n")
        sys.stdout.write(f"{differs(made)}\n")


if __name__ == "__main__":
    main()
