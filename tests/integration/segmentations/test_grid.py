"""Grids: two measures crossed into named cells, and the moves between them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from audiences.models import Profile
from audiences.segmentations import reports, standing
from itinera.kit.errors import Refusal
from tests.integration.audiences.conftest import NOW, World
from tests.integration.segmentations.conftest import cells, run, segmentation, tags

INVITED = {"event": "invited", "window": {"last": "P30D"}}
SPENT = {"event": "invited", "measure": "avg", "property": "spent"}
CONFIG: dict[str, Any] = {
    "x": {"measure": INVITED, "label": "裂变数量", "bands": {"thresholds": [1, 3]}},
    "y": {"measure": {"attribute": "quality"}, "label": "质量", "bands": {"thresholds": [0.5]}, "names": ["低", "高"]},
    "cells": [{"x": 3, "y": 2, "label": "裂变之星", "slug": "star"}, {"x": 1, "y": 1, "label": "待激活"}],
}


@pytest.fixture
def people(world: World) -> list[int]:
    """Who invited nobody, two, three and four, of quality 0 to 1; the last one's quality is not known."""
    found = []
    for invited, quality in ((0, 0.2), (2, 0.5), (3, 0.49), (4, 0.9), (4, None)):
        found.append(world.person({} if quality is None else {"quality": quality}))
        for _ in range(invited):
            world.did(found[-1], "invited", NOW - timedelta(days=2))
    return found


def test_everybody_with_both_measures_is_in_the_cell_of_their_bands(people: list[int]) -> None:
    found = cells(run(segmentation("grid", CONFIG)))
    assert found == dict(zip(people, ["x1y1", "x2y2", "x3y1", "star"], strict=False))
    assert tags("grid") == found


def test_cells_carry_their_names_and_those_of_nobody_are_there_too(people: list[int]) -> None:
    run(found := segmentation("grid", CONFIG))
    told = reports.cells_report(found, None, None)["cells"]
    assert [(each["cell"], each["label"], each["stock"]) for each in told] == [
        ("x1y1", "待激活", 1), ("x1y2", "1/3 × 高", 0), ("x2y1", "2/3 × 低", 0), ("x2y2", "2/3 × 高", 1),
        ("x3y1", "3/3 × 低", 1), ("star", "裂变之星", 1),
    ]  # fmt: skip


def test_bands_may_be_quantiles_among_those_with_both_measures(people: list[int]) -> None:
    axes = {axis: {**CONFIG[axis], "bands": {"quantiles": 2}} for axis in ("x", "y")}
    snapshot = run(segmentation("grid", axes))
    assert snapshot.cuts == {"x": [3.0], "y": [0.5]}
    assert cells(snapshot) == dict(zip(people, ["x1y1", "x1y2", "x2y1", "x2y2"], strict=False))


def test_who_loses_a_measure_leaves_the_grid_and_her_tag(people: list[int]) -> None:
    run(found := segmentation("grid", CONFIG))
    Profile.objects.filter(pk=people[0]).update(attributes={})
    Profile.objects.filter(pk=people[4]).update(attributes={"quality": 1})
    run(found, NOW + timedelta(days=29))
    assert tags("grid") == dict(zip(people[1:], ["x1y2", "x1y1", "x1y2", "x1y2"], strict=True))
    told = reports.flow_report(found, NOW.date(), NOW.date() + timedelta(days=29))
    rows, columns = [each["cell"] for each in told["rows"]], [each["cell"] for each in told["columns"]]
    assert told["moves"][rows.index("star")][columns.index("x1y2")] == 1
    assert told["moves"][rows.index("x1y1")][columns.index(None)] == 1
    assert told["moves"][rows.index(None)][columns.index("x1y2")] == 1
    assert set(told["rates"][rows.index(None)]) == {None}


def test_a_place_is_explained_by_both_measures(people: list[int]) -> None:
    run(found := segmentation("grid", CONFIG))
    star, unknown = (standing.place(found, Profile.objects.get(pk=people[n])) for n in (3, 4))
    assert (star.cell, star.label, star.standing.cell) == ("star", "裂变之星", "star")
    assert [(fact.value, fact.band, fact.text) for fact in star.standing.facts] == [
        (4.0, 3, "裂变数量：4 → 3/3"), (0.9, 2, "质量：0.9 → 高"),
    ]  # fmt: skip
    assert (unknown.cell, unknown.standing.cell, unknown.standing.facts[1].value) == (None, None, None)


AXIS = {"measure": {"attribute": "a"}, "bands": {"thresholds": [1]}}


@pytest.mark.parametrize(
    ("config", "path"),
    [
        ({"x": AXIS}, "config.y"),
        ({"x": AXIS, "y": {**AXIS, "bands": {"thresholds": [2, 1]}}}, "config.y.bands.thresholds"),
        ({"x": AXIS, "y": {**AXIS, "bands": {"quantiles": 1}}}, "config.y.bands.quantiles"),
        ({"x": AXIS, "y": {**AXIS, "names": ["one"]}}, "config.y"),
        ({"x": AXIS, "y": AXIS, "cells": [{"x": 3, "y": 1, "label": "z"}]}, "config"),
        ({"x": AXIS, "y": AXIS, "cells": [{"x": 1, "y": 1, "label": "z", "slug": "x2y2"}]}, "config"),
        ({"x": AXIS, "y": AXIS, "cells": [{"x": 1, "y": 1, "label": "z"}, {"x": 1, "y": 1, "label": "y"}]}, "config"),
    ],
)
def test_settings_that_make_no_sense_are_refused_with_their_place(
    world: World, config: dict[str, Any], path: str
) -> None:
    with pytest.raises(Refusal) as caught:
        segmentation("grid", config)
    assert [problem.path for problem in caught.value.problems] == [path]
