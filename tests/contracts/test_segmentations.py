"""What every type of segmentation keeps to, over whatever is registered."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import translation

from audiences.models import Profile
from audiences.models.segmentation import SEGMENTATION_TYPES
from audiences.refreshing import scope_at
from audiences.rules import load_catalogue
from audiences.segmentations import TYPES, standing
from itinera.kit.errors import Refusal
from itinera.kit.wire import django_cursor
from tests.integration.audiences.conftest import NOW, World, world
from tests.integration.segmentations.conftest import cells, run, segmentation, tags

__all__ = ["world"]

_AXIS = {"measure": {"event": "order_paid", "measure": "sum", "property": "amount"}, "bands": {"quantiles": 2}}
_POINTS = {"measure": {"attribute": "points"}, "bands": {"thresholds": [10, 20]}}
SAMPLES: dict[str, list[dict[str, Any]]] = {
    "rfm": [{}, {"window": "P90D", "bands": {"recency": [7, 30], "frequency": [1, 2], "monetary": [50, 100]}}],
    "lifecycle": [
        {"aipl": {}},
        {"stages": [{"slug": "a", "label": "A"}, {"slug": "b", "label": "B", "rule": {"event": "order_paid"}}]},
    ],
    "grid": [{"x": _AXIS, "y": _POINTS}],
}
"""Settings of each type; one without settings here fails."""
CASES = [
    pytest.param(name, config, id=f"{name}-{place}") for name in TYPES for place, config in enumerate(SAMPLES[name])
]


@pytest.fixture
def people(world: World) -> list[int]:
    """Some who bought, some who looked, some of whom nothing is known; one of each has points."""
    found = [world.person({"points": place * 5} if place % 3 == 0 else {}) for place in range(12)]
    for place, person in enumerate(found):
        for times in range(place % 4):
            world.did(person, "order_paid", f"2026-0{times + 1}-1{place % 5}T10:00:00", amount=10 * place)
        if place % 5 == 0:
            world.did(person, "page_view", "2026-03-14T10:00:00")
    return found


def test_the_table_of_segmentations_knows_the_types() -> None:
    assert [name for name, _label in SEGMENTATION_TYPES] == sorted(TYPES, key=list(dict(SEGMENTATION_TYPES)).index)
    assert {name: str(label) for name, label in SEGMENTATION_TYPES} == {n: str(t.label) for n, t in TYPES.items()}


@pytest.mark.parametrize(("name", "config"), CASES)
def test_cells_are_told_apart_and_named_in_both_languages(name: str, config: dict[str, Any]) -> None:
    kind = TYPES[name]
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found = kind.cells(kind.read(config))
            assert len({cell.slug for cell in found}) == len(found) > 1
            assert all(re.fullmatch(r"[a-z0-9_-]{1,64}", cell.slug) and cell.label for cell in found)


@pytest.mark.parametrize(("name", "config"), CASES)
def test_settings_are_described_and_strange_ones_refused(name: str, config: dict[str, Any], db: None) -> None:
    kind = TYPES[name]
    assert kind.config.model_json_schema()["type"] == "object"
    with pytest.raises(Refusal) as caught:
        kind.read({**config, "colour": 1}, "config")
    assert caught.value.problems[0].path == "config.colour"
    problems = kind.check(kind.read(config), load_catalogue(django_cursor()), "config")
    assert all(problem.severity == "warning" for problem in problems)


@pytest.mark.parametrize(("name", "config"), CASES)
def test_everybody_is_in_at_most_one_cell_and_the_tag_says_in_which(
    people: list[int], name: str, config: dict[str, Any]
) -> None:
    found = segmentation(name, config)
    snapshot = run(found)
    placed = cells(snapshot)
    assert sum(snapshot.sizes.values()) == snapshot.people == len(placed) > 0
    assert set(placed) <= set(people)
    assert set(snapshot.sizes) == {cell.slug for cell in TYPES[name].cells(TYPES[name].read(config))}
    assert tags(name) == placed
    for profile in Profile.objects.all():
        told = standing.place(found, profile)
        assert told.standing is not None
        assert told.standing.cell == told.cell == placed.get(profile.id)
        assert told.standing.why
        assert all(fact.text for fact in told.standing.facts)


@pytest.mark.parametrize(("name", "config"), CASES)
def test_a_workspace_without_people_has_empty_cells(world: World, name: str, config: dict[str, Any]) -> None:
    snapshot = run(segmentation(name, config))
    assert (snapshot.people, set(snapshot.sizes.values())) == (0, {0})


@pytest.mark.parametrize(("name", "config"), CASES)
def test_somebody_who_is_not_there_has_no_place(world: World, name: str, config: dict[str, Any]) -> None:
    kind = TYPES[name]
    read = kind.read(config)
    cuts = kind.settle(read, list).cuts if name != "lifecycle" else {}
    assert kind.explain(read, scope_at(django_cursor(), NOW, "consumer"), cuts, 0) is None
