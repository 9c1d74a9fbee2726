"""What comes in: customers who are known by more and more identities, in the same order for whoever asks.

Nothing here contradicts itself: whatever lines name the same customer, she is one.
"""

from __future__ import annotations

from random import Random
from typing import Any

from audiences.ingest import ingest_events, ingest_profiles
from itinera.kit import clock

Json = dict[str, Any]

KINDS = ("member_id", "phone", "email", "device_id")
WINDOW = 12
"""So many customers are busy at a time; each batch lets one go and another come."""
SIZE = 24


def batch(feeder: int, number: int, at: str) -> tuple[list[Json], list[Json]]:
    """Profile lines and event lines of one batch."""
    dice = Random(f"{feeder}/{number}")
    people = [_identities(dice, number) for _ in range(SIZE // 2)]
    events = [
        {"id": f"{feeder}-{number}-{place}", "event": "order_paid", "time": at, "identities": _identities(dice, number)}
        for place in range(SIZE)
    ]
    profiles = [
        {
            "identities": identities,
            "consent": {"sms": {"service": True}},
            "attributes": {"last": f"{feeder}-{number}"},
            "tags": [f"t{feeder}"],
        }
        for identities in people
    ]
    return profiles, events


def take(feeder: int, number: int) -> None:
    """One batch comes in; again, if it did before."""
    now = clock.now()
    profiles, events = batch(feeder, number, now.isoformat())
    told = ingest_profiles(profiles, now=now, source=f"feeder:{feeder}")
    done = ingest_events(events, now=now, source=f"feeder:{feeder}")
    assert not told.rejected
    assert not done.rejected


def _identities(dice: Random, number: int) -> dict[str, str]:
    customer = number + dice.randrange(WINDOW)
    kinds = dice.sample(KINDS, dice.choice((1, 1, 2)))
    return {kind: f"{kind[0]}{customer}" for kind in kinds}


def customers(batches: dict[int, int]) -> list[set[tuple[str, str]]]:
    """Who is one by all lines of all feeders: `batches` of each have come in."""
    together: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for feeder, count in batches.items():
        for number in range(count):
            for line in (line for part in batch(feeder, number, "") for line in part):
                named = {each for identity in line["identities"].items() for each in together.get(identity, {identity})}
                together.update(dict.fromkeys(named, named))
    return list({id(each): each for each in together.values()}.values())
