"""Fills the columns of the events that were stored before their properties had any; then rules may read them.

A job of its own for each type of event, month by month, some thousand events a slice. What comes in meanwhile has its
columns written by ingestion already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from audiences.models import SLOTS_LOCK, EventType
from audiences.rules.kinds import KINDS, NUMBER
from audiences.slots import COLUMNS, FILLING, NUMBERS, READY, Slots, columns, kept_sql
from itinera.kit.errors import Refusal
from itinera.kit.jobs import JOBS, JobKind, Slice, ask
from itinera.kit.models import Job
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor, django_cursor

KIND = "events.fill"
MOST = 20_000
"""Events of one slice; more only where more have the same time to the microsecond."""

_SQL = queries(__file__, "filling.sql")


@dataclass(frozen=True)
class _Pass:
    """One way through all months: for which slots, which months are to come, how far the first of them is done."""

    slots: Slots
    months: list[str]
    of: int
    after: str | None = None

    def stored(self) -> dict[str, Any]:
        return {"slots": dict(self.slots), "months": self.months, "of": self.of, "after": self.after}


class FillJob(JobKind):
    """`params`: `{"type"}`, the number of the type. `done` and `total` count months."""

    def slice(self, job: Job, now: datetime) -> Slice:
        cursor, type_ = django_cursor(), job.params["type"]
        wanted = _filling(_found(EventType.objects.filter(pk=type_)))
        under_way = _Pass(**job.cursor) if job.cursor else None
        if under_way is None or under_way.slots != wanted:
            under_way = _begin(cursor, wanted)
        if under_way.months and wanted:
            under_way = _fill(cursor, type_, under_way)
            return Slice(under_way.stored(), under_way.of - len(under_way.months), under_way.of)
        row = _found(EventType.objects.select_for_update(no_key=True).filter(pk=type_))
        if _filling(row) != wanted:
            # Somebody has given away columns this very moment.
            return Slice({}, 0, under_way.of)
        row.slots = {**row.slots, **_ready(wanted)}
        row.save(update_fields=["slots"])
        return Slice(None, under_way.of, under_way.of)


def hold_slots() -> None:
    """To be called in the transaction that gives columns away, before it locks a row: ingestion locks in this order."""
    django_cursor().execute(_SQL["hold_slots"], {"lock": SLOTS_LOCK})


def settle_filling(row: EventType, actor: object, now: datetime) -> None:
    """To be called in the same transaction when a property has got a column: where no event is stored yet the column
    may be read at once; else a job fills it.
    """
    wanted = _filling(row)
    if not wanted:
        return
    cursor = django_cursor()
    cursor.execute(_SQL["has_events"], {"type": row.pk})
    if cursor.fetchone()[0]:
        ask(KIND, f"event:{row.name}", actor, now, {"type": row.pk})
        return
    row.slots = {**row.slots, **_ready(wanted)}
    row.save(update_fields=["slots"])


def _found(rows: QuerySet[EventType]) -> EventType:
    row = rows.first()
    if row is None:
        raise Refusal.because("not_found", _("There is no such event."), status=404)
    return row


def _filling(row: EventType) -> dict[str, Any]:
    return {column: row.slots[column] for column in columns(row.slots, FILLING)}


def _ready(slots: Slots) -> dict[str, dict[str, str]]:
    return {column: {**slot, "state": READY} for column, slot in slots.items()}


def _begin(cursor: Cursor, wanted: Slots) -> _Pass:
    cursor.execute(_SQL["months"])
    months = [name.rpartition("_")[2] for name in cursor.fetchone()[0] or ()]
    return _Pass(wanted, months, len(months))


def _fill(cursor: Cursor, type_: int, under_way: _Pass) -> _Pass:
    begin, end = _bounds(under_way.months[0])
    after = begin - timedelta(microseconds=1) if under_way.after is None else datetime.fromisoformat(under_way.after)
    stretch = {"type": type_, "after": after, "end": end, "most": MOST}
    cursor.execute(_SQL["end_of_slice"], stretch)
    upto, count = cursor.fetchone()
    if count:
        statement, names = _statement(columns(under_way.slots, FILLING))
        cursor.execute(statement, {"type": type_, "after": after, "upto": upto, **names})
    if count < MOST:
        return _Pass(under_way.slots, under_way.months[1:], under_way.of)
    return _Pass(under_way.slots, under_way.months, under_way.of, upto.isoformat())


def _statement(wanted: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The update, and the names of the properties as its parameters: users' words never become SQL text."""
    values = {column: _value(column, f"(properties -> %({column})s::text)") for column in wanted}
    statement = _SQL["fill"].format(
        assignments=", ".join(f"{column} = {value}" for column, value in values.items()),
        columns=", ".join(values),
        values=", ".join(values.values()),
    )
    return statement, dict(wanted)


def _value(column: str, json: str) -> str:
    """What a rule reads from the JSON."""
    if COLUMNS[column] is NUMBERS:
        return str(NUMBER.read_sql(json))
    return kept_sql(f"({KINDS['text'].read_sql(json)})")


def _bounds(month: str) -> tuple[datetime, datetime]:
    begin = datetime.strptime(month, "%Y%m").replace(tzinfo=UTC)
    return begin, (begin + timedelta(days=32)).replace(day=1)


def register() -> None:
    """Called once when the app starts."""
    JOBS.register(KIND, FillJob())
