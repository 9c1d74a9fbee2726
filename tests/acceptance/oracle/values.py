"""The operators of rules: what a value must be for a leaf or filter to hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from tests.acceptance.oracle.people import Value
from tests.acceptance.oracle.times import duration, instant, local, shift

HOLD_WHEN_MISSING = frozenset({"not_set", "ne", "not_in", "not_contains", "not_between", "has_none"})
_TEMPORAL = frozenset({"before", "after", "on", "in_last", "in_next", "older_than", "anniversary"})
_LISTS = frozenset({"has", "has_any", "has_all", "has_none", "is_empty"})
_TEXTS = frozenset({"contains", "not_contains", "starts_with", "ends_with"})


@dataclass(frozen=True)
class Now:
    """The instant a rule is asked at, and the zone of the person it is asked about."""

    at: datetime
    zone: ZoneInfo


def kind_for(op: str, value: Value) -> str:
    """The type a leaf must mean when the catalogue does not say."""
    if op in _TEMPORAL or (op.endswith("between") and isinstance(value[0], str)):
        return "datetime"
    if op in _LISTS:
        return "list"
    sample = value[0] if op in {"in", "not_in"} and value else value
    if op in _TEXTS or isinstance(sample, str):
        return "text"
    if isinstance(sample, bool):
        return "boolean"
    return "any" if sample is None else "number"


def typed(value: Value, kind: str) -> Value:
    """The value as its type, or None (missing) when it is of another type."""
    if kind == "any" or value is None:
        return value
    if kind in {"number", "money"}:
        number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
        return Decimal(str(value)) if number else None
    if kind == "boolean":
        return value if isinstance(value, bool) else None
    if kind == "list":
        return value if isinstance(value, list) and all(isinstance(item, str) for item in value) else None
    if not isinstance(value, str):
        return None
    return value if kind == "text" else _when(value)


def _when(text: str) -> date | datetime | None:
    """A plain date, or an instant; None when the text is neither."""
    try:
        return date.fromisoformat(text) if len(text) == len("2000-01-01") else instant(text)
    except ValueError:
        return None


def _day(value: date | datetime, zone: ZoneInfo) -> date:
    return local(value, zone).date() if isinstance(value, datetime) else value


def _sortable(one: date | datetime, other: date | datetime, zone: ZoneInfo) -> tuple[Value, Value]:
    """Plain dates are local days: with one of them, days are compared; else instants."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one.astimezone(UTC), other.astimezone(UTC)
    return _day(one, zone), _day(other, zone)


def holds(op: str, actual: Value, value: Value, kind: str, now: Now) -> bool:
    """Whether `actual op value`. A missing one (None, or of the wrong type) on either side is missing."""
    actual = typed(actual, kind)
    if op in {"is_set", "not_set"}:
        return (actual is not None) == (op == "is_set")
    if actual is None:
        return op in HOLD_WHEN_MISSING
    if kind in {"date", "datetime"}:
        return _holds_in_time(op, actual, value, now)
    if kind == "list":
        return _holds_of_list(op, actual, value)
    asked = [typed(item, kind) for item in (value if isinstance(value, list) else [value])]
    if None in asked:
        return op in HOLD_WHEN_MISSING
    return _holds_of_scalar(op, actual, asked)


def _holds_of_scalar(op: str, actual: Value, asked: list[Value]) -> bool:
    if op in {"in", "not_in"}:
        return (actual in asked) == (op == "in")
    if op in {"between", "not_between"}:
        return bool(asked[0] <= actual <= asked[1]) == (op == "between")
    wanted = asked[0]
    if op in _TEXTS:
        text, part = actual.lower(), wanted.lower()
        if op == "starts_with":
            return bool(text.startswith(part))
        if op == "ends_with":
            return bool(text.endswith(part))
        return (part in text) == (op == "contains")
    if op in {"eq", "ne"}:
        return bool(actual == wanted) == (op == "eq")
    return bool({"gt": actual > wanted, "gte": actual >= wanted, "lt": actual < wanted, "lte": actual <= wanted}[op])


def _holds_of_list(op: str, actual: list[str], value: Value) -> bool:
    if op == "is_empty":
        return not actual
    asked = value if isinstance(value, list) else [value]
    found = [item in actual for item in asked]
    if op == "has_none":
        return not any(found)
    return all(found) if op in {"has", "has_all"} else any(found)


def _holds_in_time(op: str, actual: date | datetime, value: Value, now: Now) -> bool:
    if op in {"in_last", "in_next", "older_than"}:
        span = duration(value)
        edge = shift(now.at, span if op == "in_next" else -span, now.zone)
        low, mid = _sortable(min(edge, now.at), actual, now.zone)
        _, high = _sortable(actual, max(edge, now.at), now.zone)
        return bool(mid < low) if op == "older_than" else bool(low <= mid <= high)
    if op == "anniversary":
        return _falls_on(_day(actual, now.zone), value, now)
    asked = [_when(item) for item in (value if isinstance(value, list) else [value])]
    if any(item is None for item in asked):
        return op in HOLD_WHEN_MISSING
    sides = [_sortable(actual, item, now.zone) for item in asked if item is not None]
    if op == "before":
        return bool(sides[0][0] < sides[0][1])
    if op == "after":
        return bool(sides[0][0] > sides[0][1])
    if op == "on":
        return _day(actual, now.zone) == _day(asked[0] or actual, now.zone)
    inside = bool(sides[0][0] >= sides[0][1] and sides[1][0] <= sides[1][1])
    return inside == (op == "between")


def _falls_on(day: date, value: str, now: Now) -> bool:
    today = local(now.at, now.zone).date()
    last = local(shift(now.at, duration(value), now.zone), now.zone).date()
    span = [today + timedelta(days=n) for n in range((last - today).days + 1)]
    return any((each.month, each.day) == (day.month, day.day) for each in span)
