"""`{"sequence": [Step…], "window": W}`: events one after the other, and things that did not come.

Step := {"event": NAME, "where": […], "within": DUR} | {"absent": NAME, "where": […], "within": DUR}

`within` counts from the step before and is half-open. An absence holds when its time is over; the next step counts
from then. The window is that of the events; an absence may reach beyond its end.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from audiences.rules.ast import Absent, Did, Sequence, Step
from audiences.rules.build import Build
from audiences.rules.catalogue import Catalogue
from audiences.rules.clock import shift
from audiences.rules.forms import Choice
from audiences.rules.leaves.base import LEAVES, Explanation, LeafKind
from audiences.rules.occurrences import check_event, seen
from audiences.rules.person import Person
from audiences.rules.places import join
from audiences.rules.sequences import name_of, sequence_sql
from audiences.rules.speech import Speech
from audiences.rules.window_ast import EntryWindow
from audiences.rules.words import duration_words
from itinera.kit.errors import Problem
from itinera.kit.wire import NEVER

Order = tuple[int, int]
"""When an event came: its instant, and its number among those of one instant."""
Reached = tuple[int, Order]
"""How far a chain has come: the instant that the next step counts from, and after which event it looks."""


class SequenceLeaf(LeafKind[Sequence]):
    key = "sequence"
    label = gettext_noop("Sequence of events")
    parts = (Choice("window", "window"), Choice("sequence", "steps"))

    def check(self, leaf: Sequence, catalogue: Catalogue, path: str) -> Iterator[Problem]:
        here = join(path, "sequence")
        if isinstance(leaf.sequence[0], Absent):
            words = _("A sequence begins with an event that came: there is nothing yet that an absence could follow.")
            yield Problem("wrong_value", words, join(join(here, 0), "absent"))
        elif leaf.sequence[0].within is not None:
            words = _("The first step follows nothing: its time is that of the window.")
            yield Problem("wrong_value", words, join(join(here, 0), "within"))
        for index, step in enumerate(leaf.sequence):
            key = "event" if isinstance(step, Did) else "absent"
            yield from check_event(name_of(step), step.where, catalogue, join(here, index), key)

    def sql(self, leaf: Sequence, build: Build) -> str:
        name = build.joins.add(sequence_sql(leaf, build), "{me}.ord = u.ord")
        return f"{name}.ord IS NOT NULL"

    def explain(self, leaf: Sequence, person: Person, speech: Speech) -> Explanation:
        steps = [_orders(step, leaf, person, speech.catalogue) for step in leaf.sequence]
        came = _farthest(leaf.sequence, steps, person, 0, (NEVER, (NEVER, 0)))
        words = _("%(what)s: %(came)d of %(all)d steps came")
        text = words % {"what": self.describe(leaf, speech), "came": came, "all": len(steps)}
        return Explanation(self.key, came == len(steps), text, came, len(steps))

    def describe(self, leaf: Sequence, speech: Speech) -> str:
        said = [_step(step, speech) for step in leaf.sequence]
        return speech.in_window(leaf.window, _(", then ").join(said))


def _orders(step: Step, leaf: Sequence, person: Person, catalogue: Catalogue) -> list[Order]:
    """The events that are a step, or that must not come."""
    everywhere = None if isinstance(step, Absent) else leaf.window
    found = seen(name_of(step), step.where, everywhere, person, catalogue)
    entry = person.entry_event if isinstance(leaf.window, EntryWindow) else None
    return [(each.at, each.id) for each in found if entry is None or each.id != entry]


def _farthest(steps: tuple[Step, ...], events: list[list[Order]], person: Person, number: int, at: Reached) -> int:
    """How many steps the best chain from here comes to, all that went before counted."""
    if number == len(steps):
        return number
    ends = list(_next(steps[number], events[number], person, at))
    return max((_farthest(steps, events, person, number + 1, end) for end in ends), default=number)


def _next(step: Step, events: list[Order], person: Person, at: Reached) -> Iterator[Reached]:
    """Where a chain can be after one more step."""
    start, after = at
    later = [each for each in events if each > after]
    over = None if step.within is None or start == NEVER else shift(start, step.within, person.zone)
    if isinstance(step, Did):
        yield from ((each[0], each) for each in later if over is None or each[0] < over)
    elif over is not None and over <= person.at and not any(each[0] < over for each in later):
        yield over, (over, 0)


def _step(step: Step, speech: Speech) -> str:
    event = speech.occurrence(name_of(step), step.where)
    if isinstance(step, Did):
        if step.within is None:
            return event
        return _("within %(duration)s %(event)s") % {"duration": duration_words(step.within), "event": event}
    return _("for %(duration)s no %(event)s") % {"duration": duration_words(step.within), "event": event}


LEAVES.register(SequenceLeaf.key, SequenceLeaf())
