"""Long jobs: slices done once each, whoever does them and however often somebody dies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from itinera.kit import jobs
from itinera.kit.errors import Refusal
from itinera.kit.jobs import Slice
from itinera.kit.models import AuditEntry, Job, JobState
from itinera.kit.registry import Registry

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Counting(jobs.JobKind):
    """Counts to `params.to`, and does on the way what the test asks for."""

    def __init__(self) -> None:
        self.seen: list[int] = []

    def slice(self, job: Job, now: datetime) -> Slice:
        at = job.cursor.get("at", 0)
        self.seen.append(at)
        if at == job.params.get("refuse_at"):
            raise Refusal.because("bad_luck", "no further")
        if at == job.params.get("break_at"):
            raise RuntimeError("broken")
        if at == job.params.get("die_at") and self.seen.count(at) == 1:
            raise KeyboardInterrupt
        last = at + 1 >= job.params["to"]
        return Slice(None if last else {"at": at + 1}, at + 1, job.params["to"], {"last": at})


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Counting:
    """A registry with one kind of job."""
    kinds: Registry[jobs.JobKind] = Registry("jobs")
    kind = Counting()
    kinds.register("count", kind)
    monkeypatch.setattr(jobs, "JOBS", kinds)
    return kind


def ask(**params: Any) -> Job:
    return jobs.ask("count", "numbers", None, NOW, {"to": 3, **params})


def test_a_job_is_done_slice_by_slice_and_tells_how_far_it_is(counting: Counting) -> None:
    job = ask()
    assert jobs.run(NOW, 2).more
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.cursor) == (JobState.RUNNING, 2, 3, {"at": 2})
    assert not jobs.run(NOW).more
    job.refresh_from_db()
    assert (job.state, job.done, job.result, job.finished_at) == (JobState.DONE, 3, {"last": 2}, NOW)
    assert counting.seen == [0, 1, 2]


def test_asking_twice_gives_the_job_that_is_under_way(counting: Counting) -> None:
    first = ask()
    assert ask().pk == first.pk
    jobs.run(NOW)
    assert ask().pk != first.pk


def test_whoever_dies_is_followed_by_another_when_the_lease_is_over(counting: Counting) -> None:
    job = ask(die_at=1)
    with pytest.raises(KeyboardInterrupt):
        jobs.run(NOW)
    assert jobs.run(NOW).done == 0
    jobs.run(NOW + timedelta(minutes=3))
    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert counting.seen == [0, 1, 1, 2]


def test_what_is_refused_fails_with_its_reason(counting: Counting) -> None:
    job = ask(refuse_at=1)
    jobs.run(NOW)
    job.refresh_from_db()
    assert (job.state, job.code, job.detail, job.done) == (JobState.FAILED, "bad_luck", "no further", 1)


def test_what_breaks_off_again_and_again_fails(counting: Counting) -> None:
    job = ask(break_at=1)
    jobs.run(NOW)
    job.refresh_from_db()
    assert (job.state, job.code) == (JobState.FAILED, "internal")
    assert counting.seen.count(1) == jobs.TRIES + 1


def test_a_job_stops_after_its_present_slice(counting: Counting) -> None:
    job = ask()
    jobs.run(NOW, 1)
    jobs.stop(job.pk, "tester", NOW)
    jobs.run(NOW)
    job.refresh_from_db()
    assert (job.state, job.done) == (JobState.STOPPED, 1)
    with pytest.raises(Refusal):
        jobs.stop(job.pk, "tester", NOW)
    assert AuditEntry.objects.filter(verb="job.stop", object=f"job:{job.pk}").count() == 1


def test_the_api_shows_a_job_and_stops_it(counting: Counting, client: Client) -> None:
    job = ask()
    client.force_login(User.objects.create_superuser("boss"))
    found = client.get(f"/api/v1/jobs/{job.pk}").json()
    assert (found["state"], found["done"], found["total"]) == ("queued", 0, None)
    assert client.post(f"/api/v1/jobs/{job.pk}/stop").json()["state"] == "stopped"
    assert client.post(f"/api/v1/jobs/{job.pk}/stop").status_code == 409
    assert client.get("/api/v1/jobs/0").status_code == 404
