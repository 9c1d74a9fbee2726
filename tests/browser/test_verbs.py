"""Publish, pause, resume from the screen; and what is shown when something is wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, Route, expect

from journeys import actions
from journeys.models import Journey
from tests.browser.conftest import PAUSE, PUBLISH, SEE, OpenPage
from tests.browser.test_canvas import opened
from tests.integration.screen import sample

pytestmark = pytest.mark.browser
Picture = Callable[[Page, str], None]


def answer(page: Page, verb: str) -> None:
    page.get_by_role("dialog").get_by_role("button", name=verb, exact=True).click()


def test_pausing_tells_whom_it_stops_and_resuming_goes_on(enter: OpenPage, picture: Picture) -> None:
    sample.walked(sample.published(), entered=1000, waiting=200)
    page = opened(enter(SEE, PAUSE))
    page.get_by_role("button", name="暂停").click()
    expect(page.get_by_role("dialog")).to_contain_text("旅程中的 200 人会停在原地")
    picture(page, "pause")
    answer(page, "取消")
    assert Journey.objects.get().status == "published"
    page.get_by_role("button", name="暂停").click()
    answer(page, "暂停")
    expect(page.get_by_test_id("status")).to_have_text("已暂停")
    assert Journey.objects.get().status == "paused"
    page.get_by_role("button", name="恢复").click()
    answer(page, "恢复")
    expect(page.get_by_test_id("status")).to_have_text("运行中")
    assert Journey.objects.get().status == "published"


def test_a_draft_is_published_from_the_screen(enter: OpenPage) -> None:
    sample.draft()
    page = opened(enter(SEE, PUBLISH))
    expect(page.get_by_test_id("status")).to_have_text("草稿")
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_role("dialog")).to_contain_text("开始进入旅程")
    answer(page, "发布")
    expect(page.get_by_test_id("status")).to_have_text("运行中")
    expect(page.get_by_text("第 1 版")).to_be_visible()
    expect(page.get_by_test_id("at-d1")).to_have_text("0")


def test_a_draft_with_problems_is_not_published_and_leads_to_the_step(enter: OpenPage, picture: Picture) -> None:
    edges = [{"from": source, "port": port, "to": target} for source, port, target in sample.EDGES]
    nodes = [*sample.NODES, {"id": "m1", "type": "message", "name": "短信", "config": {"channel": "sms"}}]
    journey = sample.draft()
    draft = {**sample.canvas(), "nodes": nodes, "edges": [*edges, {"from": "d1", "port": "next", "to": "m1"}]}
    Journey.objects.filter(pk=journey.pk).update(draft=draft)
    page = opened(enter(SEE, PUBLISH))
    page.get_by_role("button", name="发布").click()
    dialog = page.get_by_role("dialog", name="请先解决这些问题")
    expect(dialog.get_by_role("listitem").first).to_be_visible()
    picture(page, "problems")
    dialog.get_by_role("button", name="短信").first.click()
    expect(page.get_by_role("dialog", name="步骤详情：短信")).to_be_visible()
    assert Journey.objects.get().status == "draft"


def test_who_may_only_look_finds_no_buttons(enter: OpenPage) -> None:
    sample.published()
    page = opened(enter(SEE))
    for verb in ("发布", "暂停", "恢复"):
        expect(page.get_by_role("button", name=verb)).to_have_count(0)


def test_what_somebody_else_does_is_noticed(enter: OpenPage) -> None:
    journey = sample.published()
    page = opened(enter(SEE))
    actions.pause(journey, None)
    expect(page.get_by_test_id("status")).to_have_text("已暂停", timeout=15_000)


def test_a_server_in_trouble_is_told_and_tried_again(enter: OpenPage, picture: Picture) -> None:
    sample.published()
    page = enter(SEE, expected=("500",))
    broken = [True]

    def serve(route: Route) -> None:
        if broken[0]:
            route.fulfill(status=500, body="<html>oops</html>")
        else:
            route.continue_()

    page.route("**/api/v1/journeys/welcome", serve)
    page.goto("/journeys/welcome/")
    expect(page.get_by_role("alert")).to_contain_text("旅程没能打开")
    picture(page, "failed")
    broken[0] = False
    page.get_by_role("button", name="重试").click()
    expect(page.locator(".react-flow__node-step")).to_have_count(4)


def test_without_a_wire_figures_are_asked_for_and_the_page_says_so(enter: OpenPage, picture: Picture) -> None:
    sample.walked(sample.published(), entered=1000, waiting=200)
    page = enter(SEE)
    page.route_web_socket("**/ws/**", lambda wire: wire.close(code=1011))
    page.goto("/journeys/welcome/")
    expect(page.get_by_test_id("fresh")).to_have_attribute("data-state", "polling")
    expect(page.get_by_test_id("at-d1")).to_have_text("200")
    picture(page, "polling")


def test_a_lost_session_is_told(enter: OpenPage, picture: Picture) -> None:
    sample.published()
    page = opened(enter(SEE))
    Session.objects.all().delete()
    expect(page.get_by_test_id("fresh")).to_have_attribute("data-state", "signedOut", timeout=15_000)
    picture(page, "signed-out")
