"""Events one after the other, over a set of people: one pass over their events per step, whatever there are of them.

A person's events are put in order of time (of one instant: of arrival). Step by step each event is given an *anchor*,
the instant from which the next step counts, if a chain of the steps so far can end with it. For a step that is an
event only the latest anchor before it matters: if any lies within reach, that one does. An absence sets the anchor
at the instant when its time is over, so it adds a row of its own there, before the events of that instant.

`audiences.rules.leaves.sequence` says the same in Python, by trying every chain.
"""

from __future__ import annotations

from audiences.rules.ast import Absent, Did, Sequence, Step
from audiences.rules.build import Build, Joins
from audiences.rules.clock_sql import shift_sql
from audiences.rules.occurrences import event_id_sql
from audiences.rules.where import where_sql
from audiences.rules.windows import frame

_BEFORE = "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING"


def sequence_sql(leaf: Sequence, build: Build) -> str:
    """A relation of those for whom the whole sequence came: `ord`. `{among}` is for the statement to fill."""
    count = len(leaf.sequence)
    rows = _events(leaf, build)
    for number, step in enumerate(leaf.sequence[1:], start=1):
        rest = _marks(number + 1, count)
        rows = _came(step, number, rest, rows) if isinstance(step, Did) else _stayed_away(step, number, rest, rows)
    return f"(SELECT ord FROM ({rows}) AS r WHERE anchor IS NOT NULL GROUP BY ord)"  # noqa: S608 - our own SQL


def _events(leaf: Sequence, build: Build) -> str:
    """The events that are some step (`kN` says which); those of the first step carry an anchor.

    The window is that of the steps that are events: an absence may reach beyond its end.
    """
    joins, window = Joins("r"), frame(leaf.window, build)
    steps = []
    for step in leaf.sequence:
        high = window.high if isinstance(step, Did) else ()
        fits = (*high, *where_sql(step.where, name_of(step), build, joins))
        steps.append(" AND ".join((f"e.type_id = {event_id_sql(name_of(step), build)}", *fits)))
    marks = "".join(f", ({each}) AS k{number}" for number, each in enumerate(steps))
    types = ", ".join(dict.fromkeys(event_id_sql(name_of(step), build) for step in leaf.sequence))
    seen = " AND ".join((f"e.type_id IN ({types})", *window.seen, *window.low))
    any_step = " OR ".join(f"({each})" for each in steps)
    # Only months need her zone, which is read from the profile.
    zone = "u.zone" if any(step.within and step.within.months for step in leaf.sequence) else "NULL::text AS zone"
    return (
        f"SELECT ord, at, zone, time, id{_marks(1, len(steps))}, CASE WHEN k0 THEN time END AS anchor FROM ("  # noqa: S608
        f"SELECT u.ord, u.at, {zone}, e.time, e.id{marks} FROM u JOIN event e ON e.profile_id = u.profile"
        f" {' '.join(joins.sql)} WHERE {{among}} {seen} AND ({any_step})) AS e"
    )


def _came(step: Did, number: int, rest: str, rows: str) -> str:
    """Anchors move on to the events that came within reach of one."""
    within = "before IS NOT NULL" if step.within is None else f"time < {shift_sql('before', step.within, 'zone')}"
    return (
        f"SELECT ord, at, zone, time, id{rest}, CASE WHEN k{number} AND {within} THEN time END AS anchor FROM ("  # noqa: S608
        f"SELECT *, max(anchor) OVER (PARTITION BY ord ORDER BY time, id {_BEFORE}) AS before FROM ({rows}) AS r) AS r"
    )


def _stayed_away(step: Absent, number: int, rest: str, rows: str) -> str:
    """Anchors move on to the instant when the time is over, if nothing came before and it is over by now.

    The next event is looked for backwards: a window that shrinks from its start would be counted anew for each row.
    """
    over = shift_sql("anchor", step.within, "zone")
    marked = (
        f"SELECT *, {over} AS over, min(time) FILTER (WHERE k{number})"  # noqa: S608
        f" OVER (PARTITION BY ord ORDER BY time DESC, id DESC {_BEFORE}) AS next FROM ({rows}) AS r"
    )
    reached = "CASE WHEN r.over <= r.at AND coalesce(r.next >= r.over, true) THEN r.over END"
    blank = rest.replace(", k", ", false AS k")
    of_event = f"SELECT r.time, r.id{rest.replace(', k', ', r.k')}, NULL::timestamptz AS anchor"
    of_absence = f"SELECT r.over, 0{blank}, {reached} WHERE {reached} IS NOT NULL"
    return (
        f"SELECT r.ord, r.at, r.zone, x.* FROM ({marked}) AS r"  # noqa: S608
        f" CROSS JOIN LATERAL ({of_event} UNION ALL {of_absence}) AS x"
    )


def _marks(start: int, stop: int) -> str:
    return "".join(f", k{number}" for number in range(start, stop))


def name_of(step: Step) -> str:
    """The event that a step is about."""
    return step.event if isinstance(step, Did) else step.absent
