"""Events that a leaf looks at: whether they make sense, their number in SQL, and those that one person had."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from audiences.rules.build import Build
from audiences.rules.catalogue import Catalogue
from audiences.rules.leaf_ast import Filter
from audiences.rules.own_events import OWN
from audiences.rules.person import PastEvent, Person
from audiences.rules.places import join
from audiences.rules.where import check_where, passes
from audiences.rules.window_ast import EntryWindow, Window
from audiences.rules.windows import reach
from itinera.kit.errors import Problem


def check_event(name: str, where: Sequence[Filter], catalogue: Catalogue, path: str, key: str) -> Iterator[Problem]:
    """Whether anybody had an event of this name, and what is wrong with the filters on it."""
    if name not in catalogue.events and not name.startswith(OWN):
        words = _("Nobody had an event named %(name)s so far.") % {"name": name}
        yield Problem("unknown_event", words, join(path, key), severity="warning")
    yield from check_where(where, name, catalogue, join(path, "where"))


def event_id_sql(name: str, build: Build) -> str:
    """The number of an event: a constant if the catalogue has it, else looked up when the query runs."""
    known = build.catalogue.events.get(name)
    if known is not None:
        return build.bind(known.id, "int")
    return f"(SELECT id FROM event_type WHERE name = {build.bind(name, 'text')})"  # noqa: S608 - a placeholder


def seen(
    name: str, where: Sequence[Filter], window: Window | None, person: Person, catalogue: Catalogue
) -> list[PastEvent]:
    """The events of one person that a leaf sees, in order of time."""
    window_reach = reach(window, person.at, person.since, person.zone)
    entry = person.entry_event if isinstance(window, EntryWindow) else None
    return [
        each for each in person.events
        if each.name == name and each.at <= person.at and window_reach.covers(each.at)
        and (entry is None or each.id != entry)
        and passes(where, name, each.properties, person, catalogue)
    ]  # fmt: skip
