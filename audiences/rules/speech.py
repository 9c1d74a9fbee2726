"""Rules in plain words, in the reader's language: what a leaf asks, with labels where there are any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from audiences.rules.catalogue import Catalogue, kind_of
from audiences.rules.fields import Moment, Reference
from audiences.rules.kinds import ANYTHING, Kind
from audiences.rules.leaf_ast import Event, Filter, Via
from audiences.rules.lookups import compared
from audiences.rules.own_events import OWN_LABELS
from audiences.rules.window_ast import CalendarWindow, EntryWindow, FixedWindow, LastWindow, Window
from audiences.rules.words import duration_words, marked, moment_words

_NOW = {
    "day": gettext_noop("today"),
    "week": gettext_noop("this week"),
    "month": gettext_noop("this month"),
    "quarter": gettext_noop("this quarter"),
    "year": gettext_noop("this year"),
}
_BEFORE = {
    "day": gettext_noop("yesterday"),
    "week": gettext_noop("last week"),
    "month": gettext_noop("last month"),
    "quarter": gettext_noop("last quarter"),
    "year": gettext_noop("last year"),
}
_BACK = {
    "day": gettext_noop("%(back)d days ago"),
    "week": gettext_noop("%(back)d weeks ago"),
    "month": gettext_noop("%(back)d months ago"),
    "quarter": gettext_noop("%(back)d quarters ago"),
    "year": gettext_noop("%(back)d years ago"),
}
_SOURCES = {
    "profile": gettext_noop("%(name)s of the profile"),
    "entry": gettext_noop("%(name)s of the entry event"),
    "answer": gettext_noop("%(name)s of the event waited for"),
}


_MEASURED = {
    "count": gettext_noop("number of %(event)s"),
    "sum": gettext_noop("total %(property)s of %(event)s"),
    "avg": gettext_noop("average %(property)s of %(event)s"),
    "min": gettext_noop("smallest %(property)s of %(event)s"),
    "max": gettext_noop("largest %(property)s of %(event)s"),
    "distinct": gettext_noop("number of different %(property)s of %(event)s"),
    "first": gettext_noop("time of the first %(event)s"),
    "last": gettext_noop("time of the last %(event)s"),
}


@dataclass(frozen=True)
class Speech:
    """What is needed to speak of rules: the labels of a workspace, and the zone whose clock instants are shown by."""

    catalogue: Catalogue
    zone: str = "Asia/Shanghai"

    def attribute(self, name: str, via: Via | None = None) -> str:
        """An attribute by its label; of a look-up table, the column."""
        found = self.catalogue.attributes.get(name)
        return self._via(marked((found.label if found else "") or name), via)

    def event(self, name: str) -> str:
        found = self.catalogue.events.get(name)
        return marked((found.label if found else "") or (_(OWN_LABELS[name]) if name in OWN_LABELS else name))

    def property(self, event: str, name: str, via: Via | None = None) -> str:
        found = self.catalogue.property(event, name)
        return self._via(marked((found.label if found else "") or name), via)

    def _via(self, label: str, via: Via | None) -> str:
        if via is None:
            return label
        table = self.catalogue.tables.get(via.table)
        column = table.columns.get(via.column) if table else None
        name = marked((column.label if column else "") or via.column)
        return _("%(column)s of %(key)s") % {"key": label, "column": name}

    def condition(self, kind: Kind[Any], op: str, value: object) -> str:
        """An operator with its value: `≥ 300`. What does not fit together is shown as it was written."""
        if isinstance(value, Reference):
            return kind.words(op, self.reference(value)) if kind.has(op) else f"{op} {self.reference(value)}"
        if not kind.has(op) or kind.problem(op, value) is not None:
            return op if value is None else f"{op} {value}"
        return kind.words(op, kind.value_words(op, value, self.zone))

    def reference(self, reference: Reference) -> str:
        """Where a value is taken from."""
        name = self.attribute(reference.name) if reference.of == "profile" else marked(reference.name)
        return _(_SOURCES[reference.of]) % {"name": name}

    def occurrence(self, event: str, where: Sequence[Filter]) -> str:
        """An event, with the filters on it."""
        if not where:
            return self.event(event)
        said = _(" and ").join(self.filter(each, event) for each in where)
        return _("%(event)s (%(filters)s)") % {"event": self.event(event), "filters": said}

    def filter(self, each: Filter, event: str) -> str:
        """One condition on a property."""
        known = compared(each.via, self.catalogue.property(event, each.property), self.catalogue)
        kind = kind_of(each.op, each.value, known) or ANYTHING
        return joined(self.property(event, each.property, each.via), self.condition(kind, each.op, each.value))

    def window(self, window: Window | None) -> str:
        """A stretch of time; empty for ever."""
        match window:
            case LastWindow(last=length):
                return _("in the last %(duration)s") % {"duration": duration_words(length)}
            case FixedWindow(from_=low, to=high):
                return self._between(low, high)
            case EntryWindow():
                return _("since entry")
            case CalendarWindow(calendar=unit, back=back):
                return _(_BACK[unit]) % {"back": back} if back > 1 else _((_BEFORE if back else _NOW)[unit])
        return ""

    def _between(self, low: Moment | None, high: Moment | None) -> str:
        if low is None or high is None:
            words = _("since %(moment)s") if high is None else _("before %(moment)s")
            end = low if high is None else high
            return words % {"moment": moment_words(end, self.zone) if end else ""}
        ends = {"low": moment_words(low, self.zone), "high": moment_words(high, self.zone)}
        return _("from %(low)s until before %(high)s") % ends

    def in_window(self, window: Window | None, what: str) -> str:
        """Something within a stretch of time."""
        said = self.window(window)
        return _("%(what)s %(window)s") % {"what": what, "window": said} if said else what

    def measured(self, leaf: Event) -> str:
        """What an event leaf measures, and when: `total amount of order_paid in the last 90 days`."""
        names = {"event": self.occurrence(leaf.event, leaf.where)}
        if leaf.property is not None:
            names["property"] = self.property(leaf.event, leaf.property)
        return self.in_window(leaf.window, _(_MEASURED[leaf.measure]) % names)


def joined(what: str, asked: str) -> str:
    """A subject and what is asked of it."""
    return _("%(what)s %(asked)s") % {"what": what, "asked": asked}


def told(what: str, found: str | None, asked: str) -> str:
    """A subject, what it was found to be (None: there is nothing) and what is asked of it."""
    words = (
        _("%(what)s is %(found)s; required: %(asked)s")
        if found is not None
        else _("%(what)s has no value; required: %(asked)s")
    )
    return words % {"what": what, "found": found, "asked": asked}
