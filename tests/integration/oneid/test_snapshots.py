"""Cells of segmentations and what was found before a merge and is written after it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from audiences import membership
from audiences.bitmaps import Members
from audiences.models import Audience, Segmentation, SegmentationRun
from audiences.oneid import actions
from audiences.segmentations import snapshots
from audiences.segmentations.base import Settled
from itinera.kit.wire import django_cursor
from tests.integration.engine.scene import HOUR, NOON
from tests.integration.oneid.scene import LATER, become_one, two

Cells = dict[str, set[int]]
ROWS = """
    INSERT INTO segment_members (run_id, cell, shard, members)
    SELECT %s, cell, shard, members FROM unnest(%s::text[], %s::smallint[], %s::bytea[]) AS n (cell, shard, members)"""


def segmentation() -> Segmentation:
    return Segmentation.objects.create(slug="life", name="life", type="lifecycle", config={})


def run(whose: Segmentation, days_ago: int, cells: Cells) -> SegmentationRun:
    """A snapshot, as a run leaves it."""
    at = NOON - timedelta(days=days_ago)
    found = SegmentationRun.objects.create(
        segmentation=whose, day=at.date(), at=at, config={}, cuts={}, sizes={}, people=0, took_ms=0
    )
    rows = [(cell, *part) for cell, people in cells.items() for part in Members.of(people).dumped()]
    django_cursor().execute(ROWS, [found.pk, *map(list, zip(*rows, strict=True))])
    return found


def cells(of: SegmentationRun) -> Cells:
    cursor = django_cursor()
    cursor.execute("SELECT cell, shard, members FROM segment_members WHERE run_id = %s", [of.pk])
    found: Cells = {}
    for cell, shard, members in cursor.fetchall():
        found.setdefault(cell, set()).update(Members.loaded([(shard, members)]).ids().tolist())
    return found


def test_in_the_latest_snapshot_the_survivor_is_in_one_cell() -> None:
    stays, goes = two()
    old = run(segmentation(), 2, {"a": {goes}, "b": {stays}})
    latest = run(old.segmentation, 1, {"a": {stays}, "b": {goes, goes + 64}})
    log = become_one()
    assert cells(latest) == {"a": {stays}, "b": {goes + 64}}
    assert cells(old) == {"a": {goes}, "b": {stays}}
    actions.undo_merge(None, log.pk, LATER)
    assert cells(latest) == {"a": {stays}, "b": {goes, goes + 64}}


def test_who_was_in_no_cell_comes_into_the_others() -> None:
    stays, goes = two()
    latest = run(segmentation(), 1, {"b": {goes}})
    log = become_one()
    assert cells(latest) == {"b": {stays}}
    actions.undo_merge(None, log.pk, LATER)
    assert cells(latest) == {"b": {goes}}


def test_a_refresh_that_began_before_the_merge_writes_the_survivor() -> None:
    stays, goes = two()
    audience = Audience.objects.create(slug="a", name="", definition={})
    found = Members.of([goes, goes + 64])
    become_one()
    refresh = membership.store(django_cursor(), audience, found, LATER - timedelta(minutes=1), 0)
    members = membership.load(django_cursor(), [audience.pk])[audience.pk]
    assert set(members.ids().tolist()) == {stays, goes + 64}
    assert (refresh.size, refresh.entered) == (2, 2)


@pytest.mark.parametrize(
    ("found", "then"), [({"a": "stays", "b": "goes"}, {"a": "stays"}), ({"b": "goes"}, {"b": "stays"})]
)
def test_a_snapshot_that_was_measured_before_the_merge_has_her_once(
    found: dict[str, str], then: dict[str, str]
) -> None:
    stays, goes = two()
    numbers = {"stays": stays, "goes": goes}
    become_one()
    settled = Settled({}, {cell: Members.of([numbers[who]]) for cell, who in found.items()})
    occasion = snapshots.Occasion(NOON.date(), LATER - HOUR, {}, 0)
    kept = snapshots.keep(segmentation(), occasion, settled)
    assert cells(kept) == {cell: {numbers[who]} for cell, who in then.items()}
