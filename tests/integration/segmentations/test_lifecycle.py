"""Lifecycles: the highest stage whose rule holds, AIPL, and figures between days."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from audiences.bitmaps import Members
from audiences.definitions.base import Scope
from audiences.models import Profile
from audiences.rules import Rule
from audiences.segmentations import actions, reports, standing
from audiences.select import members_of
from itinera.kit import jobs
from itinera.kit.errors import Refusal
from itinera.kit.models import JobState
from itinera.kit.pace import Unfinished
from tests.integration.audiences.conftest import NOW, World
from tests.integration.segmentations.conftest import cells, run, segmentation, tags

DAY = timedelta(days=1)
CONFIG: dict[str, Any] = {
    "stages": [
        {"slug": "known", "label": "已知"},
        {"slug": "member", "label": "会员", "rule": {"attribute": "member", "op": "eq", "value": True}},
        {"slug": "buyer", "label": "已购", "rule": {"event": "order_paid", "window": {"last": "P10D"}}},
    ]
}


@pytest.fixture
def people(world: World) -> list[int]:
    """Nobody in particular, a member, a buyer who is none, a buyer who is one."""
    found = [world.person({"member": member}) for member in (False, True, False, True)]
    for person in found[2:]:
        world.did(person, "order_paid", NOW - DAY, amount=10)
    return found


def test_everybody_is_in_the_highest_stage_whose_rule_holds(people: list[int]) -> None:
    found = cells(run(segmentation("lifecycle", CONFIG)))
    assert found == dict(zip(people, ["known", "member", "buyer", "buyer"], strict=True))
    assert tags("lifecycle") == found


def test_figures_of_a_day_and_against_another(world: World, people: list[int]) -> None:
    found = segmentation("lifecycle", CONFIG)
    run(found)
    Profile.objects.filter(pk=people[0]).delete()
    fresh = world.person({"member": True})
    world.did(people[1], "order_paid", NOW + 9 * DAY, amount=10)
    run(found, NOW + 9 * DAY + timedelta(hours=1))
    run(found, NOW + 10 * DAY)

    told = reports.cells_report(found, None, NOW.date())
    assert told["ordered"]
    assert [
        (each["cell"], each["stock"], each["before"], each["change"], each["stock_ratio"]) for each in told["cells"]
    ] == [("known", 1, 1, 0.0, None), ("member", 2, 1, 1.0, 2.0), ("buyer", 1, 2, -0.5, 0.5)]
    assert sum(each["share"] for each in told["cells"]) == 1
    assert set(told["definitions"]) == {"stock", "share", "change", "stock_ratio"}
    daily = reports.cells_report(found, None, None)
    assert (daily["run"]["day"], daily["against"]["day"]) == (NOW.date() + 10 * DAY, NOW.date() + 9 * DAY)
    assert reports.cells_report(found, NOW.date() + 5 * DAY, None)["run"]["day"] == NOW.date()

    moved = reports.flow_report(found, NOW.date(), None)
    assert [each["cell"] for each in moved["rows"]] == ["known", "member", "buyer", None]
    assert [list(row) for row in moved["moves"]] == [[0, 0, 0, 1], [0, 0, 1, 0], [1, 1, 0, 0], [0, 1, 0, 0]]
    assert [list(row) for row in moved["rates"]] == [[0, 0, 0, 1], [0, 0, 1, 0], [0.5, 0.5, 0, 0], [None] * 4]
    assert cells(found.runs.latest("day"))[fresh] == "member"

    days = reports.history_report(found, NOW.date() + DAY, None)["days"]
    assert [each["stocks"]["buyer"] for each in days] == [1, 1]


def test_a_day_before_the_first_snapshot_has_no_figures(people: list[int]) -> None:
    run(found := segmentation("lifecycle", CONFIG))
    with pytest.raises(Refusal) as caught:
        reports.cells_report(found, NOW.date() - DAY, None)
    assert (caught.value.status, caught.value.problems[0].code) == (404, "no_snapshot")
    assert reports.cells_report(found, NOW.date(), None)["against"] is None


def test_aipl_is_ready_to_use(world: World) -> None:
    aware, interested, bought, loyal, forgotten = people = [world.person() for _ in range(5)]
    for person in (interested, bought, loyal):
        world.did(person, "page_view", NOW - DAY)
    world.did(forgotten, "page_view", NOW - 100 * DAY)
    world.did(bought, "order_paid", NOW - 500 * DAY)
    for days in (3, 300):
        world.did(loyal, "order_paid", NOW - days * DAY)
    found = cells(run(segmentation("lifecycle", {"aipl": {}})))
    assert [found[person] for person in people] == ["awareness", "interest", "purchase", "loyalty", "awareness"]
    assert found[aware] == "awareness"
    other = {"interest": [], "purchase": "page_view", "loyal_from": 2}
    found = cells(run(segmentation("lifecycle", {"aipl": other}, slug="other")))
    assert [found[person] for person in people] == ["awareness", "purchase", "purchase", "purchase", "purchase"]


def test_a_stage_is_explained_by_the_rules_that_hold(people: list[int]) -> None:
    run(found := segmentation("lifecycle", CONFIG))
    for person in people:
        placed = standing.place(found, Profile.objects.get(pk=person))
        assert placed.standing is not None
        assert placed.standing.cell == placed.cell
    assert [(fact.name, fact.value) for fact in placed.standing.facts] == [("member", True), ("buyer", True)]


def test_a_stage_that_takes_long_is_gone_on_with_in_the_next_slice(
    people: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[datetime] = []

    def slow(rule: Rule, scope: Scope) -> Members:
        asked.append(scope.at)
        if len(asked) % 2:
            raise Unfinished
        return members_of(rule, scope)

    monkeypatch.setattr("audiences.segmentations.types.lifecycle.members_of", slow)
    found = segmentation("lifecycle", CONFIG)
    job = actions.run(None, found, NOW)
    for minute in range(20):
        jobs.run(NOW + timedelta(minutes=minute), 1)
    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert set(asked) == {NOW}
    assert len(asked) == 6
    assert tags("lifecycle") == dict(zip(people, ["known", "member", "buyer", "buyer"], strict=True))


STAGES = CONFIG["stages"]


@pytest.mark.parametrize(
    ("config", "path"),
    [
        ({}, "config"),
        ({**CONFIG, "aipl": {}}, "config"),
        ({"stages": STAGES[:1]}, "config.stages"),
        ({"stages": STAGES[1:]}, "config"),
        ({"stages": [STAGES[0], STAGES[0]]}, "config"),
        ({"stages": [*STAGES, {"slug": "x", "label": "x"}]}, "config"),
        ({"stages": [STAGES[0], {"slug": "x", "label": "x", "rule": {"colour": 1}}]}, "config.stages[1].rule"),
        ({"aipl": {"loyal_from": 1}}, "config.aipl.loyal_from"),
    ],
)
def test_settings_that_make_no_sense_are_refused_with_their_place(
    world: World, config: dict[str, Any], path: str
) -> None:
    with pytest.raises(Refusal) as caught:
        segmentation("lifecycle", config)
    assert [problem.path for problem in caught.value.problems] == [path]
