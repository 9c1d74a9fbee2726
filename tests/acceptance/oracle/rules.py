"""Rules: attribute and event leaves, and all / any / not over them, for one person at one instant."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from tests.acceptance.oracle.people import Event, Json, Person, Value
from tests.acceptance.oracle.times import LONG_AGO, add_months, day_at, duration, instant, local, shift
from tests.acceptance.oracle.values import Now, holds, kind_for, typed


class Catalogue:
    """Declared types; what is not declared is read as the rule means it."""

    def __init__(self, declared: Json | None) -> None:
        declared = declared or {}
        self._attributes = {each["name"]: each["type"] for each in declared.get("attributes", [])}
        self._properties = {
            (event["name"], each["name"]): each["type"]
            for event in declared.get("events", [])
            for each in event.get("properties", [])
        }

    def attribute(self, name: str, op: str, value: Value) -> str:
        """The type of an attribute in a leaf."""
        return self._attributes.get(name) or kind_for(op, value)

    def of_property(self, event: str, name: str, op: str, value: Value) -> str:
        """The type of an event's property in a filter."""
        return self._properties.get((event, name)) or kind_for(op, value)


@dataclass(frozen=True)
class Asked:
    """About whom a rule is asked, when, and what her walk has brought along so far."""

    person: Person
    at: datetime
    zone: ZoneInfo
    catalogue: Catalogue
    entered_at: datetime | None = None
    entry_line: int | None = None
    entry: Json = field(default_factory=dict)
    answer: Json = field(default_factory=dict)

    def refer(self, value: Value) -> Value:
        """A filter's value: itself, or what `{"of": …, "name": …}` points at."""
        if not isinstance(value, dict):
            return value
        source = {"profile": self.person.attributes, "entry": self.entry, "answer": self.answer}[value["of"]]
        return source.get(value["name"])


def rule_holds(rule: Json | None, asked: Asked) -> bool:
    """Whether the rule holds; no rule at all holds."""
    if rule is None:
        return True
    if "all" in rule:
        return all(rule_holds(each, asked) for each in rule["all"])
    if "any" in rule:
        return any(rule_holds(each, asked) for each in rule["any"])
    if "not" in rule:
        return not rule_holds(rule["not"], asked)
    if "attribute" in rule:
        return _attribute_holds(rule, asked)
    return _events_hold(rule, asked)


def _attribute_holds(leaf: Json, asked: Asked) -> bool:
    op, value = leaf["op"], leaf.get("value")
    kind = asked.catalogue.attribute(leaf["attribute"], op, value)
    actual = asked.person.attributes.get(leaf["attribute"])
    return holds(op, actual, value, kind, Now(asked.at, asked.zone))


def event_fits(event: Event, name: str, where: list[Json] | None, asked: Asked) -> bool:
    """Whether an event has the name and passes every filter."""
    if event.name != name:
        return False
    return all(_filter_holds(event, each, asked) for each in where or [])


def _filter_holds(event: Event, each: Json, asked: Asked) -> bool:
    op, value = each["op"], asked.refer(each.get("value"))
    kind = asked.catalogue.of_property(event.name, each["property"], op, value)
    return holds(op, event.properties.get(each["property"]), value, kind, Now(asked.at, asked.zone))


def _events_hold(leaf: Json, asked: Asked) -> bool:
    measure = leaf.get("measure", "count")
    since, upto, shut = _window(leaf.get("window"), asked)
    found = [
        event
        for event in asked.person.history
        if event.at <= asked.at and since <= event.at and (event.at < upto if shut else event.at <= upto)
        if not ((leaf.get("window") or {}).get("since") == "entry" and event.line == asked.entry_line)
        if event_fits(event, leaf["event"], leaf.get("where"), asked)
    ]
    now = Now(asked.at, asked.zone)
    if measure in {"first", "last"}:
        edge = (found[0] if measure == "first" else found[-1]).at.isoformat() if found else None
        return holds(leaf["op"], edge, leaf.get("value"), "datetime", now)
    value = leaf.get("value", 1 if "op" not in leaf else None)
    return holds(leaf.get("op", "gte"), _measured(measure, leaf, found, asked), value, "number", now)


def _measured(measure: str, leaf: Json, found: list[Event], asked: Asked) -> int | Decimal | None:
    if measure == "count":
        return len(found)
    raw = [event.properties.get(leaf["property"]) for event in found]
    if measure == "distinct":
        kind = asked.catalogue.of_property(leaf["event"], leaf["property"], "is_set", None)
        values = [typed(value, kind) for value in raw]
        return len({(isinstance(value, bool), value) for value in values if value is not None})
    numbers = [number for number in (typed(value, "number") for value in raw) if number is not None]
    if measure == "sum":
        return sum(numbers, Decimal(0))
    if not numbers:
        return None
    if measure == "avg":
        return sum(numbers, Decimal(0)) / len(numbers)
    return Decimal(min(numbers) if measure == "min" else max(numbers))


def _window(window: Json | None, asked: Asked) -> tuple[datetime, datetime, bool]:
    """From when, until when, and whether the end itself is left out. Nothing after the instant is seen anyway."""
    if not window:
        return LONG_AGO, asked.at, False
    if "last" in window:
        return shift(asked.at, -duration(window["last"]), asked.zone), asked.at, False
    if "since" in window:
        return asked.entered_at or LONG_AGO, asked.at, False
    if "calendar" in window:
        first, after = calendar_period(window["calendar"], window.get("back", 0), asked.at, asked.zone)
        return first, after, True
    return _edge(window.get("from"), asked) or LONG_AGO, _edge(window.get("to"), asked) or asked.at, "to" in window


def _edge(text: str | None, asked: Asked) -> datetime | None:
    if text is None:
        return None
    return instant(text) if "T" in text else day_at(date.fromisoformat(text), time(), asked.zone)


def calendar_period(unit: str, back: int, at: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """[first, after) of the local day, week (from Monday), month, quarter or year `back` before the current one."""
    today = local(at, zone).date()
    if unit in {"day", "week"}:
        days = 1 if unit == "day" else 7
        first = today - timedelta(days=(today.weekday() if unit == "week" else 0) + days * back)
        after = first + timedelta(days=days)
    else:
        months = {"month": 1, "quarter": 3, "year": 12}[unit]
        this = date(today.year, (today.month - 1) // months * months + 1, 1)
        first = add_months(this, -months * back)
        after = add_months(first, months)
    return day_at(first, time(), zone), day_at(after, time(), zone)
