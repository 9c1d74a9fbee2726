"""The sections `tags` and `lookups` of a workspace file: what rules and templates have words for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from audiences import lookup_actions, tag_actions
from audiences.lookup_documents import LookupDocument
from audiences.models import LookupTable, PeopleKind, Tag, TagSource
from audiences.tag_documents import TagDocument
from audiences.workspace_loaders import Loaded, Occasion, load_each
from itinera.kit.errors import Problem
from itinera.kit.validation import validated


def load_tags(section: Any, occasion: Occasion) -> Loaded:
    """`[{"slug", "label", "group", "kind", "type", "cases": [{"value", "rule"}], "every"}]`."""
    odd: list[Problem] = []

    def keep(entry: object) -> None:
        saved = tag_actions.save(occasion.actor, validated(TagDocument, entry), occasion.now)
        odd.extend(replace(each, path=f"{saved.tag.slug}.{each.path}") for each in saved.problems)

    found = load_each(section, keep)
    found.problems += odd
    return found


def write_tags() -> list[dict[str, Any]]:
    """What people have said about tags; those that models keep come with the models."""
    rows = Tag.objects.filter(declared=True).exclude(source=TagSource.MODEL).order_by("slug")
    return [dict(_tag(row)) for row in rows]


def _tag(row: Tag) -> Iterator[tuple[str, Any]]:
    yield "slug", row.slug
    if row.kind != PeopleKind.CONSUMER:
        yield "kind", row.kind
    for name in ("label", "group", "type", "cases", "every"):
        if value := getattr(row, name):
            yield name, value


def load_lookups(section: Any, occasion: Occasion) -> Loaded:
    """`[{"slug", "label", "key", "columns": [{"name", "type", "label"}], "rows": [{"key", "values"}]}]`."""
    return load_each(
        section, lambda entry: lookup_actions.save(occasion.actor, validated(LookupDocument, entry), occasion.now)
    )


def write_lookups() -> list[dict[str, Any]]:
    """The tables with their columns; rows are data, which come from elsewhere."""
    names = ("slug", "label", "key", "columns")
    return [{name: getattr(row, name) for name in names} for row in LookupTable.objects.order_by("slug")]
