"""Set-wise policy against a naive model, person by person, over weeks of random requests."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
import pytest
from django.db import connection

from channels_out.caps import CapRule
from channels_out.policy import REASONS, Intents, SendSpec, Verdict, Verdicts, judge
from channels_out.quiet import QuietRule
from channels_out.windows import CapWindow
from itinera.kit.durations import Duration
from itinera.kit.wire import NEVER, micros, moment
from tests.integration.channels_out import naive
from tests.integration.channels_out.people import Person, add, numpy_cursor

pytestmark = pytest.mark.django_db

ZONES = (None, "Asia/Shanghai", "America/New_York", "Asia/Kathmandu", "Europe/Berlin")
MICRO = timedelta(microseconds=1)


def draw_rules(dice: random.Random) -> tuple[list[naive.Cap], list[naive.Quiet]]:
    caps = []
    for _ in range(dice.randint(0, 4)):
        rolling = dice.choice([None, timedelta(hours=dice.randint(1, 100))])
        caps.append(
            naive.Cap(
                dice.randint(1, 3),
                rolling,
                None if rolling else dice.choice(["day", "week", "month"]),
                dice.choice([None, "sms", "email"]),
                dice.choice([None, "marketing", "service"]),
                dice.choice([None, "a", "b"]),
            )
        )
    quiet = [naive.Quiet("marketing", time(21), time(8))] if dice.random() < 0.6 else []
    if dice.random() < 0.4:
        quiet.append(naive.Quiet("marketing", time(8), time(9, 30), "sms"))
    if dice.random() < 0.3:
        days = ((date(2026, 10, 30), date(2026, 11, 1)),)
        quiet.append(naive.Quiet(dice.choice(["marketing", "service"]), None, None, None, days))
    return caps, quiet


def draw_node(dice: random.Random) -> naive.Node:
    return naive.Node(
        "sms",
        dice.choice(["marketing", "marketing", "service"]),
        dice.choice("ab"),
        dice.random() < 0.1,
        dice.choice(["hold", "drop"]),
        dice.choice(["continue", "hold", "hold"]),
        dice.choice([None, timedelta(hours=5), timedelta(days=2), timedelta(0)]),
        dice.choice([None, timedelta(days=1)]),
    )


def spec_of(node: naive.Node, caps: list[naive.Cap], quiet: list[naive.Quiet]) -> SendSpec:
    rules = tuple(
        CapRule(
            number + 1,
            cap.limit,
            CapWindow(Duration(micros=cap.rolling // MICRO) if cap.rolling else None, cap.calendar),  # type: ignore[arg-type]
            cap.channel,
            cap.category,
            cap.journey,
        )
        for number, cap in enumerate(caps)
    )
    hours = tuple(QuietRule(q.category, q.channel, q.start, q.stop, q.dates) for q in quiet)
    hold_for = None if node.hold_for is None else node.hold_for // MICRO
    stale = None if node.stale_after is None else node.stale_after // MICRO
    return SendSpec(
        node.channel, node.category, node.journey, "Asia/Shanghai", node.transactional,
        on_quiet=node.on_quiet, on_capped=node.on_capped,  # type: ignore[arg-type]
        hold_for=hold_for, stale_after=stale, caps=rules, quiet=hours,
    )  # fmt: skip


def draw_people(dice: random.Random) -> list[Person]:
    return [
        Person(
            dice.choice(ZONES),
            None if dice.random() < 0.05 else "+86138",
            dice.choice([{"sms": {"marketing": True}}] * 8 + [{}, {"sms": {"marketing": False, "service": False}}]),
            ("sms",) if dice.random() < 0.05 else (),
        )
        for _ in range(25)
    ]


@pytest.mark.parametrize("seed", range(12))
def test_sets_are_judged_as_each_person_would_be(seed: int) -> None:
    dice = random.Random(seed)
    caps, quiet = draw_rules(dice)
    people = draw_people(dice)
    add(people)
    model = naive.Policy(caps, quiet)
    nodes = [draw_node(dice) for _ in range(3)]
    asked = datetime(2026, 10, 20, tzinfo=UTC)
    refused: dict[tuple[int, int], datetime] = {}
    seen: set[str] = set()
    for _ in range(40):
        asked += timedelta(minutes=dice.randint(1, 900), seconds=dice.choice([0, 0, 7]))
        which = dice.randrange(len(nodes))
        rows = dice.choices(people, k=20)
        ready = [asked - dice.choice([timedelta(0), timedelta(days=1), timedelta(days=1) + MICRO]) for _ in rows]
        first = [refused.get((person.id, which)) for person in rows]
        got = ask(spec_of(nodes[which], caps, quiet), rows, ready, asked, first)
        for row, person in enumerate(rows):
            status, reason, until = model.ask(nodes[which], known(person), ready[row], asked, first[row])
            found = Verdict(got.status[row]).name.lower(), REASONS[got.reason[row]]
            assert found == (status, reason), (seed, row, person)
            assert instant(got.until[row]) == until, (seed, row)
            seen.add(f"{status}:{reason}")
            if (status, reason) == ("hold", "capped"):
                refused.setdefault((person.id, which), asked)
                assert instant(got.first_refused[row]) == (first[row] or asked)
            elif status != "hold":
                refused.pop((person.id, which), None)
    assert len(seen) >= 4


def ask(
    spec: SendSpec, rows: list[Person], ready: list[datetime], asked: datetime, first: list[datetime | None]
) -> Verdicts:
    intents = Intents(
        np.array([person.shard for person in rows], dtype=np.int16),
        np.array([person.id for person in rows], dtype=np.int64),
        np.array([micros(each) for each in ready], dtype=np.int64),
        np.full(len(rows), micros(asked), dtype=np.int64),
        np.array([NEVER if each is None else micros(each) for each in first], dtype=np.int64),
    )
    with numpy_cursor() as cursor:
        return judge(cursor, spec, intents)


def known(person: Person) -> dict[str, Any]:
    """The person as the naive model sees her."""
    return {
        "id": person.id, "phone": person.phone, "suppressed": person.suppressed,
        "consent": person.consent, "zone": person.zone or "Asia/Shanghai",
    }  # fmt: skip


def instant(value: int) -> datetime | None:
    return None if value == NEVER else moment(value)


def test_a_ring_keeps_no_more_than_the_limit() -> None:
    people = [Person()]
    add(people)
    spec = spec_of(naive.Node("sms", "marketing", "a", False, "hold", "continue", None, None),
                   [naive.Cap(2, timedelta(minutes=1))], [])  # fmt: skip
    for minute in range(5):
        at = np.array([micros(datetime(2026, 1, 1, 0, minute, tzinfo=UTC))])
        person = people[0]
        with numpy_cursor() as cursor:
            shard, profile = np.array([person.shard], np.int16), np.array([person.id])
            judge(cursor, spec, Intents(shard, profile, at, at, np.array([NEVER])))
    with connection.cursor() as cursor:
        cursor.execute("SELECT times FROM cap_use")
        (times,) = cursor.fetchone()
    assert [time.minute for time in times] == [3, 4]
