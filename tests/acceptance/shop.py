"""Customers and orders for the acceptance tests: a real year where it lies beside the project, else a made-up one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from tests.acceptance.oracle.files import read_lines

Json = dict[str, Any]
CANVASES = Path(__file__).parent / "canvases"
_REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "online_retail"
_COUNTRIES = ["United Kingdom"] * 8 + ["France", "Spain"]
_SKUS = ["85123A", "22423", "47566", "20725", "84879"]


class Shop(NamedTuple):
    """Profile and event lines."""

    profiles: list[Json]
    events: list[Json]

    def some(self, people: int) -> Shop:
        """Every n-th customer with her orders, so that about so many are left; not the one with thousands."""
        step = max(1, len(self.profiles) // people)
        chosen = {line["member_id"] for line in self.profiles[step > 1 :: step]}
        return Shop(*([line for line in lines if line["member_id"] in chosen] for lines in self))


def shop() -> Shop:
    """The year of orders to test with."""
    if _REAL.is_dir():
        return Shop(read_lines(_REAL / "profiles.jsonl.gz"), read_lines(_REAL / "events.jsonl.gz"))
    return made_up()


def made_up(people: int = 400) -> Shop:
    """A shop like the real one, always the same: most buy once or twice, few buy every week."""
    random = Random(2010)
    opened = datetime(2010, 12, 1, 8, tzinfo=UTC)
    profiles: list[Json] = []
    events: list[Json] = []
    for number in range(people):
        member = str(12_000 + number)
        at = opened + timedelta(minutes=random.randrange(300 * 24 * 60))
        profiles.append(_customer(random, member, at))
        rhythm = random.choice([7, 30, 60, 60, 200])
        while at < opened + timedelta(days=373):
            events += [_order(random, member, at) for _ in range(1 if random.random() < 0.97 else 2)]
            at += timedelta(minutes=1 + int(random.expovariate(1 / (rhythm * 24 * 60))))
    events.sort(key=lambda line: str(line["time"]))
    for place, line in enumerate(events):
        line["id"] = f"order-{place}"
    return Shop(profiles, events)


def _customer(random: Random, member: str, joined: datetime) -> Json:
    return {
        "member_id": member,
        "identities": {"phone": f"+86139{member:0>8}", "email": f"m{member}@example.test"},
        "attributes": {"country": random.choice(_COUNTRIES), "joined": joined.isoformat()},
        "consent": {"sms": {"marketing": True}, "email": {"marketing": random.random() < 0.8}},
    }


def _order(random: Random, member: str, at: datetime) -> Json:
    sku = random.choice(_SKUS)
    properties = {"amount": round(random.expovariate(1 / 300), 2), "quantity": random.randrange(1, 300), "lines": 3}
    return {
        "id": "",
        "member_id": member,
        "event": "order_paid",
        "time": at.isoformat(),
        "properties": {**properties, "top_sku": sku, "top_item": f"ITEM {sku}"},
    }
