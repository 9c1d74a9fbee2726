"""What random rules and people are made of: awkward values of every type, instants that often meet, conditions."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

Json = dict[str, Any]

START = datetime(2026, 1, 1, tzinfo=UTC)
HOURS, BUSY = 24 * 120, 240
"""How long people did things; and the busy week, in steps of six hours from the start."""
ZONES = [
    None, None, "Asia/Shanghai", "America/New_York", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe",
    "Pacific/Apia",
]  # fmt: skip
NAMES, EVENTS, TABLE, COLUMNS = ["a", "b"], ["visit", "order"], "goods", ["c", "d"]
TYPES = ["text", "number", "money", "boolean", "date", "datetime", "list"]
TAGS = ["plain", "tier", "loose"]
"""A yes-no tag, a valued one, and one that nobody has made."""
IDENTITIES = ["phone", "email", "card"]
CHANNELS, CATEGORIES = ["sms", "email"], ["marketing", "service"]
AUDIENCES = ["by_rule", "nested", "staff", "stored"]

TEXTS = [
    "", "a", "A", "ab", "É", "é", "客户", "%", "_", "null", "2026-02-30", "1", "0.10", "a\\b", 'q"', "ß", "İ", "Σς",
    " a", "😀", "客" * 300,
]  # fmt: skip
NUMBERS = [0, 1, 2, -1, 0.1, 0.3, 1.0, 2.5, -2.5, 10**15, -0.0, 0.10]
DURATIONS = ["PT0S", "PT1H", "PT6H", "P1D", "P7D", "P1M", "P1M1D", "P1Y", "PT36H", "P3M", "P2W"]


def instant() -> datetime:
    """On a grid of six hours, most of them of one week, so that instants meet each other and the ends of windows;
    sometimes a microsecond beside it.
    """
    steps = range(BUSY, BUSY + 28) if random.random() < 0.7 else range(HOURS // 6)
    at = START + timedelta(hours=6 * random.choice(steps))
    return at + timedelta(microseconds=random.choice([0, 0, 0, 0, 1, -1]))


def day() -> str:
    return (date(2024, 1, 1) + timedelta(days=random.randrange(1460))).isoformat()


def moment() -> str:
    if random.random() < 0.5:
        return random.choice([day(), instant().date().isoformat()])
    return instant().isoformat()


def value() -> Any:
    """Anything that may be stored under a name."""
    return random.choice(_VALUES)()


_VALUES: list[Callable[[], Any]] = [
    *[lambda: random.choice(TEXTS)] * 4,
    *[lambda: random.choice(NUMBERS)] * 4,
    lambda: random.random() < 0.5,
    lambda: None,
    day,
    moment,
    lambda: random.choices(TEXTS, k=random.randrange(4)),
    lambda: [1, "a"],
    lambda: {"a": 1},
]


def facts(names: list[str], most: float = 0.8) -> Json:
    """Values under some of the names."""
    return {name: value() for name in names if random.random() < most}


def some(values: list[Any], most: int = 3) -> list[Any]:
    return random.choices(values, k=random.randrange(most + 1))


def condition() -> Json:
    """An operator with a value of a fitting type."""
    return random.choice(_CONDITIONS)()


def _asked(ops: str, *values: Any) -> Json:
    return {"op": random.choice(ops.split()), **({"value": values[0]} if values else {})}


_CONDITIONS: list[Callable[[], Json]] = [
    lambda: _asked("eq ne", random.choice([random.choice(TEXTS), random.choice(NUMBERS), random.random() < 0.5])),
    lambda: _asked("in not_in", random.choice([some(TEXTS), some(NUMBERS)])),
    lambda: _asked("contains not_contains starts_with ends_with", random.choice(TEXTS)),
    lambda: _asked("gt gte lt lte", random.choice(NUMBERS)),
    lambda: _asked("between not_between", sorted(random.choices(NUMBERS, k=2))),
    lambda: _asked("before after on", moment()),
    lambda: _asked("between not_between", sorted([day(), day()])),
    lambda: _asked("in_last in_next older_than anniversary", random.choice(DURATIONS)),
    lambda: _asked("anniversary", random.choice(["-P1D", "-P30D", "P0D"])),
    lambda: _asked("has", random.choice(TEXTS)),
    lambda: _asked("has_any has_all has_none", some(TEXTS, 2)),
    lambda: _asked("is_set not_set is_empty"),
]


def operand() -> Json:
    """An operator with a value that is found elsewhere."""
    ops = "eq ne in not_in contains starts_with gt lte before on after between has has_any has_none"
    where = {"of": random.choice(["profile", "entry", "answer"]), "name": random.choice(NAMES)}
    return {"op": random.choice(ops.split()), "value": where}
