"""The section `audiences` of a workspace file: `[{"slug", "name", "rule" | "members" | "definition", …}]`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audiences import asking, membership
from audiences.audience_actions import save
from audiences.audience_documents import AudienceDocument
from audiences.definitions.base import kind_of
from audiences.models import Audience, PeopleKind
from audiences.people import load_names
from audiences.workspace_loaders import Loaded, Occasion
from itinera.kit.errors import Problem, Refusal
from itinera.kit.validation import place, validated
from itinera.kit.wire import django_cursor

MOST_AT_ONCE = 50_000
"""So many names are read at once when a list is written."""


def load_audiences(section: Any, occasion: Occasion) -> Loaded:
    """Each entry is kept or refused by itself, after those that it rests on, in whatever order they stand."""
    if not isinstance(section, list):
        return Loaded(0, [Problem("wrong_value", _("This must be a list."))])
    found = Loaded()
    read = dict(_read(section, found))
    asks = {**asking.graph(), **{document.slug: _asks(document) for document in read.values()}}
    order = {slug: rank for rank, slug in enumerate(asking.in_order(asks, asks))}
    for index in sorted(read, key=lambda index: (order[read[index].slug], index)):
        try:
            with transaction.atomic():
                asking.refuse_loop(asks, read[index].slug, "")
                problems = save(occasion.actor, read[index], occasion.now).problems
        except Refusal as refusal:
            found.problems += _at(index, refusal.problems)
        else:
            found.count += 1
            found.problems += _at(index, problems)
    return found


def write_audiences() -> list[dict[str, Any]]:
    """What is not archived, as a file holds it: those that others rest on first, lists by the names of their people."""
    rows = {row.slug: row for row in Audience.objects.filter(archived_at=None).order_by("slug")}
    return [_written(rows[slug]) for slug in asking.in_order(asking.graph(), rows) if slug in rows]


def _read(section: list[Any], found: Loaded) -> Iterator[tuple[int, AudienceDocument]]:
    for index, entry in enumerate(section):
        try:
            yield index, validated(AudienceDocument, entry)
        except Refusal as refusal:
            found.problems += _at(index, refusal.problems)


def _asks(document: AudienceDocument) -> Collection[str]:
    """What it rests on; nothing if it cannot be read, which is told when it is saved."""
    if document.way == "members":
        return ()
    try:
        kind, value = kind_of(document.definition or {"rule": document.rule})
        return kind.asks(kind.read(value, ""))
    except (KeyError, ValueError, Refusal):
        return ()


def _at(index: int, problems: Any) -> list[Problem]:
    return [replace(each, path=place((index,)) + (f".{each.path}" if each.path else "")) for each in problems]


def _written(row: Audience) -> dict[str, Any]:
    told: dict[str, Any] = {"slug": row.slug, "name": row.name}
    if row.kind != PeopleKind.CONSUMER:
        told["kind"] = row.kind
    told |= {key: value for key, value in (("description", row.description), ("every", row.every)) if value}
    if "members" in row.definition:
        return {**told, "members": _names(row)}
    return {**told, **(row.definition if "rule" in row.definition else {"definition": row.definition})}


def _names(row: Audience) -> list[str]:
    cursor = django_cursor()
    ids = membership.load(cursor, [row.pk])[row.pk].ids()
    parts = (ids[start : start + MOST_AT_ONCE] for start in range(0, len(ids), MOST_AT_ONCE))
    # Somebody who has lost all her identities cannot be named.
    return sorted(name for part in parts for name in load_names(cursor, part) if name is not None)
