"""Server pages: the list of journeys and the frame of the canvas."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from journeys.models import Journey
from tests.integration.screen import sample
from tests.integration.screen.conftest import SEE

Known = Callable[..., Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def not_built(settings: Settings, tmp_path: Path) -> None:
    """An installation whose canvas was never built."""
    settings.DJANGO_VITE = {"default": {"dev_mode": False, "manifest_path": tmp_path / "manifest.json"}}


@pytest.mark.parametrize("path", ["/", "/journeys/", "/journeys/welcome/"])
def test_strangers_are_led_to_the_log_in_and_the_rightless_refused(path: str, known: Known, client: Client) -> None:
    sample.published()
    asked = client.get(path)
    assert (asked.status_code, asked["Location"].split("?")[0]) == (302, "/login/")
    assert known().get(path).status_code == 403


def test_the_start_leads_to_the_journeys(known: Known) -> None:
    assert known(SEE).get("/")["Location"] == "/journeys/"


def test_the_list_shows_figures_over_all_versions(known: Known) -> None:
    sample.walked(sample.published(), entered=12_000, waiting=3_000)
    sample.draft("alone", name="沉默召回")
    page = known(SEE).get("/journeys/").content.decode()
    for shown in ("新客欢迎", "运行中", "3,000", "沉默召回", "草稿"):
        assert shown in page


def test_the_list_finds_by_name_slug_and_status(known: Known) -> None:
    sample.draft("alone", name="沉默召回")
    sample.published("welcome")
    client = known(SEE)

    def found(**query: str) -> list[bool]:
        page = client.get("/journeys/", query).content.decode()
        return ["沉默召回" in page, "新客欢迎" in page]

    assert found(q="沉默") == [True, False]
    assert found(q="WELC") == [False, True]
    assert found(status="draft") == [True, False]
    assert found(status="no such") == [True, True]
    assert "没有符合的旅程" in client.get("/journeys/", {"q": "zzz"}).content.decode()


def test_an_empty_workspace_says_what_to_do(known: Known) -> None:
    assert "还没有旅程" in known(SEE).get("/journeys/").content.decode()


def test_a_name_cannot_become_markup(known: Known) -> None:
    sample.draft(name="<script>alert(1)</script>")
    assert "<script>alert" not in known(SEE).get("/journeys/").content.decode()


@pytest.mark.usefixtures("not_built")
def test_without_a_built_canvas_the_page_says_so(known: Known) -> None:
    sample.published()
    answer = known(SEE).get("/journeys/welcome/")
    assert answer.status_code == 200
    assert "画布尚未构建" in answer.content.decode()


@pytest.mark.usefixtures("not_built")
def test_no_journey_no_page(known: Known) -> None:
    client = known(SEE)
    assert client.get("/journeys/ghost/").status_code == 404
    assert client.get("/journeys/No%20Slug/").status_code == 404


def test_english_is_complete(known: Known) -> None:
    sample.published()
    client = known(SEE)
    client.post("/language/", {"language": "en"})
    page = client.get("/journeys/").content.decode()
    assert 'lang="en"' in page
    for word in ("Journeys", "Inside now", "Published", "Log out"):
        assert word in page


def test_the_list_costs_the_same_for_many_journeys(
    known: Known, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(12):
        sample.draft(f"j{number}")
    client = known(SEE)
    with django_assert_max_num_queries(14):  # type: ignore[attr-defined]
        client.get("/journeys/")
    assert Journey.objects.count() == 12
