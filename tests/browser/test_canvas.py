"""The canvas: drawn whole, with figures that move, by mouse, by keyboard and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from channels_out.models import Account
from channels_out.models.count import MessageChange, MessageCount
from itinera.kit import clock
from journeys import actions
from journeys.live import signal_counts
from journeys.models import Journey, Tally
from journeys.models.tally import PORT_GONE, PORT_IN
from tests.browser.conftest import SEE, OpenPage
from tests.integration.screen import sample

pytestmark = pytest.mark.browser
Picture = Callable[[Page, str], None]


def figure(page: Page, name: str) -> str:
    return page.get_by_test_id(name).inner_text()


def moved(slug: str) -> None:
    """The engine's word that figures moved; from a thread, for the browser's driver has a loop in ours."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(signal_counts, slug).result()


def opened(page: Page, slug: str = "welcome") -> Page:
    """The page with its figures there."""
    page.goto(f"/journeys/{slug}/")
    expect(page.get_by_test_id("fresh")).to_have_attribute("data-state", "live")
    return page


def test_every_node_is_drawn_with_its_figures_and_every_way_with_its_people(enter: OpenPage, picture: Picture) -> None:
    sample.walked(sample.published(), entered=1000, waiting=200)
    page = opened(enter(SEE))
    expect(page.locator(".react-flow__node-step")).to_have_count(4)
    expect(page.locator(".react-flow__edge")).to_have_count(4)
    figures = {name: figure(page, name) for name in ("at-d1", "in-d1", "in-t1", "out-c1#yes", "out-c1#no")}
    assert figures == {"at-d1": "200", "in-d1": "500", "in-t1": "1,000", "out-c1#yes": "500", "out-c1#no": "500"}
    whole = {name: figure(page, f"figure-{name}") for name in ("inside", "entered", "goals", "exits", "messages")}
    assert whole == {"inside": "200", "entered": "1,000", "goals": "1", "exits": "800", "messages": "0"}
    picture(page, "canvas")


def test_no_line_runs_behind_a_card(enter: OpenPage) -> None:
    sample.published()
    page = opened(enter(SEE))
    behind = page.evaluate(
        """() => {
            const cards = [...document.querySelectorAll('.react-flow__node')].map((n) => n.getBoundingClientRect())
            return [...document.querySelectorAll('path.way')].flatMap((way) => {
                const at = way.getScreenCTM(), long = way.getTotalLength(), found = []
                for (let i = 0; i <= long; i += 2) {
                    const p = way.getPointAtLength(i).matrixTransform(at)
                    const on = (c) => p.x > c.left + 3 && p.x < c.right - 3 && p.y > c.top + 3 && p.y < c.bottom - 3
                    if (cards.some(on)) found.push(i)
                }
                return found
            }).length
        }"""
    )
    assert behind == 0


def test_figures_move_without_a_reload(enter: OpenPage) -> None:
    journey = sample.published()
    page = opened(enter(SEE))
    assert figure(page, "at-d1") == "0"
    page.evaluate("window.sameDocument = true")
    sample.walked(journey, entered=1000, waiting=200)
    moved(journey.slug)
    expect(page.get_by_test_id("at-d1")).to_have_text("200", timeout=6_000)
    expect(page.get_by_test_id("figure-entered")).to_have_text("1,000")
    sample.walked(journey, entered=10, waiting=5)
    expect(page.get_by_test_id("at-d1")).to_have_text("205", timeout=15_000)
    assert page.evaluate("window.sameDocument") is True


def test_a_step_is_opened_and_left_by_mouse_and_by_keyboard(enter: OpenPage, picture: Picture) -> None:
    sample.walked(sample.published(), entered=1000, waiting=200)
    page = opened(enter(SEE))
    page.locator("#step-c1").click()
    panel = page.get_by_role("dialog")
    expect(panel).to_contain_text("所有人")
    expect(panel).to_contain_text("50%")
    picture(page, "panel")
    panel.get_by_role("button", name="→ 冷静期").click()
    expect(page.get_by_role("dialog", name="冷静期")).to_contain_text("7 天")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#step-d1")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#step-c1")).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_a_step_tells_what_became_of_its_messages_and_who_left_from_it(enter: OpenPage, picture: Picture) -> None:
    Account.objects.create(slug="sms", channel="sms", provider="http_sms", name="sms", is_default=True)
    config = {"channel": "sms", "content": {"text": "欢迎"}}
    message = {"id": "m1", "type": "message", "name": "欢迎短信", "config": config}
    journey = sample.draft(nodes=[sample.NODES[0], message], edges=[{"from": "t1", "port": "next", "to": "m1"}])
    with connection.cursor() as cursor:  # the site keeps the plans of versions that it has seen, by their numbers
        cursor.execute("SELECT setval(pg_get_serial_sequence('version', 'id'), 1000)")
    version = actions.publish(journey, None, clock.now()).pk
    cells = {(0, PORT_IN): 20, (0, 0): 15, (0, PORT_GONE): 5, (1, PORT_IN): 15, (1, 0): 15}
    Tally.objects.bulk_create(
        Tally(shard=1, version_id=version, node=node, port=port, n=n) for (node, port), n in cells.items()
    )
    for table, status, n in ((MessageCount, 3, 10), (MessageChange, 3, 2), (MessageCount, 0, 2), (MessageChange, 0, -2),
                             (MessageChange, 7, 3)):  # fmt: skip
        table._default_manager.create(version_id=version, node=1, status=status, n=n)
    page = opened(enter(SEE))
    page.locator("#step-m1").click()
    expect(page.get_by_test_id("messages")).to_contain_text("消息 15")
    expect(page.get_by_test_id("messages-sent")).to_have_text("已发送1280%")
    expect(page.get_by_test_id("messages-skipped")).to_have_text("已跳过320%")
    expect(page.get_by_test_id("messages-queued")).to_have_count(0)
    picture(page, "panel-messages")
    page.locator("#step-t1").click()
    expect(page.get_by_test_id("messages")).to_have_count(0)
    expect(page.get_by_test_id("gone")).to_have_text("从这一步离开旅程525%")


def test_the_canvas_is_one_stop_of_the_tab_key(enter: OpenPage) -> None:
    sample.published()
    page = opened(enter(SEE))
    expect(page.locator(".step[tabindex='0']")).to_have_count(1)
    expect(page.locator(".react-flow__edge[tabindex]")).to_have_count(0)


def test_a_phone_gets_the_list_of_steps(enter: OpenPage, picture: Picture) -> None:
    sample.walked(sample.published(), entered=1000, waiting=200)
    page = opened(enter(SEE, width=390, height=844))
    expect(page.locator(".outline-step")).to_have_count(4)
    expect(page.locator(".react-flow")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    picture(page, "phone")
    page.locator("#step-d1").click()
    expect(page.get_by_role("dialog")).to_contain_text("7 天")
    picture(page, "phone-panel")
    page.get_by_role("button", name="关闭").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_list_and_canvas_are_two_views_of_the_same(enter: OpenPage, picture: Picture) -> None:
    sample.walked(sample.published(), entered=1000, waiting=200)
    page = opened(enter(SEE))
    page.get_by_text("列表", exact=True).click()
    expect(page.locator(".outline-step")).to_have_count(4)
    assert figure(page, "at-d1") == "200"
    picture(page, "outline")
    page.get_by_text("画布", exact=True).click()
    expect(page.locator(".react-flow__node-step")).to_have_count(4)


def test_a_poisoned_canvas_is_a_card_with_a_warning_and_no_more(enter: OpenPage, picture: Picture) -> None:
    journey = sample.draft()
    strange = {"id": "q", "type": "quantum.leap", "name": "", "config": {"a": [None]}}
    broken = {"id": "b", "type": "branch", "name": "<img src=x onerror=alert(1)>", "config": {"paths": 7}}
    edges = [{"from": "t1", "port": "next", "to": "q"}, {"from": "q", "port": "odd", "to": "b"}]
    draft = {**sample.canvas(), "nodes": [sample.NODES[0], strange, broken], "edges": edges}
    Journey.objects.filter(pk=journey.pk).update(draft=draft)
    page = opened(enter(SEE))
    expect(page.locator("#step-q")).to_contain_text("不认识的步骤类型")
    expect(page.locator("#step-b")).to_contain_text("<img src=x")
    expect(page.locator(".react-flow__node-step")).to_have_count(3)
    picture(page, "poisoned")
