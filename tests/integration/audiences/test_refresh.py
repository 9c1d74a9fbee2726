"""Refreshes: who belongs to an audience now, who came and who went, and whom that is told."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiences import audience_actions as actions
from audiences import membership, refreshing
from audiences.audience_documents import AudienceChange, AudienceDocument
from audiences.bitmaps import Members
from audiences.models import (
    Audience,
    AudienceMembers,
    AudienceRefresh,
    AudienceShift,
    EventType,
    Feed,
    Interest,
    LeafResult,
    Profile,
)
from audiences.select import leaves, scan
from audiences.stages import tidy
from itinera.kit import jobs
from itinera.kit.models import AuditEntry, Job, JobState
from itinera.kit.pace import Pace
from itinera.kit.wire import django_cursor
from tests.integration.audiences.conftest import NOW
from tests.integration.engine import poison, scene

pytestmark = pytest.mark.django_db(transaction=True)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def people(count: int, **fields: Any) -> list[int]:
    return [Profile.objects.create(**fields).pk for _ in range(count)]


def level(value: str) -> dict[str, Any]:
    return {"attribute": "level", "op": "eq", "value": value}


def audience(slug: str = "vip", rule: Any = None, now: datetime = NOW, **given: Any) -> Audience:
    """Made by the action; refreshed when the job that this asks for is run."""
    document = AudienceDocument(slug=slug, name=slug, rule=rule or level("vip"), **given)
    return actions.create("test", document, now).audience


def run(now: datetime = NOW) -> None:
    jobs.run(now)


def refreshed(slug: str = "vip", now: datetime = NOW) -> Job:
    job = actions.refresh("test", slug, now)
    run(now)
    job.refresh_from_db()
    return job


def members(slug: str = "vip") -> set[int]:
    row = Audience.objects.get(slug=slug)
    return set(membership.load(django_cursor(), [row.pk])[row.pk].ids().tolist())


def shift(refresh: AudienceRefresh) -> tuple[set[int], set[int]]:
    rows = AudienceShift.objects.filter(refresh=refresh)
    came = Members.loaded((row.shard, bytes(row.entered)) for row in rows)
    went = Members.loaded((row.shard, bytes(row.left)) for row in rows)
    return set(came.ids().tolist()), set(went.ids().tolist())


def test_a_new_audience_is_refreshed_at_once_and_says_how_many_there_are() -> None:
    vips = people(3, attributes={"level": "vip"})
    people(2)
    audience()
    run()
    row = Audience.objects.get(slug="vip")
    assert (row.size, row.refreshed_at, row.revision) == (3, NOW, 1)
    assert members() == set(vips)


def test_each_refresh_tells_who_came_and_who_went() -> None:
    one, two, three = people(3, attributes={"level": "vip"})
    audience()
    run()
    Profile.objects.filter(pk=one).update(attributes={})
    (four,) = people(1, attributes={"level": "vip"})
    job = refreshed(now=NOW + HOUR)
    assert (job.state, job.done, job.total) == (JobState.DONE, 1, 1)
    first, second = AudienceRefresh.objects.order_by("at")
    assert (first.size, first.entered, first.left) == (3, 3, 0)
    assert (second.size, second.entered, second.left) == (3, 1, 1)
    assert job.result == {"refresh": second.pk, "size": 3, "entered": 1, "left": 1}
    assert shift(first) == ({one, two, three}, set())
    assert shift(second) == ({four}, {one})
    assert members() == {two, three, four}


def test_shards_in_which_nobody_is_left_have_no_row() -> None:
    people(5, attributes={"level": "vip"})
    audience()
    run()
    Profile.objects.update(attributes={})
    refreshed(now=NOW + HOUR)
    assert AudienceMembers.objects.count() == 0
    assert Audience.objects.get(slug="vip").size == 0


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sets(st.integers(0, 19)), min_size=1, max_size=4))
def test_sizes_always_add_up(turns: list[set[int]]) -> None:
    Audience.objects.all().delete()
    Profile.objects.all().delete()
    everybody = people(20)
    audience()
    run()
    for turn, places in enumerate(turns):
        Profile.objects.update(attributes={})
        Profile.objects.filter(pk__in=[everybody[place] for place in places]).update(attributes={"level": "vip"})
        refreshed(now=NOW + (turn + 1) * HOUR)
    rows = list(AudienceRefresh.objects.order_by("at"))
    assert [row.size for row in rows[1:]] == [len(places) for places in turns]
    for before, after in pairwise(rows):
        assert after.size == before.size + after.entered - after.left


def test_what_an_audience_rests_on_is_refreshed_before_it() -> None:
    (rich,) = people(1, attributes={"level": "vip", "city": "A"})
    rests = {"all": [{"audience": "vip"}, {"attribute": "city", "op": "eq", "value": "A"}]}
    Audience.objects.create(slug="vip", name="vip", definition={"rule": level("vip")})
    Audience.objects.create(slug="near", name="near", definition={"rule": rests}, asks=["vip"])
    Audience.objects.create(
        slug="not_near", name="far", definition={"rule": {"not": {"audience": "near"}}}, asks=["near"]
    )
    job = refreshed("not_near")
    assert (job.done, job.total) == (3, 3)
    assert (members("vip"), members("near"), members("not_near")) == ({rich}, {rich}, set())
    Profile.objects.update(attributes={"level": "vip", "city": "B"})
    refreshed("not_near", NOW + HOUR)
    assert (members("vip"), members("near"), members("not_near")) == ({rich}, set(), {rich})


def test_one_that_was_just_refreshed_is_used_as_it_is() -> None:
    Audience.objects.create(slug="vip", name="vip", definition={"rule": level("vip")}, refreshed_at=NOW, size=0)
    Audience.objects.create(slug="all", name="all", definition={"rule": {"audience": "vip"}}, asks=["vip"])
    people(1, attributes={"level": "vip"})
    assert refreshed("all").total == 1
    assert members("all") == set()
    assert refreshed("all", NOW + HOUR).total == 2
    assert len(members("all")) == 1


def test_archived_ones_are_not_refreshed() -> None:
    audience()
    run()
    actions.change("test", "vip", AudienceChange(archived=True), NOW)
    job = refreshing.ask_refresh("vip", None, NOW + HOUR)
    run(NOW + HOUR)
    job.refresh_from_db()
    assert (job.state, job.code) == (JobState.FAILED, "not_found")


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every slice of a job asks one statement about seven people, then its time is up."""

    class OneStatement:
        asked = 0

        @property
        def left(self) -> float:
            self.asked += 1
            return 1.0 if self.asked <= 2 else -1.0

    monkeypatch.setattr(scan, "FIRST", 7)
    monkeypatch.setattr(scan._Stride, "took", lambda *_given: None)
    monkeypatch.setattr(leaves, "DEAR", 0.0)
    monkeypatch.setattr(Pace, "within", staticmethod(lambda _seconds: OneStatement()))


@pytest.mark.usefixtures("hurried")
def test_a_long_refresh_is_done_in_slices_as_of_its_beginning() -> None:
    some = people(30, attributes={"level": "vip"})
    audience()
    assert jobs.run(NOW, 3).more
    assert Audience.objects.get(slug="vip").size is None
    assert LeafResult.objects.exclude(upto=None).count() == 1
    run(NOW + HOUR)
    row = Audience.objects.get(slug="vip")
    assert (row.size, row.refreshed_at, members()) == (30, NOW, set(some))


@pytest.mark.usefixtures("hurried")
def test_a_rule_that_is_changed_while_it_is_looked_for_is_looked_for_anew() -> None:
    people(15, attributes={"level": "vip"})
    golds = people(15, attributes={"level": "gold"})
    audience()
    jobs.run(NOW, 2)
    actions.change("test", "vip", AudienceChange(rule=level("gold")), NOW + HOUR)
    run(NOW + HOUR)
    assert members() == set(golds)
    assert Job.objects.count() == 1


def test_a_value_that_the_database_cannot_take_fails_in_plain_words() -> None:
    scene.people(["A"])
    poison.overflow("A")
    audience(rule=poison.OVERFLOWING, now=scene.NOON)
    run(scene.NOON)
    job = Job.objects.get()
    assert (job.state, job.code) == (JobState.FAILED, "cannot_compute")
    assert job.detail.startswith("vip: ")
    assert Audience.objects.get().size is None


def asks_for(event: str, subject: str = "") -> int:
    """A live version asks for this."""
    kind, _made = EventType.objects.get_or_create(name=event)
    Interest.objects.create(type_id=kind.pk, version_id=1, subject=subject)
    return kind.pk


def test_who_comes_and_goes_is_told_to_the_journeys_that_ask() -> None:
    entered, left = asks_for("audience.entered", "vip"), asks_for("audience.left")
    one, two = people(2, attributes={"level": "vip"})
    audience()
    audience("others", {"attribute": "level", "op": "ne", "value": "vip"})
    run()

    def told() -> list[Any]:
        return sorted(Feed.objects.values_list("type_id", "profile_id", "shard", "at", "body"))

    assert told() == [(entered, each, each % 64, NOW, {"audience": "vip"}) for each in (one, two)]
    Feed.objects.all().delete()
    Profile.objects.filter(pk=one).update(attributes={})
    refreshed(now=NOW + HOUR)
    refreshed("others", now=NOW + HOUR)
    assert told() == [(left, one, one % 64, NOW + HOUR, {"audience": "vip"})]


def test_the_schedule_asks_for_a_job() -> None:
    from audiences.tasks import refresh

    audience()
    run()
    refresh("vip")
    assert Job.objects.filter(subject="audience:vip", state=JobState.QUEUED).count() == 1


def test_old_shifts_are_cleared_and_sizes_stay() -> None:
    people(3, attributes={"level": "vip"})
    audience()
    run()
    assert tidy.run(NOW + 90 * DAY).done == 0
    assert tidy.run(NOW + 91 * DAY).detail["shifts"] == 3
    assert AudienceShift.objects.count() == 0
    assert AudienceRefresh.objects.get().entered == 3


def test_results_of_leaves_are_cleared_after_an_hour() -> None:
    LeafResult.objects.create(key="00000000-0000-4000-8000-000000000000", at=NOW, parts=[], kept_at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE leaf_result SET kept_at = now() - interval '59 minutes'")
        tidy.run(NOW)
        assert LeafResult.objects.count() == 1
        cursor.execute("UPDATE leaf_result SET kept_at = now() - interval '61 minutes'")
        tidy.run(NOW)
    assert LeafResult.objects.count() == 0


def test_a_refresh_on_demand_is_audited_with_its_job() -> None:
    audience()
    run()
    job = actions.refresh("somebody", "vip", NOW + HOUR)
    entry = AuditEntry.objects.get(verb="audience.refresh")
    assert (entry.actor, entry.object, entry.after) == ("somebody", "audience:vip", {"job": job.pk})
