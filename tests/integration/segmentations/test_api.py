"""Segmentations over HTTP: made, run, read in figures, their people kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from audiences import asking, membership
from audiences.models import Audience, Profile, Segmentation
from itinera.access.roles import keep_roles
from itinera.kit import jobs
from itinera.kit.models import AuditEntry
from itinera.kit.wire import django_cursor
from tests.integration.audiences.conftest import NOW, World
from tests.integration.segmentations.conftest import run, segmentation

API = "/api/v1/segmentations"
STAGES = {
    "stages": [
        {"slug": "other", "label": "其他"},
        {"slug": "fan", "label": "粉丝", "rule": {"attribute": "fan", "op": "eq", "value": True}},
    ]
}
ENTRY = {"slug": "stages", "name": "生命周期", "type": "lifecycle", "config": STAGES}


@pytest.fixture
def operator(client: Client, db: None) -> Client:
    keep_roles()
    account = User.objects.create_user("op")
    account.groups.add(Group.objects.get(name="operator"))
    client.force_login(account)
    return client


@pytest.fixture
def people(world: World) -> list[int]:
    return [world.person({"fan": fan}) for fan in (False, True, True)]


def post(client: Client, address: str, body: Any) -> Any:
    return client.post(address, body, content_type="application/json")


def test_one_is_made_changed_and_given_up(operator: Client, people: list[int]) -> None:
    made = post(operator, API, ENTRY)
    assert (made.status_code, made.json()["segmentation"]["every"]) == (201, "0 2 * * *")
    assert made.json()["problems"][0]["code"] == "unknown_attribute"
    assert post(operator, API, ENTRY).status_code == 409
    row = Segmentation.objects.get()
    assert (row.created_by and row.created_by.username, row.kind) == ("op", "consumer")

    body = {"name": "阶段", "config": STAGES, "every": None}
    changed = operator.put(f"{API}/stages", body, content_type="application/json").json()["segmentation"]
    assert (changed["name"], changed["every"], changed["latest"]) == ("阶段", None, None)
    assert operator.put(f"{API}/stages", {}, content_type="application/json").status_code == 400
    assert operator.get(API).json()["results"][0]["slug"] == "stages"

    assert operator.delete(f"{API}/stages").status_code == 403
    operator.force_login(User.objects.create_superuser("boss"))
    assert operator.delete(f"{API}/stages").status_code == 204
    assert operator.get(f"{API}/stages").status_code == 404


def test_it_is_run_and_read_in_figures(operator: Client, people: list[int]) -> None:
    post(operator, API, ENTRY)
    assert operator.get(f"{API}/stages/cells").json()["code"] == "no_snapshot"
    job = post(operator, f"{API}/stages/run", {})
    assert (job.status_code, job.json()["state"]) == (202, "queued")
    assert post(operator, f"{API}/stages/run", {}).json()["id"] == job.json()["id"]
    jobs.run(NOW)
    Profile.objects.filter(pk=people[1]).update(attributes={})
    run(Segmentation.objects.get(), NOW + timedelta(days=1))

    told = operator.get(f"{API}/stages/cells").json()
    assert [(each["label"], each["stock"], each["before"], each["change"]) for each in told["cells"]] == [
        ("其他", 2, 1, 1.0), ("粉丝", 1, 2, -0.5),
    ]  # fmt: skip
    assert told["cells"][1]["stock_ratio"] == 0.5
    assert "存量" in told["definitions"]["stock"]

    moved = operator.get(f"{API}/stages/flow", {"from": "2026-03-15", "to": "2026-03-16"}).json()
    assert (moved["from"]["day"], moved["to"]["day"]) == ("2026-03-15", "2026-03-16")
    assert moved["moves"] == [[1, 0, 0], [1, 1, 0], [0, 0, 0]]
    assert moved["rates"] == [[1.0, 0.0, 0.0], [0.5, 0.5, 0.0], [None, None, None]]
    assert [each["stock"] for each in moved["rows"]] == [1, 2, None]
    days = operator.get(f"{API}/stages/history").json()["days"]
    assert [day["stocks"] for day in days] == [{"other": 1, "fan": 2}, {"other": 2, "fan": 1}]

    person = operator.get(f"{API}/stages/people/{people[2]}").json()
    assert (person["cell"], person["standing"]["facts"][0]["value"]) == ("fan", True)
    assert operator.get(f"{API}/stages/people/0").status_code == 404


def test_the_people_behind_a_figure_become_an_audience(operator: Client, people: list[int]) -> None:
    found = segmentation("lifecycle", STAGES, slug="stages")
    run(found)
    Profile.objects.filter(pk=people[1]).update(attributes={})
    run(found, NOW + timedelta(days=1))

    def kept(slug: str, **spots: Any) -> Any:
        answer = post(operator, f"{API}/stages/people", {"slug": slug, "name": slug, **spots})
        if answer.status_code != 201:
            return answer.json()["code"]
        row = Audience.objects.get(slug=slug)
        return sorted(membership.load(django_cursor(), [row.pk])[row.pk].ids().tolist())

    first, last = {"day": "2026-03-15", "cell": "fan"}, {"day": "2026-03-16", "cell": "other"}
    assert kept("fans", at=first) == people[1:]
    assert kept("gone-cold", at=first, then=last) == [people[1]]
    assert kept("vanished", at=first, then={"day": "2026-03-16", "cell": None}) == []
    assert kept("fans", at=first) == "already_there"
    assert kept("no-cell", at={"day": "2026-03-15", "cell": "x"}) == "unknown_cell"
    assert kept("no-day", at={"day": "2026-03-14", "cell": "fan"}) == "no_snapshot"
    assert kept("nobody", at={"day": "2026-03-15", "cell": None}) == "missing_key"
    assert AuditEntry.objects.filter(verb="audience.create").count() == 3
    assert Audience.objects.get(slug="gone-cold").definition == {
        "members": {"source": "stages:fan 2026-03-15 → stages:other 2026-03-16"}
    }


@pytest.mark.parametrize(
    ("address", "code"),
    [("cells?day=soon", "wrong_value"), ("cells?day=2026-02-30", "wrong_value"), ("flow", "missing_key")],
)
def test_days_that_are_none_are_refused(operator: Client, people: list[int], address: str, code: str) -> None:
    run(segmentation("lifecycle", STAGES, slug="stages"))
    answer = operator.get(f"{API}/stages/{address}")
    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ([], None),
        ({**ENTRY, "slug": "Ä"}, "slug"),
        ({**ENTRY, "type": "x"}, "type"),
        ({**ENTRY, "every": "* *"}, "every"),
        ({**ENTRY, "config": {"stages": [STAGES["stages"][0], {"slug": "a", "label": "a", "rule": {"audience": "x"}}]}},
         "config.stages[1].rule.audience"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(operator: Client, world: World, body: Any, path: str | None) -> None:
    answer = post(operator, API, body)
    assert (answer.status_code, answer.json().get("path")) == (400, path)
    assert not Segmentation.objects.exists()


def test_the_types_are_told_with_the_schema_of_their_settings(operator: Client) -> None:
    told = {each["type"]: each for each in operator.get("/api/v1/segmentation-types").json()}
    assert set(told) == {"rfm", "lifecycle", "grid"}
    assert told["rfm"]["schema"]["properties"].keys() >= {"purchase", "bands", "leads", "window"}
    assert (told["lifecycle"]["label"], told["lifecycle"]["ordered"]) == ("生命周期", True)


def test_an_audience_that_a_stage_asks_for_does_not_go_away(world: World) -> None:
    Audience.objects.create(slug="vip", name="vip", definition={"rule": {"attribute": "a", "op": "is_set"}})
    stages = [{"slug": "other", "label": "o"}, {"slug": "vip", "label": "v", "rule": {"audience": "vip"}}]
    segmentation("lifecycle", {"stages": stages}, slug="stages")
    assert asking.askers_of("vip") == ["分层模型 stages"]
