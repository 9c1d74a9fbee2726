"""What generated worlds are made of: names, values, durations, and the catalogue that declares them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

Json = dict[str, Any]

ATTRIBUTES = {
    "city": "text",
    "age": "number",
    "vip": "boolean",
    "born": "date",
    "joined": "datetime",
    "likes": "list",
    "level": "text",
    "score": "number",
}
PROPERTIES = {
    "order_paid": {"amount": "number", "sku": "text", "order": "text"},
    "page_view": {"page": "text", "seconds": "number"},
    "login": {"device": "text"},
    "unsubscribed": {},
}
CATALOGUE = {
    "attributes": [{"name": name, "type": kind, "label": name} for name, kind in ATTRIBUTES.items()],
    "events": [
        {
            "name": name,
            "label": name,
            "properties": [{"name": each, "type": kind} for each, kind in properties.items()],
        }
        for name, properties in PROPERTIES.items()
    ],
}
TEXTS = {
    "city": ["Shanghai", "shanghai", "北京", "London"],
    "level": ["new", "high", "vip"],
    "sku": ["A", "B", "C"],
    "order": ["o1", "o2", "o3"],
    "page": ["/a", "/b", "/A/b"],
    "device": ["app", "web"],
}
NUMBERS = [0, 1, 2, 5, 10, 0.1, 0.2, 99.5]
LIKES = ["tea", "toys", "茶"]
DATES = ["2011-03-20", "2011-03-27", "2011-04-01", "1990-03-28", "2011-10-30"]
ZONES = ["Europe/London", "Asia/Shanghai", "America/New_York", "Asia/Kathmandu"]
SHORT = ["PT1H", "PT6H", "PT12H", "P1D"]
LONG = [*SHORT, "P2D", "P3D", "P7D", "P1M"]
CLOCKS = ["00:00", "06:00", "10:00", "12:00", "18:30", "21:00"]
# Both spans hold a change of London's and New York's clocks; the third holds none of Shanghai's.
BASES = [
    datetime(2011, 3, 12, tzinfo=UTC),
    datetime(2011, 3, 24, tzinfo=UTC),
    datetime(2011, 10, 27, tzinfo=UTC),
    datetime(2026, 2, 10, tzinfo=UTC),
]
SPAN = timedelta(days=14)


def instant(random: Random, base: datetime) -> datetime:
    """An instant of the span: mostly on a grid of six hours, so that instants and boundaries coincide."""
    at = base + timedelta(hours=6) * random.randrange(SPAN // timedelta(hours=6))
    nudges = [timedelta()] * 6 + [timedelta(microseconds=1), timedelta(microseconds=-1), timedelta(minutes=30)]
    return at + random.choice(nudges)


def written(random: Random, at: datetime) -> str:
    """The instant as text, with some offset."""
    minutes = random.choice([0, 0, 480, 60, -300])
    shifted = (at + timedelta(minutes=minutes)).replace(tzinfo=None).isoformat()
    sign, size = ("-" if minutes < 0 else "+"), abs(minutes)
    return f"{shifted}{sign}{size // 60:02}:{size % 60:02}"


def value(random: Random, name: str, kind: str, base: datetime) -> object:
    """A value of a type, from few enough that equal ones are common."""
    if kind == "text":
        return random.choice(TEXTS[name])
    if kind == "number":
        return random.choice(NUMBERS)
    if kind == "boolean":
        return random.random() < 0.5
    if kind == "list":
        return random.sample(LIKES, random.randrange(len(LIKES) + 1))
    return random.choice(DATES) if kind == "date" else written(random, instant(random, base))
