"""Workspace files (contract §4): one object whose keys are loaded by the packages that own them.

An upper package registers a loader for each of its keys when it starts:

    workspace_loaders.LOADERS.register("caps", load_caps)

A loader takes what stands under its key and says how many objects it has kept and what was wrong with
the others; loading the same file again changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audiences.files.documents import read_document
from itinera.kit.audit import Actor
from itinera.kit.errors import Problem, Refusal
from itinera.kit.registry import Registry
from itinera.kit.validation import place

KEYS = (
    "zone", "lookups", "catalogue", "holdout", "audiences", "tags", "segmentations", "templates", "accounts", "caps",
    "quiet_hours", "coupon_pools", "stores", "guides", "layers", "experiments", "journeys",
)  # fmt: skip
"""Every key that a workspace file may have, in the order in which they are loaded."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """When and by whom a file is loaded, and the folder that paths in it start from.

    Without an `actor` nothing is audited: a replay loads into tables that nobody else sees.
    """

    now: datetime
    actor: Actor = None
    folder: Path = Path()


@dataclass
class Loaded:
    """How many objects were kept, and what was wrong with the others; paths are within the section."""

    count: int = 0
    problems: list[Problem] = field(default_factory=list)


Loader = Callable[[Any, Occasion], Loaded]
LOADERS: Registry[Loader] = Registry("workspace loaders")

Writer = Callable[[], Any]
WRITERS: Registry[Writer] = Registry("workspace writers")
"""By key what writes its section so that it can be loaded again: `WRITERS.register(key, write)`."""


@dataclass
class WorkspaceReport:
    """Counts by key, and every problem with its path from the top of the file."""

    counts: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def load_each(section: object, keep: Callable[[object], object]) -> Loaded:
    """For a section that is a list: each entry is kept in a transaction of its own, or refused with its place."""
    if not isinstance(section, list):
        return Loaded(0, [Problem("wrong_value", _("This must be a list."))])
    found = Loaded()
    for index, entry in enumerate(section):
        try:
            with transaction.atomic():
                keep(entry)
        except Refusal as refusal:
            found.problems += _moved(refusal.problems, place((index,)))
        else:
            found.count += 1
    return found


def apply_workspace(document: object, occasion: Occasion) -> WorkspaceReport:
    """Load every section that somebody here knows how to load; all problems are told."""
    report = WorkspaceReport()
    if not isinstance(document, dict):
        report.problems.append(Problem("wrong_value", _("A workspace file holds one object.")))
        return report
    for key in document.keys() - set(KEYS):
        words = _("A workspace file has no key %(key)s.") % {"key": str(key)[:128]}
        report.problems.append(Problem("unknown_key", words, str(key)[:128]))
    for key in KEYS:
        if key in document:
            _apply(key, document[key], occasion, report)
    return report


def write_workspace(keys: Iterable[str]) -> dict[str, Any]:
    """These sections as a file holds them, in the order of loading. Refusal for one that nobody writes."""
    wanted = set(keys)
    if missing := sorted(wanted - WRITERS.keys()):
        words = _("%(key)s cannot be written in this version.")
        raise Refusal([Problem("not_supported", words % {"key": key}, key) for key in missing])
    return {key: WRITERS[key]() for key in KEYS if key in wanted}


def _apply(key: str, section: object, occasion: Occasion, report: WorkspaceReport) -> None:
    if key not in LOADERS:
        words = _("%(key)s are not run in this version.") % {"key": key}
        report.problems.append(Problem("not_supported", words, key))
        return
    try:
        loaded = LOADERS[key](section, occasion)
    except Refusal as refusal:
        loaded = Loaded(0, list(refusal.problems))
    report.counts[key] = loaded.count
    report.problems += _moved(loaded.problems, key)


def _moved(problems: Iterable[Problem], base: str) -> list[Problem]:
    def path(own: str | None) -> str:
        return base if not own else f"{base}{own}" if own.startswith("[") else f"{base}.{own}"

    return [replace(problem, path=path(problem.path)) for problem in problems]


def load_workspace(source: Path | Mapping[str, Any], now: datetime, actor: Actor = None) -> dict[str, int]:
    """Load a file (or what was in one) whole: Refusal with every problem, and then nothing is kept."""
    document, folder = (read_document(source), source.parent) if isinstance(source, Path) else (source, Path())
    with transaction.atomic():
        report = apply_workspace(document, Occasion(now, actor, folder))
        errors = [problem for problem in report.problems if problem.severity == "error"]
        if errors:
            raise Refusal(errors)
    return report.counts
