"""The wall clock in SQL. Arguments are SQL expressions; numbers written into them are our own integers."""

from __future__ import annotations

from itinera.kit.durations import Duration


def local_day_sql(at: str, zone: str) -> str:
    """The day that the wall clock of the zone shows."""
    return f"({at} AT TIME ZONE {zone})::date"


def day_start_sql(day: str, zone: str) -> str:
    """The instant at which a local day begins."""
    return f"wall_instant(({day})::timestamp, {zone})"


def shift_sql(at: str, span: Duration, zone: str) -> str:
    """So much later (or earlier): months on the wall clock, the rest exact."""
    moved = f"shift_months({at}, {span.months:d}, {zone})" if span.months else at
    return f"({moved} + interval '{span.micros:d} microseconds')" if span.micros else moved


def day_shift_sql(day: str, span: Duration) -> str:
    """A plain date so much later (or earlier)."""
    return f"({day} + interval '{span.months:d} months {span.micros:d} microseconds')::date"
