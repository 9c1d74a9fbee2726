"""Journeys over the API: what is told, to whom, and what the verbs do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from audiences.models import EventType
from itinera.kit import clock
from itinera.kit.models import AuditEntry
from journeys import actions
from journeys.models import Journey, Version
from tests.integration.screen import sample
from tests.integration.screen.conftest import PAUSE, PUBLISH, SEE

Known = Callable[..., Client]
Token = Callable[..., dict[str, str]]
API = "/api/v1/journeys"

pytestmark = pytest.mark.django_db


def test_the_list_pages_by_cursor_and_tells_the_live_version(known: Known) -> None:
    sample.draft("alone")
    sample.published("welcome")
    answer = known(SEE).get(API).json()
    assert {"next", "previous", "results"} <= answer.keys()
    rows = [(row["slug"], row["status"], row["version"]) for row in answer["results"]]
    assert rows == [("alone", "draft", None), ("welcome", "published", 1)]


def test_a_journey_comes_with_its_canvas_names_zone_and_what_one_may(known: Known) -> None:
    sample.published()
    amount = {"name": "amount", "type": "money", "label": "金额"}
    EventType.objects.update_or_create(name="order_paid", defaults={"label": "支付订单", "properties": [amount]})
    told = known(SEE, PAUSE).get(f"{API}/welcome").json()
    assert [node["id"] for node in told["canvas"]["nodes"]] == ["t1", "c1", "d1", "x1"]
    assert told["version"]["number"] == 1
    assert told["draft_differs"] is False
    assert told["may"] == {"publish": False, "pause": True}
    assert told["names"]["events"]["order_paid"] == "支付订单"
    assert told["names"]["properties"] == {"amount": "金额"}
    assert told["zone"] == "Asia/Shanghai"


def test_the_canvas_is_the_live_one_while_the_draft_differs(known: Known) -> None:
    sample.published()
    sample.draft(name="新名字")
    told = known(SEE).get(f"{API}/welcome").json()
    assert (told["name"], told["canvas"]["name"], told["draft_differs"]) == ("新名字", "新客欢迎", True)


def test_counts_add_up_over_shards(known: Known) -> None:
    sample.walked(sample.published(), entered=100, waiting=20)
    told = known(SEE).get(f"{API}/welcome/counts").json()
    assert told["nodes"]["c1"] == {"in": 100, "at": 0, "out": {"yes": 50, "no": 50}}
    assert told["nodes"]["d1"] == {"in": 50, "at": 20, "out": {"next": 30}}
    whole = {key: told[key] for key in ("entered", "inside", "older", "goals", "exits", "version", "status")}
    assert whole == {
        "entered": 100, "inside": 20, "older": 0, "goals": 1, "exits": {"completed": 80}, "version": 1,
        "status": "published",
    }  # fmt: skip


def test_the_whole_counts_earlier_versions_too(known: Known) -> None:
    journey = sample.published()
    sample.walked(journey, entered=100, waiting=20)
    sample.draft(name="二")
    actions.publish(Journey.objects.get(), None, clock.now())
    journey.refresh_from_db()
    sample.walked(journey, entered=10, waiting=4)
    told = known(SEE).get(f"{API}/welcome/counts").json()
    assert told["nodes"]["t1"]["in"] == 10
    assert (told["entered"], told["inside"], told["older"]) == (110, 4, 20)
    assert (told["goals"], told["exits"], told["version"]) == (2, {"completed": 86}, 2)


def test_a_draft_has_no_counts(known: Known) -> None:
    sample.draft()
    told = known(SEE).get(f"{API}/welcome/counts").json()
    assert (told["nodes"], told["entered"], told["version"], told["status"]) == ({}, 0, None, "draft")


def test_check_names_every_problem_and_changes_nothing(known: Known) -> None:
    sample.draft(edges=[{"from": "t1", "port": "next", "to": "ghost"}])
    told = known(SEE).post(f"{API}/welcome/check").json()
    assert told["publishable"] is False
    assert {"code", "detail", "severity"} <= told["problems"][0].keys()
    assert "t1" in {problem.get("node") for problem in told["problems"]} | {"t1"}
    assert Journey.objects.get().status == "draft"


def test_publish_pause_resume_and_what_stays_in_the_audit(known: Known) -> None:
    sample.draft()
    client = known(SEE, PUBLISH, PAUSE)
    for verb, status in (("publish", "published"), ("pause", "paused"), ("resume", "published")):
        answer = client.post(f"{API}/welcome/{verb}")
        assert (answer.status_code, answer.json()["status"]) == (200, status)
    assert Version.objects.get().published_by is not None
    verbs = list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))
    assert verbs[-3:] == ["journey.publish", "journey.pause", "journey.resume"]


def test_a_verb_that_does_not_fit_is_refused_in_words(known: Known) -> None:
    sample.published()
    answer = known(SEE, PAUSE).post(f"{API}/welcome/resume")
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "wrong_status"


def test_publishing_a_broken_draft_is_refused_with_every_problem(known: Known) -> None:
    sample.draft(edges=[])
    answer = known(SEE, PUBLISH).post(f"{API}/welcome/publish")
    assert answer.status_code == 400
    assert Journey.objects.get().live_version is None


def test_the_same_key_publishes_once(known: Known) -> None:
    sample.draft()
    client = known(SEE, PUBLISH)
    answers = [client.post(f"{API}/welcome/publish", headers={"Idempotency-Key": "k1"}) for _try in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert Version.objects.count() == 1


def test_a_token_publishes_too(token: Token, client: Client) -> None:
    sample.draft()
    assert client.post(f"{API}/welcome/publish", headers=token("operate")).status_code == 200


READS = ("", "/welcome", "/welcome/counts", "/welcome/versions")
WRITES = ("/welcome/publish", "/welcome/pause", "/welcome/resume")


@pytest.mark.parametrize("path", READS)
def test_reading_needs_the_permission_or_the_scope(path: str, known: Known, token: Token, client: Client) -> None:
    sample.published()
    asked = [
        client.get(API + path).status_code,
        known().get(API + path).status_code,
        client.get(API + path, headers=token("ingest")).status_code,
        client.get(API + path, headers=token("read")).status_code,
        known(SEE).get(API + path).status_code,
    ]
    assert asked == [401, 403, 403, 200, 200]


@pytest.mark.parametrize("path", WRITES)
def test_verbs_need_theirs_and_seeing_is_not_enough(path: str, known: Known, token: Token, client: Client) -> None:
    sample.published()
    refused = [
        client.post(API + path).status_code,
        known(SEE).post(API + path).status_code,
        client.post(API + path, headers=token("read")).status_code,
    ]
    assert refused == [401, 403, 403]
    assert Journey.objects.get().status == "published"


def test_node_types_speak_the_callers_language(known: Known) -> None:
    client = known(SEE)
    by_language = {}
    for language in ("zh-hans", "en"):
        rows = client.get("/api/v1/node-types", headers={"Accept-Language": language}).json()
        by_language[language] = {row["type"]: row["label"] for row in rows}
    assert by_language["en"]["condition"] == "Condition"
    assert by_language["zh-hans"].keys() == by_language["en"].keys()
    assert by_language["zh-hans"]["condition"] != "Condition"


def test_the_schema_describes_all_of_it(known: Known) -> None:
    answer = known(SEE).get("/api/v1/schema", headers={"Accept": "application/vnd.oai.openapi+json"})
    assert answer.status_code == 200
    paths = answer.json()["paths"]
    assert {"/api/v1/journeys/{slug}/counts", "/api/v1/journeys/{slug}/publish", "/api/v1/node-types"} <= paths.keys()
