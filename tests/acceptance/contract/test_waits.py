"""Contract, node `wait.event`. Each case names the sentence it is about."""

from __future__ import annotations

from typing import Any

from tests.acceptance.drawing import Drawn, Json, draw, event, node, person, sms, start
from tests.acceptance.oracle.results import Results
from tests.acceptance.reading import left, messages, ways
from tests.acceptance.run import Replay

DAY = "2026-03-0{}T10:00+08:00"


def wait(
    name: str = "wait", *, events: tuple[str, ...] = ("login",), where: list[Json] | None = None, **config: Any
) -> Drawn:
    """A wait with one path per event name; every way leads to a node of that name, which is an exit."""
    paths = [{"id": each, "event": each, "where": where or []} for each in events]
    ways_out = {each: f"{name}-{each}" for each in [*events, "timeout"]}
    return node(name, "wait.event", {"paths": paths, "timeout": "P2D", **config}, **ways_out)


def ends(name: str = "wait", *events: str) -> list[Drawn]:
    return [node(f"{name}-{each}", "exit") for each in [*(events or ("login",)), "timeout"]]


def walk(replay: Replay, *lines: Json, own: Json | None = None, **config: Any) -> Results:
    canvas = draw(start(), wait(**config), *ends())
    return replay([canvas], profiles=[person(attributes=own or {})], events=lines)


def test_the_event_ends_the_wait(replay: Replay) -> None:
    """§3: `wait.event` `paths [{id, event, where}]`: ports each id."""
    results = walk(replay, event(DAY.format(1)), event(DAY.format(2), "login"))
    assert ways(results) == "start:next wait:login wait-login:-"
    assert left(results, "wait") == "2026-03-02T02:00"


def test_no_event_times_out(replay: Replay) -> None:
    """§3: `wait.event` … port `timeout`."""
    results = walk(replay, event(DAY.format(1)))
    assert ways(results) == "start:next wait:timeout wait-timeout:-"
    assert left(results, "wait") == "2026-03-03T02:00"


def test_an_event_at_the_timeout_is_too_late(replay: Replay) -> None:
    """§3: `wait.event` looks at `[start, start + timeout)`: the end itself is outside."""
    results = walk(replay, event(DAY.format(1)), event(DAY.format(3), "login"))
    assert ways(results) == "start:next wait:timeout wait-timeout:-"


def test_an_event_just_before_the_timeout_counts(replay: Replay) -> None:
    """§3: `wait.event` looks at `[start, start + timeout)`."""
    results = walk(replay, event(DAY.format(1)), event("2026-03-03T09:59:59.999999+08:00", "login"))
    assert ways(results) == "start:next wait:login wait-login:-"


def test_a_filter_must_hold(replay: Replay) -> None:
    """§2: Filter := {"property", "op", "value"}."""
    where = [{"property": "device", "op": "eq", "value": "app"}]
    lines = [event(DAY.format(1)), event(DAY.format(2), "login", device="web")]
    assert ways(walk(replay, *lines, where=where)) == "start:next wait:timeout wait-timeout:-"


def test_a_filter_may_point_at_the_entry(replay: Replay) -> None:
    """§2: Filter value {"of":"profile"|"entry"|"answer", "name"}."""
    where = [{"property": "order", "op": "eq", "value": {"of": "entry", "name": "order"}}]
    lines = [event(DAY.format(1), order="A"), event("2026-03-01T12:00Z", "login", order="B")]
    assert (
        left(walk(replay, *lines, event(DAY.format(2), "login", order="A"), where=where), "wait") == "2026-03-02T02:00"
    )


def test_a_filter_may_point_at_the_profile(replay: Replay) -> None:
    """§2: Filter value {"of":"profile"|"entry"|"answer", "name"}."""
    where = [{"property": "city", "op": "eq", "value": {"of": "profile", "name": "city"}}]
    lines = [
        event(DAY.format(1)),
        event("2026-03-01T12:00Z", "login", city="B"),
        event(DAY.format(2), "login", city="A"),
    ]
    assert left(walk(replay, *lines, own={"city": "A"}, where=where), "wait") == "2026-03-02T02:00"


def test_the_entry_event_ends_no_wait(replay: Replay) -> None:
    """§3 fine print: The entry event is not seen by its own walk's waits."""
    canvas = draw(start(), wait(events=("order_paid",)), *ends("wait", "order_paid"))
    results = replay([canvas], profiles=[person()], events=[event(DAY.format(1))])
    assert ways(results) == "start:next wait:timeout wait-timeout:-"


def test_an_event_ends_at_most_one_wait(replay: Replay) -> None:
    """§3 fine print: An event ends at most one wait of a walk."""
    first = node(
        "one",
        "wait.event",
        {"paths": [{"id": "login", "event": "login"}], "timeout": "P9D"},
        login="wait",
        timeout="wait",
    )
    canvas = draw(start(), first, wait(), *ends())
    results = replay([canvas], profiles=[person()], events=[event(DAY.format(1)), event(DAY.format(2), "login")])
    assert ways(results) == "start:next one:login wait:timeout wait-timeout:-"
    assert left(results, "wait") == "2026-03-04T02:00"


def late_wait(replay: Replay, *lines: Json, **config: Any) -> Results:
    """Somebody who enters on the 1st and comes to the wait on the 2nd, both at 10:00."""
    canvas = draw(start(), node("nap", "delay.for", {"duration": "P1D"}), wait(**config), *ends())
    return replay([canvas], profiles=[person()], events=[event(DAY.format(1)), *lines])


def test_events_before_the_arrival_do_not_count(replay: Replay) -> None:
    """§3: … where start is the arrival (§3 fine print: `count_from arrival` is the default)."""
    results = late_wait(replay, event("2026-03-01T12:00Z", "login"))
    assert left(results, "wait") == "2026-03-04T02:00"


def test_counted_from_entry_an_earlier_event_counts_at_once(replay: Replay) -> None:
    """§3: … or the entry (events that came before the arrival then count at once …)."""
    results = late_wait(replay, event("2026-03-01T12:00Z", "login"), count_from="entry")
    assert ways(results) == "start:next nap:next wait:login wait-login:-"
    assert left(results, "wait") == "2026-03-02T02:00"


def test_counted_from_entry_the_timeout_runs_from_entry(replay: Replay) -> None:
    """§3: `wait.event` looks at `[start, start + timeout)`, where start is … the entry."""
    assert left(late_wait(replay, count_from="entry"), "wait") == "2026-03-03T02:00"


def test_counted_from_entry_a_wait_may_be_over_on_arrival(replay: Replay) -> None:
    """§3: `[start, start + timeout)` is over: the way out is `timeout`, at once."""
    results = late_wait(replay, count_from="entry", timeout="PT1H")
    assert ways(results) == "start:next nap:next wait:timeout wait-timeout:-"
    assert left(results, "wait") == "2026-03-02T02:00"


def test_the_earliest_of_them_is_the_answer(replay: Replay) -> None:
    """§3: events that came before the arrival count at once, the earliest first; J7: its properties can be used."""
    then = node(
        "wait",
        "wait.event",
        {"paths": [{"id": "p", "event": "login"}], "timeout": "P9D", "count_from": "entry"},
        p="text",
    )
    canvas = draw(start(), node("nap", "delay.for", {"duration": "P1D"}), then, sms(text="{{ answer.device }}"))
    lines = [
        event(DAY.format(1)),
        event("2026-03-01T12:00Z", "login", device="b"),
        event("2026-03-01T11:00Z", "login", device="a"),
    ]
    results = replay([canvas], profiles=[person()], events=lines)
    assert results.messages[0]["content"] == {"text": "a"}
    assert messages(results) == ["2026-03-02T02:00 sent"]


def test_an_event_at_the_instant_of_arrival_counts(replay: Replay) -> None:
    """§3: `[start, …)` holds its start. §5: events of one instant come before due steps of that instant."""
    results = late_wait(replay, event(DAY.format(2), "login"))
    assert left(results, "wait") == "2026-03-02T02:00"


def test_lines_of_one_instant_after_the_entry_count(replay: Replay) -> None:
    """§3 fine print: Lines of one instant … line by line in file order."""
    results = walk(replay, event(DAY.format(1)), event(DAY.format(1), "login"))
    assert left(results, "wait") == "2026-03-01T02:00"


def test_the_first_path_that_fits_is_taken(replay: Replay) -> None:
    """§3: `paths`: two of them ask for the same event; the first in order is taken."""
    paths = [{"id": "a", "event": "login", "where": []}, {"id": "b", "event": "login", "where": []}]
    there = node("wait", "wait.event", {"paths": paths, "timeout": "P1D"}, a="x", b="y", timeout="y")
    canvas = draw(start(), there, node("x", "exit"), node("y", "exit"))
    results = replay([canvas], profiles=[person()], events=[event(DAY.format(1)), event(DAY.format(1), "login")])
    assert ways(results) == "start:next wait:a x:-"
