"""One person whose step cannot be computed, among ten thousand: she leaves as `error`, the others arrive."""

from __future__ import annotations

from typing import Any

import pytest

from audiences.ingest import ingest_profiles
from itinera.kit import clock
from journeys.stages import advance
from tests.acceptance.drawing import Drawn, draw, node, sms, start
from tests.concurrency.engine import scene

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]
PEOPLE, POISONED = 10_000, "M4711"
COMPLETED, ERROR = 1, 7

POISONS: dict[str, tuple[Drawn, dict[str, Any]]] = {
    "a date beyond the calendar": (
        node("poison", "delay.until", {"attribute": "born", "offset": "P100Y", "if_past": "proceed"}),
        {"born": "9999-12-31"},
    ),
}


@pytest.mark.parametrize("poison", list(POISONS))
def test_one_poisoned_person_leaves_as_error(poison: str) -> None:
    scene.accounts()
    scene.people(PEOPLE)
    step, attributes = POISONS[poison]
    now = scene.publish(draw(start(), sms(), step, sms("after"), node("end", "exit")))
    report = ingest_profiles([{"member_id": POISONED, "attributes": attributes}], now=clock.now(), source="test")
    assert not report.rejected
    scene.orders(PEOPLE, now)
    while advance.run(clock.now(), clock=clock.now).done:
        pass
    assert dict(scene.ask("SELECT reason, count(*) FROM enrolment GROUP BY reason")) == {
        COMPLETED: PEOPLE - 1,
        ERROR: 1,
    }
    who = "SELECT i.value FROM walk_error w JOIN identity i USING (profile_id) WHERE i.kind = 'member_id'"
    assert set(scene.ask(who)) == {(POISONED,)}
    assert scene.ask("SELECT count(*) FROM message WHERE node_id = 'after'") == [(PEOPLE - 1,)]
