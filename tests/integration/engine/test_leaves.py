"""Leaves in journeys: what became of a message, whether she may be messaged now, audiences as they are then."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest

from audiences.bitmaps import Members
from audiences.models import Audience, AudienceMembers, Event, EventType, Profile, Tag
from audiences.partitions import ensure_partitions
from channels_out.models import AttemptOutcome as Outcome
from channels_out.models import Cap, QuietHours
from itinera.kit.wire import django_cursor
from journeys.canvas.problems import check
from journeys.models import ScheduleRun
from journeys.stages import schedule
from journeys.workspace import database_world
from tests.acceptance.drawing import Drawn, Json, draw, event, node, person, sms, start
from tests.acceptance.engine import EngineReplay
from tests.acceptance.reading import ways
from tests.integration.engine import scene
from tests.integration.engine.scene import HOUR, MINUTE, NOON, events, exits, people, publish, walk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("accounts", "balanced")]
NAP = node("nap", "delay.for", {"duration": "PT1H"})
MAY = {"may_send": "sms", "category": "marketing"}


def questions(*rules: Json) -> list[Drawn]:
    """One condition after the other; everybody passes all of them, whatever the answers."""
    asked = [node(f"q{place}", "condition", {"rule": rule}) for place, rule in enumerate(rules)]
    for place, each in enumerate(asked[:-1]):
        each.ways.update(yes=f"q{place + 1}", no=f"q{place + 1}")
    return asked


def answers(member: str, slug: str = "welcome") -> str:
    """What the questions said about somebody: `y` or `n` each."""
    version = scene.journey(slug).live_version
    assert version is not None
    return "".join(port[0] for name, port in scene.path(member, version) if name.startswith("q"))


def became(*outcomes: str) -> list[Drawn]:
    return questions(*({"message": "text", "is": outcome} for outcome in outcomes))


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (None, "ynnnnn"), (Outcome.ACCEPTED, "ynnnnn"), (Outcome.REJECTED, "nnynnn"), (Outcome.UNKNOWN, "ynnnnn"),
    ],
)  # fmt: skip
def test_what_has_become_of_a_message_by_now(outcome: Outcome | None, expected: str) -> None:
    publish(draw(start(), sms(), NAP, *became("sent", "delivered", "failed", "capped", "skipped", "opened")))
    people(["M1"])
    events(["M1"])
    walk()
    if outcome is not None:
        scene.answer(outcome, NOON + MINUTE)
    walk(NOON + HOUR)
    assert answers("M1") == expected


def test_what_policy_refused_is_known_in_the_same_wave() -> None:
    Cap.objects.create(name="one a day", limit=1, window="P1D")
    publish(draw(start(), sms(), *became("sent", "capped", "skipped", "unreachable"), reentry={"policy": "always"}))
    people(["M1"])
    people(["M2"], consent={"sms": {"marketing": False}})
    people(["M3"], identities={})
    events(["M1", "M2", "M3"])
    walk()
    assert [answers(member) for member in ("M1", "M2", "M3")] == ["ynnn", "nnyn", "nnny"]
    events(["M1"], at=NOON + MINUTE)
    walk(NOON + MINUTE)
    assert answers("M1") == "ynnn" + "nynn", "each walk asks of its own message"


def test_an_answer_counts_for_the_message_of_its_node_since_she_entered() -> None:
    publish(draw(start(), sms(), NAP, *became("opened", "delivered", "clicked")))
    people(["M1", "M2", "M3"])
    events(["M1", "M2", "M3"])
    walk()
    opened = EventType.objects.create(name="message.opened")
    ensure_partitions(django_cursor(), "event", NOON, NOON)

    def opens(member: str, at: datetime, **about: str) -> None:
        number = scene.member(member)
        Event.objects.create(
            shard=number % 64, profile_id=number, type=opened, time=at, received_at=at,
            properties={"journey": "welcome", "node": "text", **about},
        )  # fmt: skip

    opens("M1", NOON + MINUTE)
    opens("M2", NOON - HOUR)
    opens("M3", NOON + MINUTE, node="another")
    walk(NOON + HOUR)
    assert [answers(member) for member in ("M1", "M2", "M3")] == ["yyn", "nnn", "nnn"]


def test_in_a_replay_what_is_let_through_is_delivered_at_once(tmp_path: Path) -> None:
    canvas = draw(start(), sms(), *became("sent", "delivered", "opened"))
    results = EngineReplay(tmp_path)(
        [canvas], profiles=[person()], events=[event("2026-03-11T10:00+08:00")], workspace={"holdout": {"percent": 0}}
    )
    assert ways(results) == "start:next text:next q0:yes q1:yes q2:no"


def test_whether_she_may_be_messaged_now() -> None:
    publish(
        draw(
            start(),
            *questions(MAY, {"may_send": "sms", "category": "service"}, {"may_send": "email", "category": "service"}),
        )
    )
    people(["M1"])
    people(["M2"], consent={"sms": {"marketing": False, "service": False}})
    people(["M3"], consent={})
    people(["M4"], suppressed=["sms"])
    events(["M1", "M2", "M3", "M4"])
    walk()
    assert [answers(member) for member in ("M1", "M2", "M3", "M4")] == ["yyn", "nnn", "nyn", "nnn"]
    assert scene.one("SELECT count(*) FROM cap_use") == 0


def test_quiet_hours_and_caps_are_asked_without_taking_a_place() -> None:
    QuietHours.objects.create(category="marketing", from_time=time(21), to_time=time(8))
    Cap.objects.create(name="one a day", limit=1, window="P1D")
    publish(draw(start(), *questions(MAY, MAY), reentry={"policy": "always"}))
    people(["M1"])
    events(["M1"])
    walk()
    assert answers("M1") == "yy"
    events(["M1"], at=NOON + 10 * HOUR)
    walk(NOON + 10 * HOUR)
    assert answers("M1") == "yy" + "nn", "22:00 in Shanghai"


def test_a_message_of_the_same_wave_takes_the_place() -> None:
    Cap.objects.create(name="one a day", limit=1, window="P1D")
    publish(draw(start(), sms(), *questions(MAY), priority=90))
    publish(draw(start(), *questions(MAY), slug="other", priority=10))
    people(["M1"])
    events(["M1"])
    walk()
    assert (answers("M1"), answers("M1", "other")) == ("n", "n")


def test_an_entry_filter_about_messaging_is_asked_when_its_event_comes() -> None:
    Cap.objects.create(name="one a day", limit=1, window="P1D")
    publish(draw(start(), sms(), reentry={"policy": "always"}, entry={"filter": MAY}))
    people(["M1"])
    events(["M1"])
    events(["M1"], at=NOON + MINUTE)
    walk(NOON + HOUR)
    assert scene.ask("SELECT status FROM message") == [(0,)]
    assert scene.one("SELECT count(*) FROM enrolment") == 1


def test_an_audience_is_asked_as_it_is_at_that_instant() -> None:
    Audience.objects.create(
        slug="new", name="new", definition={"rule": {"event": "order_paid", "window": {"last": "PT30M"}}}
    )
    chosen = Audience.objects.create(slug="chosen", name="chosen", definition={"members": {}})
    Tag.objects.create(slug="vip")
    asked = [{"audience": "new"}, {"audience": "chosen"}, {"tag": "vip", "op": "has"}]
    tagged = node("tag", "set", {"tags_add": ["vip"]})
    naps = [NAP, *questions(*asked)]
    publish(draw(start(), tagged, *naps))
    publish(draw(start(), *questions(*asked), slug="now", priority=90))
    people(["M1", "M2"])
    members = Members.of([scene.member("M2")])
    AudienceMembers.objects.bulk_create(
        AudienceMembers(audience=chosen, shard=shard, members=bits) for shard, bits in members.dumped()
    )
    events(["M1", "M2"])
    walk()
    assert [answers(member, "now") for member in ("M1", "M2")] == ["ynn", "yyn"]
    walk(NOON + HOUR)
    assert [answers(member) for member in ("M1", "M2")] == ["nny", "nyy"]


def test_a_schedule_reads_stored_members_and_policy_slice_by_slice() -> None:
    people(["M1", "M2", "M3"])
    people(["M4"], consent={})
    chosen = Audience.objects.create(slug="chosen", name="chosen", definition={"members": {}})
    members = Members.of([scene.member(name) for name in ("M2", "M3", "M4")])
    AudienceMembers.objects.bulk_create(
        AudienceMembers(audience=chosen, shard=shard, members=bits) for shard, bits in members.dumped()
    )
    every = node("every", "trigger.schedule", {"rule": {"all": [{"audience": "chosen"}, MAY]}, "at": NOON.isoformat()})
    publish(draw(every, node("end", "exit")))
    schedule.run(NOON + MINUTE, 1)
    walk(NOON + MINUTE)
    assert exits() == {"completed": 2}
    assert ScheduleRun.objects.get().people == 2
    assert Profile.objects.count() == 4


def test_a_message_that_is_asked_about_stands_on_the_canvas() -> None:
    canvas = draw(start(), sms(), *questions({"any": [{"message": "txet", "is": "sent"}]}))
    found = [(each.code, each.node, each.path) for each in check(canvas, database_world(NOON))]
    assert ("unknown_node", "q0", "nodes[2].config.rule.any[0].message") in found
    fine: Any = draw(start(), sms(), *became("sent"))
    assert [each for each in check(fine, database_world(NOON)) if each.severity == "error"] == []
