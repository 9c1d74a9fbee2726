"""Contract: exit rules, goals, the end of a stay, and what goes first at one instant."""

from __future__ import annotations

from typing import Any

from tests.acceptance.drawing import Json, draw, event, node, person, start
from tests.acceptance.oracle.results import Results
from tests.acceptance.reading import exits, left, ways
from tests.acceptance.run import Replay

GOAL = {"when": {"event": "order_paid", "where": []}, "value": "amount", "within": "P5D", "exit": True}
ONE, TWO, SIX = "2026-03-01T10:00+08:00", "2026-03-02T10:00+08:00", "2026-03-06T10:00+08:00"


def walk(replay: Replay, *lines: Json, nap: str = "P9D", **settings: Any) -> Results:
    """Enter by `login` on 1 March at 10:00 and sleep."""
    canvas = draw(start("login"), node("nap", "delay.for", {"duration": nap}), node("end", "exit"), **settings)
    return replay([canvas], profiles=[person()], events=[event(ONE, "login"), *lines])


def goals(results: Results) -> int:
    return int(results.nodes["welcome"]["goals"])


def test_an_exit_rule_acts_while_waiting(replay: Replay) -> None:
    """§3: Exit rules and goals act at once, also while waiting."""
    results = walk(replay, event(TWO, "unsubscribed"), exit_when=[{"event": "unsubscribed"}])
    assert ways(results) == "start:next nap:-"
    assert left(results, "nap") == "2026-03-02T02:00"
    assert exits(results) == {"exit_rule": 1}


def test_a_goal_ends_the_walk(replay: Replay) -> None:
    """§3: A goal met while the person is inside ends the walk as `goal` if `exit` is true."""
    results = walk(replay, event(TWO), goal=GOAL)
    assert (exits(results), goals(results)) == ({"goal": 1}, 1)


def test_a_goal_may_let_her_stay(replay: Replay) -> None:
    """§3: … if `exit` is true."""
    results = walk(replay, event(TWO), goal={**GOAL, "exit": False})
    assert (exits(results), goals(results)) == ({"completed": 1}, 1)


def test_a_goal_after_the_walk_still_counts(replay: Replay) -> None:
    """§3: met after the walk has ended, but within, it still counts."""
    results = walk(replay, event("2026-03-04T10:00+08:00"), nap="P1D", goal=GOAL)
    assert (exits(results), goals(results)) == ({"completed": 1}, 1)


def test_a_goal_counts_within_from_entry(replay: Replay) -> None:
    """§3: `goal.within` counts from entry; §1: windows are half-open."""
    results = walk(replay, event(SIX), goal=GOAL)
    assert (exits(results), goals(results)) == ({"completed": 1}, 0)


def test_a_walk_meets_its_goal_once(replay: Replay) -> None:
    """§5: `goals`: walks that met the goal, not events that would have."""
    results = walk(replay, event(TWO), event("2026-03-03T10:00+08:00"), goal={**GOAL, "exit": False})
    assert goals(results) == 1


def test_the_entry_event_is_no_goal_and_no_exit(replay: Replay) -> None:
    """§3 fine print: The entry event is not seen by its own walk's … goal, exit rules."""
    goal = {**GOAL, "when": {"event": "login", "where": []}}
    results = walk(replay, goal=goal, exit_when=[{"event": "login"}])
    assert (exits(results), goals(results)) == ({"completed": 1}, 0)


def test_exit_rule_and_goal_in_one_event(replay: Replay) -> None:
    """§3 fine print: One event that is both exit rule and goal: the goal counts, the reason is `exit_rule`."""
    results = walk(replay, event(TWO), goal=GOAL, exit_when=[{"event": "order_paid"}])
    assert (exits(results), goals(results)) == ({"exit_rule": 1}, 1)


def test_an_exit_rule_goes_before_a_wait(replay: Replay) -> None:
    """§3: An exit rule or goal that fires at the same instant as a wait or trigger goes first."""
    there = node(
        "wait", "wait.event", {"paths": [{"id": "p", "event": "order_paid"}], "timeout": "P9D"}, p="end", timeout="end"
    )
    canvas = draw(start("login"), there, node("end", "exit"), exit_when=[{"event": "order_paid"}])
    results = replay([canvas], profiles=[person()], events=[event(ONE, "login"), event(TWO)])
    assert ways(results) == "start:next wait:-"


def test_all_exits_of_an_instant_go_before_its_lines(replay: Replay) -> None:
    """§3 fine print: Lines of one instant: first all exits and goals for walks begun earlier, then line by line."""
    there = node(
        "wait", "wait.event", {"paths": [{"id": "p", "event": "order_paid"}], "timeout": "P9D"}, p="end", timeout="end"
    )
    canvas = draw(start("login"), there, node("end", "exit"), exit_when=[{"event": "unsubscribed"}])
    lines = [event(ONE, "login"), event(TWO), event(TWO, "unsubscribed")]
    results = replay([canvas], profiles=[person()], events=lines)
    assert ways(results) == "start:next wait:-"


def test_a_walk_begun_at_the_instant_sees_later_lines_only(replay: Replay) -> None:
    """§3 fine print: an exit rule means an event after entry; lines of one instant go in file order."""
    before = walk(replay, exit_when=[{"event": "unsubscribed"}])
    assert exits(before) == {"completed": 1}
    canvas = draw(start("login"), node("nap", "delay.for", {"duration": "P1D"}), exit_when=[{"event": "unsubscribed"}])
    earlier = [event(ONE, "unsubscribed"), event(ONE, "login")]
    assert exits(replay([canvas], profiles=[person()], events=earlier)) == {"completed": 1}
    later = [event(ONE, "login"), event(ONE, "unsubscribed")]
    assert exits(replay([canvas], profiles=[person()], events=later)) == {"exit_rule": 1}


def test_the_end_of_a_stay(replay: Replay) -> None:
    """§3: `max_stay`: whoever is still inside then leaves as `max_stay`."""
    results = walk(replay, max_stay="P3D")
    assert left(results, "nap") == "2026-03-04T02:00"
    assert exits(results) == {"max_stay": 1}


def test_the_end_of_a_stay_goes_before_steps_due_then(replay: Replay) -> None:
    """§3 fine print: The end of a stay goes before steps due then."""
    results = walk(replay, nap="P3D", max_stay="P3D")
    assert (ways(results), exits(results)) == ("start:next nap:-", {"max_stay": 1})


def test_an_event_at_the_end_of_a_stay_comes_first(replay: Replay) -> None:
    """§5: events of one instant come before due steps of that instant: the goal is met."""
    results = walk(replay, event("2026-03-04T10:00+08:00"), max_stay="P3D", goal=GOAL)
    assert exits(results) == {"goal": 1}


def test_an_exit_at_the_due_instant_comes_first(replay: Replay) -> None:
    """§5: events of one instant come before due steps of that instant."""
    results = walk(
        replay, event("2026-03-02T10:00+08:00", "unsubscribed"), nap="P1D", exit_when=[{"event": "unsubscribed"}]
    )
    assert ways(results) == "start:next nap:-"


def test_an_exit_rule_with_a_filter_on_the_entry(replay: Replay) -> None:
    """§2: Filter value {"of": "entry", …}: the refund of this very order."""
    leaf = {"event": "refund", "where": [{"property": "order", "op": "eq", "value": {"of": "entry", "name": "order"}}]}
    canvas = draw(start(), node("nap", "delay.for", {"duration": "P9D"}), exit_when=[leaf])
    lines = [event(ONE, order="A"), event(TWO, "refund", order="B")]
    assert exits(replay([canvas], profiles=[person()], events=lines)) == {"completed": 1}
    lines = [event(ONE, order="A"), event(TWO, "refund", order="A")]
    assert exits(replay([canvas], profiles=[person()], events=lines)) == {"exit_rule": 1}


def test_a_port_without_an_edge_completes(replay: Replay) -> None:
    """§3: `next`, `yes`, `no`, `else`, a path or a variant without an edge ends the walk as `completed`."""
    canvas = draw(start("login"), node("ask", "condition", {"rule": {"all": []}}, no="end"), node("end", "exit"))
    results = replay([canvas], profiles=[person()], events=[event(ONE, "login")])
    assert (ways(results), exits(results)) == ("start:next ask:yes", {"completed": 1})


def test_a_goal_node_counts_and_goes_on(replay: Replay) -> None:
    """§3: `goal` `name`; port `next`."""
    canvas = draw(start("login"), node("won", "goal", {"name": "read"}), node("end", "exit"))
    results = replay([canvas], profiles=[person()], events=[event(ONE, "login")])
    assert (ways(results), goals(results)) == ("start:next won:next end:-", 1)
