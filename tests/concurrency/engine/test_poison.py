"""One person whose step cannot be done, among ten thousand: she leaves as `error`, the others arrive."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from itinera.kit import clock
from journeys.stages import advance
from tests.acceptance.drawing import draw, node, sms, start
from tests.concurrency.engine import scene

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]
PEOPLE, FEW, POISONED = 10_000, 500, "M471"
COMPLETED, ERROR = 1, 7
BIRTHDAY = node("birthday", "delay.until", {"attribute": "born", "time": "10:00", "if_past": "proceed"})
CANVAS = draw(start(), sms(text='{{ profile.city | default("you") }}'), BIRTHDAY, sms("after"), node("end", "exit"))

# Her message after the birthday is one that the database will not take, whoever writes it.
REFUSE = """
CREATE FUNCTION refuse_one() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'this row cannot be written' USING ERRCODE = 'data_exception'; END $$;
CREATE TRIGGER refuse_one BEFORE INSERT ON message
FOR EACH ROW WHEN (NEW.profile_id = {who} AND NEW.node_id = 'after') EXECUTE FUNCTION refuse_one()
"""
TAKE_AGAIN = "DROP TRIGGER IF EXISTS refuse_one ON message; DROP FUNCTION IF EXISTS refuse_one()"


def order_and_walk(people: int) -> None:
    """Everybody pays, and walks until nothing is due."""
    scene.orders(people, clock.now())
    while advance.run(clock.now(), clock=clock.now).done:
        pass


def poisoned() -> int:
    """The profile of the one who is going to be poisoned."""
    [(who,)] = scene.ask("SELECT profile_id FROM identity WHERE kind = 'member_id' AND value = %s", POISONED)
    return int(who)


@pytest.fixture
def _takes_again() -> Iterator[None]:
    yield
    with connection.cursor() as cursor:
        cursor.execute(TAKE_AGAIN)


@pytest.mark.usefixtures("_takes_again")
def test_one_poisoned_person_leaves_as_error() -> None:
    scene.accounts()
    scene.people(PEOPLE, born="2020-01-01")
    scene.publish(CANVAS)
    who = poisoned()
    with connection.cursor() as cursor:
        cursor.execute(REFUSE.format(who=who))
    order_and_walk(PEOPLE)
    counted = dict(scene.ask("SELECT reason, count(*) FROM enrolment GROUP BY reason"))
    assert counted == {COMPLETED: PEOPLE - 1, ERROR: 1}
    assert set(scene.ask("SELECT profile_id FROM walk_error")) == {(who,)}
    assert scene.ask("SELECT count(*) FROM message WHERE node_id = 'after'") == [(PEOPLE - 1,)]
    assert scene.ask("SELECT sum(n) FROM tally WHERE node = -1 AND port = %s", ERROR) == [(1,)]


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE profile SET zone = 'Mars/Olympus' WHERE id = %s RETURNING 1",
        "UPDATE profile SET attributes = '[1]' WHERE id = %s RETURNING 1",
        "UPDATE profile SET consent = '\"yes\"' WHERE id = %s RETURNING 1",
    ],
)
def test_a_spoiled_row_stops_nobody_else(spoil: str) -> None:
    """Rows spoiled behind ingestion's back, as an upgrade of the zone data or a hand in the database would."""
    scene.accounts()
    scene.people(FEW, born="2020-01-01")
    scene.publish(CANVAS)
    who = poisoned()
    scene.ask(spoil, who)
    order_and_walk(FEW)
    others = "SELECT count(*) FROM enrolment WHERE profile_id <> %s AND reason = %s"
    assert scene.ask(others, who, COMPLETED) == [(FEW - 1,)]
    assert scene.ask("SELECT reason IS NOT NULL FROM enrolment WHERE profile_id = %s", who) == [(True,)]
