"""The three canvases: publishable, Chinese, and what they say may be sent."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.management import call_command

from channels_out.render import compile_content
from itinera.demo import brand, history
from itinera.demo.orders import ZONE
from journeys.canvas.problems import check
from journeys.canvas.world import NullWorld

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
ATTRIBUTES = {each["name"] for each in json.loads(brand.WORKSPACE.read_text())["catalogue"]["attributes"]}


def _messages(slug: str) -> list[dict[str, Any]]:
    return [node["config"] for node in brand.canvas(slug)["nodes"] if node["type"] == "message"]


@pytest.mark.parametrize("slug", brand.JOURNEYS)
def test_the_file_can_be_published(slug: str) -> None:
    call_command("check_canvas", brand.HERE / "canvases" / f"{slug}.json")


def test_so_can_winback_with_its_first_run() -> None:
    document = brand.with_first_run(brand.canvas("winback"), NOW)
    assert check(document, NullWorld((NOW.date() - date(1970, 1, 1)).days)) == []
    assert sum(node["type"] == "trigger.schedule" for node in document["nodes"]) == 2
    assert len(brand.canvas("winback")["nodes"]) + 1 == len(document["nodes"])


@pytest.mark.parametrize("slug", brand.JOURNEYS)
def test_each_is_a_journey_of_some_size_with_chinese_names(slug: str) -> None:
    document = brand.canvas(slug)
    assert 8 <= len(document["nodes"]) <= 14
    assert all(re.search("[\u4e00-\u9fff]|T\\+", node["name"]) for node in document["nodes"])


@pytest.mark.parametrize("slug", brand.JOURNEYS)
def test_marketing_says_who_it_is_from_and_how_to_stop_it(slug: str) -> None:
    for message in _messages(slug):
        content = message["content"]
        marketing = message.get("category", "marketing") == "marketing"
        if message["channel"] == "sms":
            assert content["text"].startswith("【云间唱片】")
            assert content["text"].endswith("退订回T") == marketing
        else:
            assert ("退订" in content["text"]) == ("退订" in content["html"]) == marketing


@pytest.mark.parametrize("slug", brand.JOURNEYS)
def test_no_message_is_lost_for_want_of_a_variable(slug: str) -> None:
    """Everything asked for has a default, or is a property that every order has."""
    properties = {"amount", "quantity", "first"}
    for message in _messages(slug):
        content = compile_content(message["channel"], message["content"])
        for namespace, name in content.variables:
            assert name in (ATTRIBUTES if namespace == "profile" else properties)
        columns = {each: [None if each[0] == "profile" else 3] for each in content.variables}
        (rendered,) = content.render(columns, 1)
        assert rendered is not None
        assert not any("{{" in part for part in rendered.values())


def test_what_people_are_made_of_is_in_the_catalogue() -> None:
    last_day = history.yesterday(NOW)
    assert last_day == NOW.astimezone(ZONE).date().replace(day=21)
    line = next(history.customer_profiles(last_day))
    assert set(line["attributes"]) <= ATTRIBUTES
