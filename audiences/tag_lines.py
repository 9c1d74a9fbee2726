"""Tags of profile lines against the catalogue of tags: named by slug or by label, typed, and only manual ones.

A name that is no slug (高价值) stands for the tag with this label; if there is none, one is made whose slug is drawn
from the name, so that files of several systems mean the same tag.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from audiences.lines import BadLine
from audiences.models.tag import TagSource
from audiences.typed import Newcomers, NewTag, bounded, fits, shown_type, wrong
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor

MOST_TAGS = 2_000
"""How many tags there may be; beyond, a sender is mixing up tags and values."""

_SLUG = re.compile(r"[a-z0-9_-]{1,64}", re.ASCII)
_SQL = queries(__file__, "ingest.sql")


@dataclass(frozen=True, slots=True)
class KnownTag:
    """What ingestion asks about a tag; one that is not `declared` was only seen in data, and takes any value."""

    type: str | None
    source: str
    declared: bool


class TagCheck:
    """Checks tags against one catalogue and gathers what is new among them."""

    def __init__(self, known: Mapping[str, KnownTag], labels: Mapping[str, str], new: Newcomers) -> None:
        self.known, self.labels, self.new = known, labels, new

    @property
    def kept(self) -> list[str]:
        """Tags that a rule or a model keeps: lines neither name them nor take them away."""
        return [slug for slug, tag in self.known.items() if tag.source != TagSource.MANUAL]

    def read(self, tags: Mapping[str, Any], people: str) -> dict[str, Any]:
        """The tags by slug; new ones are for this kind of people. A false takes away what has no value.

        BadLine with codes kept_tag, wrong_type, too_many_names.
        """
        found: dict[str, Any] = {}
        for name, value in tags.items():
            slug = self.slug_of(name)
            tag = self.known.get(slug)
            if tag is not None:
                self._allow(name, value, tag)
            if value is False and (tag is None or tag.type != "boolean"):
                continue
            if tag is None and slug not in self.new.tags:
                self._note(name, slug, value, people)
            found[slug] = value
        return found

    def slug_of(self, name: str) -> str:
        """The slug that a name in a line stands for."""
        if _SLUG.fullmatch(name):
            return name
        return self.labels.get(name) or f"t-{hashlib.sha256(name.encode()).hexdigest()[:10]}"

    def _allow(self, name: str, value: Any, tag: KnownTag) -> None:
        if tag.source != TagSource.MANUAL:
            words = _("The tag %(tag)s is kept by its rule or model: it cannot be set from outside. Leave it out.")
            raise BadLine("kept_tag", words % {"tag": name}, f"tags.{name}")
        if not tag.declared:
            return
        if tag.type is None:
            if not isinstance(value, bool):
                words = _("The tag %(tag)s has no values: it is true, or left out.") % {"tag": name}
                raise BadLine("wrong_type", words, f"tags.{name}")
        elif not fits(value, tag.type):
            raise wrong(f"tags.{name}", tag.type)

    def _note(self, name: str, slug: str, value: Any, people: str) -> None:
        bounded(len(self.known) + len(self.new.tags), MOST_TAGS, "tags")
        label = name if slug != name else ""
        self.new.tags[slug] = NewTag(label, None if value is True else shown_type(value), people)


def load_tags(cursor: Cursor, new: Newcomers) -> TagCheck:
    """The catalogue of tags as it is; a few hundred rows. Of two with one label, the label means neither."""
    cursor.execute(_SQL["tags"])
    known: dict[str, KnownTag] = {}
    labels: dict[str, str] = {}
    twice: set[str] = set()
    for slug, label, type_, source, declared in cursor.fetchall():
        known[slug] = KnownTag(type_, source, declared)
        if label in labels:
            twice.add(label)
        labels[label] = slug
    return TagCheck(known, {label: slug for label, slug in labels.items() if label and label not in twice}, new)
