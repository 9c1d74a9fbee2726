"""Journeys and the engine's state in the admin: to be read, never to be changed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from itinera.access.roles import keep_roles
from journeys.models import Chunk, Journey, ScheduleRun, Version, WalkError
from tests.integration.access.conftest import MakePerson

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 1, 8, tzinfo=UTC)


@pytest.fixture
def version(db: None) -> Version:
    journey = Journey.objects.create(slug="spring", name="春季欢迎", draft={})
    return Version.objects.create(journey=journey, number=3, canvas={"to": "13812341234"}, published_at=AT)


@pytest.fixture
def analyst(client: Client, person: MakePerson) -> Client:
    keep_roles()
    account = person("analyst", is_staff=True)
    account.groups.add(Group.objects.get(name="analyst"))
    client.force_login(account)
    return client


def page(client: Client, model: str, key: object = "") -> str:
    answer = client.get(f"/admin/journeys/{model}/" + (f"{key}/change/" if key else ""))
    assert answer.status_code == 200
    return answer.content.decode()


def test_journeys_are_listed_with_a_way_to_their_canvas(analyst: Client, version: Version) -> None:
    assert "春季欢迎" in page(analyst, "journey")
    assert 'href="/journeys/spring/"' in page(analyst, "journey", version.journey_id)


def test_versions_show_their_canvas(analyst: Client, version: Version) -> None:
    assert "spring v3" in page(analyst, "version")
    assert "138****1234" in page(analyst, "version", version.pk)


def test_a_failed_walk_is_told_without_personal_data(analyst: Client, version: Version) -> None:
    row = WalkError.objects.create(
        shard=1, version_id=version.pk, profile_id=65, at=AT, error="no such phone 13812341234",
        trace="File x\nValueError: a.b@example.com", items=[{"phone": "13812341234"}],
    )  # fmt: skip
    assert "spring v3" in page(analyst, "walkerror")
    for text in (page(analyst, "walkerror"), page(analyst, "walkerror", row.pk)):
        assert "13812341234" not in text
        assert "a.b@example.com" not in text


def test_who_waits_is_shown_as_numbers(analyst: Client, version: Version) -> None:
    row = Chunk.objects.create(shard=1, version_id=version.pk, node=2, kind=0, due_at=AT, profiles=[65, 129, 193])
    assert "spring v3" in page(analyst, "chunk")
    assert ">3<" in page(analyst, "chunk").replace("\n", "").replace(" ", "")
    assert "129" not in page(analyst, "chunk", row.pk)


def test_runs_of_schedules_are_shown(analyst: Client, version: Version) -> None:
    row = ScheduleRun.objects.create(version=version, node=0, at=AT, people=12)
    assert "spring v3" in page(analyst, "schedulerun")
    assert "12" in page(analyst, "schedulerun", row.pk)


@pytest.mark.parametrize("model", ["journey", "version", "walkerror", "schedulerun", "chunk"])
def test_nothing_can_be_changed(client: Client, person: MakePerson, version: Version, model: str) -> None:
    client.force_login(person("chief", is_staff=True, is_superuser=True))
    assert client.get(f"/admin/journeys/{model}/add/").status_code == 403
    keys = {"journey": version.journey_id, "version": version.pk}
    if model in keys:
        assert client.post(f"/admin/journeys/{model}/{keys[model]}/change/", {"name": "x"}).status_code == 403
        assert client.post(f"/admin/journeys/{model}/{keys[model]}/delete/", {"post": "yes"}).status_code == 403
