"""A replay writes nothing real, and the same input gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import InternalError, connection, transaction

from audiences import hints
from audiences.models import Profile
from journeys.models import Journey
from journeys.replay.scratch import scratch, tables
from tests.acceptance.drawing import Json, draw, event, node, person, sms, start
from tests.integration.engine import scene
from tests.integration.engine.scene import HOUR, MINUTE, NOON, SECOND, ask, exits, one, people, publish, walk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("accounts")]
FILES = ("messages.jsonl", "steps.jsonl", "nodes.json")
NAP = node("nap", "delay.for", {"duration": "PT1H"})
WAIT = {"paths": [{"id": "paid", "event": "paid"}], "timeout": "PT2H"}
CANVAS = draw(
    start(), node("mark", "set", {"attributes": {"visits": {"add": 1}}, "tags_add": ["seen"]}), NAP,
    sms(text="{{ profile.visits }}", wired={"next": "wait", "failed": "end"}),
    node("wait", "wait.event", WAIT, paid="good", timeout="end"),
    node("good", "goal", {"name": "good"}), node("end", "exit"),
    reentry={"policy": "always"},
)  # fmt: skip


def written(folder: Path, name: str, lines: list[Json]) -> Path:
    path = folder / name
    path.write_bytes(b"".join(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE) for line in lines))
    return path


def at(moment: datetime) -> str:
    return moment.isoformat()


def lived() -> list[Json]:
    """Forty people, of whom half answer."""
    names = [f"M{n}" for n in range(40)]
    begun = [event(at(NOON + n * SECOND), member=name) for n, name in enumerate(names)]
    return begun + [event(at(NOON + 2 * HOUR), "paid", name) for name in names[::2]]


def replay(
    folder: Path, canvas: Json = CANVAS, lines: list[Json] | None = None, out: str = "out", **options: Any
) -> Path:
    """Run the command; the folder that it wrote."""
    document = written(folder, "canvas.json", [canvas])
    profiles = written(folder, "profiles.jsonl", [person(f"M{n}") for n in range(40)])
    happened = written(folder, "events.jsonl", lived() if lines is None else lines)
    given = {"profiles": profiles, "events": happened, "out": folder / out, "verbosity": 0, **options}
    call_command("replay", document, **given)
    return folder / out


def steps(out: Path) -> list[Json]:
    return [orjson.loads(line) for line in (out / "steps.jsonl").read_bytes().splitlines()]


@pytest.fixture
def lived_before(accounts: None) -> None:
    """A database in which there is something of everything."""
    publish(draw(start(), NAP, sms(), NAP_AGAIN, max_stay="P1D"))
    people([f"M{n}" for n in range(10)])
    scene.events([f"M{n}" for n in range(10)])
    walk(NOON + HOUR)
    scene.pause()
    scene.events(["M1"])
    walk(NOON + HOUR)


NAP_AGAIN = node("again", "delay.for", {"duration": "P1D"})


def state() -> dict[str, tuple[int, str]]:
    """The number of rows of every real table, and a digest of them."""
    found = {}
    digest = "coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text)), '')"
    listed = ask("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')")
    for (table,) in listed:
        (found[table],) = ask(f'SELECT count(*), {digest} FROM public."{table}" t')
    return found


@pytest.mark.usefixtures("lived_before")
def test_a_replay_leaves_every_real_row_as_it_was(tmp_path: Path) -> None:
    before = state()
    assert min(before[name][0] for name in ("enrolment", "chunk", "message", "event", "held_feed", "path", "tally")) > 0
    out = replay(tmp_path)
    assert all((out / name).stat().st_size > 0 for name in FILES)
    assert state() == before


@pytest.mark.usefixtures("lived_before")
def test_after_a_replay_the_connection_writes_real_rows_again(tmp_path: Path) -> None:
    replay(tmp_path)
    scene.resume()
    walk(NOON + 3 * HOUR)
    people(["later"])
    assert Profile.objects.filter(pk=scene.member("later")).exists()
    assert one("SELECT count(*) FROM pg_class WHERE relpersistence = 't' AND relname = 'profile'") == 0


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = replay(tmp_path, out="first"), replay(tmp_path, out="second")
    for name in FILES:
        assert (first / name).read_bytes() == (second / name).read_bytes()
    assert len(steps(first)) > 200


def test_events_before_from_begin_nothing_and_are_history(tmp_path: Path) -> None:
    rule = {"event": "order_paid", "op": "gte", "value": 2}
    canvas = draw(start(), node("loyal", "condition", {"rule": rule}, yes="end", no="end"), node("end", "exit"))
    lines = [event(at(NOON), member="M1"), event(at(NOON + HOUR), member="M1"), event(at(NOON + HOUR), member="M2")]
    out = replay(tmp_path, canvas, lines, begin=NOON + HOUR)
    found = {(step["profile"], step["node"], step["port"], step["at"]) for step in steps(out)}
    assert {each for each in found if each[1] == "loyal"} == {
        ("member_id:M1", "loyal", "yes", at(NOON + HOUR)),
        ("member_id:M2", "loyal", "no", at(NOON + HOUR)),
    }


def test_until_is_left_out(tmp_path: Path) -> None:
    """Neither a line nor a step due at the last instant happens."""
    lines = [event(at(NOON), member="M1"), event(at(NOON + MINUTE), member="M2"), event(at(NOON + HOUR), member="M3")]
    out = replay(tmp_path, draw(start(), NAP, sms()), lines, until=NOON + HOUR)
    assert {(step["profile"], step["node"], step["port"]) for step in steps(out)} == {
        ("member_id:M1", "start", "next"), ("member_id:M2", "start", "next"),
        ("member_id:M1", "nap", None), ("member_id:M2", "nap", None),
    }  # fmt: skip
    later = replay(tmp_path, draw(start(), NAP, sms()), lines, until=NOON + HOUR + SECOND, out="later")
    assert [step["profile"] for step in steps(later) if step["node"] == "text"] == ["member_id:M1"]
    assert {step["profile"] for step in steps(later)} == {"member_id:M1", "member_id:M2", "member_id:M3"}


def test_a_schedule_runs_in_a_replay_at_its_instants(tmp_path: Path) -> None:
    cron = node("daily", "trigger.schedule", {"rule": {"all": []}, "cron": "0 9 * * *"}, next="text")
    lines = [event(at(NOON + timedelta(days=day)), "seen", "M1") for day in range(3)]
    out = replay(tmp_path, draw(cron, sms(), reentry={"policy": "always"}), lines)
    found = sorted({step["at"] for step in steps(out)})
    nine = NOON.replace(hour=1)
    assert [datetime.fromisoformat(each) for each in found] == [nine + timedelta(days=day) for day in (1, 2)]
    assert len(steps(out)) == 40 * 2 * 2


def test_a_canvas_with_a_fault_is_refused(tmp_path: Path) -> None:
    broken = draw(start(), NAP)
    broken["edges"].append({"from": "nap", "port": "next", "to": "start"})
    with pytest.raises(CommandError, match="refused"):
        replay(tmp_path, broken)
    assert connection.connection is None
    assert Journey.objects.count() == 0


@pytest.fixture
def shadows(accounts: None) -> Iterator[None]:
    with scratch():
        yield


@pytest.mark.usefixtures("shadows")
def test_every_table_of_the_state_has_a_shadow() -> None:
    temporary = {name for (name,) in ask("SELECT relname FROM pg_class WHERE relpersistence = 't' AND relkind = 'r'")}
    assert set(tables()) <= temporary
    assert {"enrolment", "path", "event", "feed", "held_feed", "message", "cap_use", "profile", "shard"} <= temporary


@pytest.mark.usefixtures("shadows")
def test_a_forgotten_table_raises() -> None:
    from itinera.kit import audit

    with pytest.raises(InternalError, match="read-only transaction"), transaction.atomic():
        audit.record(None, "journey.draft", "journey:forgotten")
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = off")
        cursor.execute("DROP TABLE pg_temp.profile")
        cursor.execute("SET default_transaction_read_only = on")
    with pytest.raises((InternalError, psycopg.errors.ReadOnlySqlTransaction), match="read-only transaction"):
        people(["A"])


@pytest.mark.usefixtures("shadows")
def test_no_worker_is_told_of_what_arrives_in_the_shadows() -> None:
    told: list[str] = []
    hints.on_work_arrived(lambda: told.append("told"))
    try:
        hints.work_arrived()
    finally:
        hints._listeners.pop()
    assert told == []


def test_live_walks_go_on_beside_a_replay(tmp_path: Path) -> None:
    """Plans of a replay are its own: the versions of both begin with number one."""
    publish(draw(start(), NAP, sms(text="live")))
    people(["A"])
    scene.events(["A"])
    walk()
    replay(tmp_path)
    walk(NOON + HOUR)
    assert exits() == {"completed": 1}
    assert ask("SELECT content->>'text' FROM message") == [("live",)]
