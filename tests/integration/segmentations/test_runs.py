"""Runs as jobs: a snapshot a day, tags that follow, what is kept, and what happens when somebody breaks off."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django_celery_beat.models import PeriodicTask

from audiences.models import ProfileChange, Segmentation, SegmentationRun, SegmentPiece, Tag, TagSource
from audiences.rules import load_catalogue
from audiences.segmentations import actions, snapshots
from audiences.segmentations.documents import read_segmentation
from audiences.segmentations.runs import JOB
from audiences.tasks import run_segmentation
from audiences.uses import Thing, users_of
from audiences.workspace_loaders import load_workspace
from itinera.kit import jobs
from itinera.kit.errors import Refusal
from itinera.kit.models import AuditEntry, Job, JobState
from tests.integration.audiences.conftest import NOW, World
from tests.integration.segmentations.conftest import cells, run, segmentation, tags

DAY = timedelta(days=1)
PAID = {"bands": {"recency": [7, 30], "frequency": [2, 4], "monetary": [100, 1000]}}


@pytest.fixture
def two(world: World) -> tuple[int, int]:
    """One who bought yesterday, one who never did and was made just now."""
    people = world.person(), world.person()
    world.did(people[0], "order_paid", "2026-03-14T10:00:00", amount=50)
    return people


def test_the_tag_says_where_everybody_is_and_its_changes_are_history(world: World, two: tuple[int, int]) -> None:
    buyer, lead = two
    found = segmentation("rfm", PAID)
    run(found)
    assert tags("rfm") == {buyer: "promising", lead: "cold_leads"}
    run(found, NOW + 60 * DAY)
    assert tags("rfm") == {buyer: "lost", lead: "cold_leads"}
    told = ProfileChange.objects.filter(profile_id=buyer).order_by("at").values_list("source", "tags")
    assert list(told) == [
        ("segmentation:rfm", {"rfm": [None, "promising"]}),
        ("segmentation:rfm", {"rfm": ["promising", "lost"]}),
    ]


def test_rules_ask_for_the_cell_somebody_is_in(world: World, two: tuple[int, int]) -> None:
    run(segmentation("rfm", PAID))
    rule = {"tag": "rfm", "op": "eq", "value": "promising"}
    assert world.ask(rule, list(two)) == [True, False]
    told = load_catalogue(world.cursor).tags["rfm"]
    assert {"champions", "promising", "lost"} < set(told.values)
    assert len(told.values) == 11


def test_a_second_run_of_a_day_takes_the_place_of_the_first(world: World, two: tuple[int, int]) -> None:
    buyer, lead = two
    found = segmentation("rfm", PAID)
    first = run(found)
    world.did(lead, "add_to_cart", "2026-03-15T12:30:00")
    second = run(found, NOW + timedelta(hours=11, minutes=59))
    assert found.runs.count() == 1
    assert (first.day, second.day) == (date(2026, 3, 15), date(2026, 3, 15))
    assert cells(second) == tags("rfm") == {buyer: "promising", lead: "abandoned_checkouts"}
    # One minute later it is the next day in Shanghai.
    run(found, NOW + timedelta(hours=12))
    assert list(found.runs.order_by("day").values_list("day", flat=True)) == [date(2026, 3, 15), date(2026, 3, 16)]


def test_all_pieces_go_by_the_settings_and_the_instant_of_the_first_slice(world: World, two: tuple[int, int]) -> None:
    found = segmentation("rfm", PAID)
    job = actions.run(None, found, NOW)
    jobs.run(NOW, 1)
    assert SegmentPiece.objects.count() == 1
    world.did(two[1], "order_paid", "2026-03-15T12:30:00", amount=50)
    changed = {"bands": {"recency": [1, 2], "frequency": [2, 4], "monetary": [100, 1000]}}
    actions.save("tester", read_segmentation({"slug": "rfm", "name": "rfm", "type": "rfm", "config": changed}))
    jobs.run(NOW + timedelta(hours=1))
    job.refresh_from_db()
    assert job.state == JobState.DONE
    snapshot = found.runs.get()
    assert (snapshot.at, snapshot.config) == (NOW, PAID)
    assert cells(snapshot)[two[1]] == "cold_leads"
    assert not SegmentPiece.objects.exists()


def test_what_a_stopped_run_has_left_is_no_part_of_the_next(world: World, two: tuple[int, int]) -> None:
    found = segmentation("rfm", PAID)
    job = actions.run(None, found, NOW)
    jobs.run(NOW, 1)
    jobs.stop(job.pk, "tester", NOW)
    jobs.run(NOW)
    assert SegmentPiece.objects.count() == 1
    snapshot = run(found, NOW + timedelta(minutes=1))
    assert snapshot.people == len(two) == len(cells(snapshot))


def test_people_in_many_stretches_are_all_divided(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audiences.segmentations.tables.FIRST", 3)
    monkeypatch.setattr("audiences.segmentations.tables.next_size", lambda size, seconds: 3)
    monkeypatch.setattr("audiences.segmentations.runs.TAGGED_AT_ONCE", 4)
    people = [world.person() for _ in range(20)]
    for place, person in enumerate(people):
        world.did(person, "order_paid", NOW - timedelta(days=place), amount=place + 1)
    snapshot = run(segmentation("rfm", {"bands": {"quantiles": 4}}))
    assert set(cells(snapshot)) == set(people)
    assert tags("rfm") == cells(snapshot)
    assert snapshot.cuts["recency"] == [-14.0, -9.0, -4.0]
    assert Tag.objects.get(slug="rfm").people == 20


def test_snapshots_are_kept_for_400_days_and_then_the_last_of_each_month(world: World, two: tuple[int, int]) -> None:
    found = segmentation("rfm", PAID)
    days = [NOW.date() - timedelta(days=n) for n in (399, 400, 401, 410, 440, 441, 445, 800)]
    for day in days:
        SegmentationRun.objects.create(
            segmentation=found, day=day, at=NOW, config={}, cuts={}, sizes={}, people=0, took_ms=0
        )
    run(found)
    kept = set(found.runs.values_list("day", flat=True))
    months: dict[tuple[int, int], date] = {}
    for day in sorted(each for each in days if each < NOW.date() - snapshots.KEPT):
        months[day.year, day.month] = day
    assert kept == {NOW.date(), days[0], days[1], *months.values()}
    assert len(months) < len(days) - 2


def test_a_schedule_keeps_a_row_that_an_admin_can_stop(world: World) -> None:
    segmentation("rfm")
    row = PeriodicTask.objects.get(name="segmentation rfm")
    assert (row.task, str(row.crontab.timezone), row.crontab.hour) == (
        "audiences.tasks.run_segmentation", "Asia/Shanghai", "2",
    )  # fmt: skip
    PeriodicTask.objects.update(enabled=False)
    segmentation("rfm", every="30 4 * * 1")
    row.refresh_from_db()
    assert (row.enabled, row.crontab.hour, row.crontab.day_of_week) == (False, "4", "1")
    segmentation("rfm", every=None)
    assert not PeriodicTask.objects.filter(name="segmentation rfm").exists()


def test_the_task_of_a_schedule_asks_for_a_run(world: World) -> None:
    segmentation("rfm")
    run_segmentation("rfm")
    run_segmentation("no-such")
    assert list(Job.objects.filter(kind=JOB).values_list("subject", "state")) == [("segmentation:rfm", "queued")]


def test_every_change_by_a_person_is_audited_once(world: World) -> None:
    found = segmentation("rfm")
    segmentation("rfm")
    segmentation("rfm", {"currency": "USD"})
    actions.run("tester", found, NOW)
    actions.delete("tester", found)
    verbs = list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["segmentation.save", "segmentation.save", "segmentation.run", "segmentation.delete"]


def test_what_is_given_up_leaves_its_tag_to_others(world: World, two: tuple[int, int]) -> None:
    found = segmentation("rfm", PAID)
    run(found)
    actions.run(None, found, NOW)
    actions.delete("tester", found)
    assert (Segmentation.objects.count(), SegmentationRun.objects.count()) == (0, 0)
    assert not PeriodicTask.objects.filter(name__startswith="segmentation").exists()
    assert Tag.objects.get(slug="rfm").source == TagSource.MANUAL
    jobs.run(NOW)
    assert Job.objects.latest("id").code == "not_found"


def test_a_tag_that_others_set_is_not_taken_from_them(world: World) -> None:
    Tag.objects.create(slug="rfm", type="text")
    with pytest.raises(Refusal) as caught:
        segmentation("rfm")
    assert caught.value.problems[0].code == "tag_taken"
    assert not Segmentation.objects.exists()


def test_type_and_kind_are_for_good(world: World) -> None:
    segmentation("rfm")
    for changed in ({"type": "grid"}, {"kind": "staff"}):
        axis = {"measure": {"attribute": "a"}, "bands": {"quantiles": 2}}
        config = {"x": axis, "y": axis} if "type" in changed else {}
        entry = {"slug": "rfm", "name": "rfm", "type": "rfm", "config": config, **changed}
        with pytest.raises(Refusal) as caught:
            actions.save("tester", read_segmentation(entry))
        assert caught.value.problems[0].code == "is_fixed"


def test_what_a_segmentation_uses_stays(world: World) -> None:
    axis = {"measure": {"tag": "score"}, "bands": {"quantiles": 2}}
    Tag.objects.create(slug="score", type="number")
    segmentation("grid", {"x": axis, "y": axis})
    assert users_of(Thing("tag", "score")) == ["分层模型 grid"]
    assert users_of(Thing("tag", "other")) == []


def test_a_workspace_file_brings_segmentations(world: World) -> None:
    entry = {"slug": "rfm", "name": "RFM", "type": "rfm", "config": {"window": "P365D"}}
    assert load_workspace({"segmentations": [entry]}, NOW, "tester") == {"segmentations": 1}
    assert load_workspace({"segmentations": [entry]}, NOW, "tester") == {"segmentations": 1}
    assert AuditEntry.objects.filter(verb="segmentation.save").count() == 1
    with pytest.raises(Refusal) as caught:
        load_workspace({"segmentations": [entry, {**entry, "type": "abc", "every": "never"}]}, NOW, "tester")
    assert [p.path for p in caught.value.problems] == ["segmentations[1].type", "segmentations[1].every"]
