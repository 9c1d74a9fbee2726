"""Generated rules and filters."""

from __future__ import annotations

from datetime import datetime
from random import Random

from tests.acceptance.generated.words import (
    ATTRIBUTES,
    DATES,
    LIKES,
    LONG,
    NUMBERS,
    PROPERTIES,
    TEXTS,
    Json,
    instant,
    written,
)

_TEXT = ["eq", "ne", "in", "not_in", "contains", "not_contains", "starts_with", "ends_with", "is_set", "not_set"]
_NUMBER = ["eq", "ne", "gt", "gte", "lt", "lte", "between", "not_between", "in", "not_in", "is_set", "not_set"]
_TIME = ["before", "after", "on", "between", "in_last", "in_next", "older_than", "is_set", "not_set"]
_LIST = ["has", "has_any", "has_all", "has_none", "is_empty", "is_set", "not_set"]


def _operand(random: Random, name: str, kind: str, base: datetime) -> Json:
    """`op` and, where one belongs to it, `value`."""
    op = random.choice(
        {"text": _TEXT, "number": _NUMBER, "list": _LIST, "boolean": ["eq", "is_set", "not_set"]}.get(kind, _TIME)
    )
    if op in {"is_set", "not_set", "is_empty"}:
        return {"op": op}
    if kind == "text":
        one = random.choice(TEXTS[name])
        return {
            "op": op,
            "value": [one, "x"] if op in {"in", "not_in"} else one[:2] if "s_" in op or "con" in op else one,
        }
    if kind == "number":
        some = sorted(random.sample(NUMBERS, 2))
        return {"op": op, "value": some if op in {"between", "not_between", "in", "not_in"} else some[0]}
    if kind == "boolean":
        return {"op": op, "value": random.random() < 0.5}
    if kind == "list":
        return {"op": op, "value": random.choice(LIKES) if op == "has" else random.sample(LIKES, 2)}
    return {"op": op, "value": _when(random, op, base)}


def _when(random: Random, op: str, base: datetime) -> str | list[str]:
    if op in {"in_last", "in_next", "older_than"}:
        return random.choice(LONG)
    if op == "between":
        return sorted(random.sample(DATES, 2))
    return random.choice(DATES) if op == "on" or random.random() < 0.5 else written(random, instant(random, base))


def where(random: Random, event: str, base: datetime, spaces: list[str]) -> list[Json]:
    """Filters of an event, some with values taken from `spaces` (profile, entry, answer)."""
    found: list[Json] = []
    for name, kind in PROPERTIES[event].items():
        if random.random() < 0.2:
            found.append({"property": name, **_operand(random, name, kind, base)})
        elif kind == "text" and spaces and random.random() < 0.15:
            source = random.choice(spaces)
            named = "city" if source == "profile" else name
            op = random.choice(["eq", "ne"])
            found.append({"property": name, "op": op, "value": {"of": source, "name": named}})
    return found


def _window(random: Random, base: datetime, *, inside: bool) -> Json | None:
    kinds = ["last", "last", "span", "calendar", None, *(["entry", "entry"] if inside else [])]
    kind = random.choice(kinds)
    if kind == "last":
        return {"last": random.choice(LONG)}
    if kind == "span":
        first, last = sorted(random.sample(DATES[:3], 2))
        return {"from": first, "to": last}
    if kind == "calendar":
        return {"calendar": random.choice(["day", "week", "month", "quarter", "year"]), "back": random.randrange(3)}
    return {"since": "entry"} if kind == "entry" else None


def _events(random: Random, base: datetime, *, inside: bool) -> Json:
    name = random.choice(list(PROPERTIES))
    leaf: Json = {
        "event": name,
        "where": where(random, name, base, ["profile"] if not inside else ["profile", "entry"]),
    }
    window = _window(random, base, inside=inside)
    if window:
        leaf["window"] = window
    numbers = [each for each, kind in PROPERTIES[name].items() if kind == "number"]
    measure = random.choice(
        ["", "count", "count", "first", "last", *(["sum", "avg", "min", "max", "distinct"] if numbers else [])]
    )
    if not measure:
        return leaf
    leaf["measure"] = measure
    if measure in {"first", "last"}:
        op = random.choice(["in_last", "older_than", "before", "after", "is_set", "not_set"])
        return {**leaf, "op": op, **({} if op.endswith("set") else {"value": _when(random, op, base)})}
    if measure != "count":
        leaf["property"] = numbers[0]
    op = random.choice(_NUMBER[:8])
    some = sorted(random.sample([0, 1, 2, 3, 5, 10.5], 2))
    return {**leaf, "op": op, "value": some if "between" in op else some[0]}


def rule(random: Random, base: datetime, *, inside: bool, depth: int = 2) -> Json:
    """A rule; `inside` a walk it may ask what happened since entry."""
    shape = random.choice(["leaf", "leaf", "all", "any", "not"]) if depth else "leaf"
    if shape in {"all", "any"}:
        return {shape: [rule(random, base, inside=inside, depth=depth - 1) for _ in range(random.randrange(3))]}
    if shape == "not":
        return {"not": rule(random, base, inside=inside, depth=depth - 1)}
    if random.random() < 0.5:
        name = random.choice(list(ATTRIBUTES))
        return {"attribute": name, **_operand(random, name, ATTRIBUTES[name], base)}
    return _events(random, base, inside=inside)
