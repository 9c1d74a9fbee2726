"""Coming in: log-in, the list of journeys, and those who may not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, SEE, MakePerson, OpenPage
from tests.integration.screen import sample

pytestmark = pytest.mark.browser
Picture = Callable[[Page, str], None]


def test_somebody_logs_in_sees_the_journeys_and_logs_out(
    window: OpenPage, person: MakePerson, picture: Picture
) -> None:
    person("lin", SEE)
    sample.walked(sample.published(), entered=12_000, waiting=3_000)
    sample.draft("alone", name="沉默召回")
    page = window()
    page.goto("/journeys/welcome/")
    page.get_by_label("账号").or_(page.locator("#id_username")).first.fill("lin")
    page.locator("#id_password").fill(PASSWORD)
    picture(page, "login")
    page.locator("form button.button-main").click()
    expect(page.locator("[data-testid=status]")).to_have_text("运行中")
    page.get_by_role("link", name="旅程", exact=True).click()
    expect(page.get_by_role("row")).to_have_count(3)
    expect(page.get_by_role("row", name="新客欢迎")).to_contain_text("3,000")
    picture(page, "list")
    page.get_by_role("button", name="退出登录").click()
    page.goto("/journeys/")
    expect(page).to_have_url("/login/?next=/journeys/")


def test_the_list_is_searched_and_fits_a_phone(enter: OpenPage, picture: Picture) -> None:
    sample.published()
    sample.draft("alone", name="沉默召回")
    page = enter(SEE, width=390, height=844)
    page.goto("/journeys/")
    picture(page, "list-phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("searchbox").fill("沉默")
    page.get_by_role("button", name="搜索").click()
    expect(page.get_by_role("link", name="沉默召回")).to_be_visible()
    expect(page.get_by_role("link", name="新客欢迎")).to_have_count(0)
    page.goto("/journeys/?q=nothing")
    expect(page.get_by_role("heading", name="没有符合的旅程")).to_be_visible()
    picture(page, "list-none")


def test_strangers_log_in_first_and_the_rightless_are_refused(enter: OpenPage, window: OpenPage) -> None:
    sample.published()
    stranger = window()
    stranger.goto("/journeys/welcome/")
    expect(stranger).to_have_url("/login/?next=/journeys/welcome/")
    rightless = enter(expected=("403",))
    answer = rightless.goto("/journeys/welcome/")
    assert answer is not None
    assert answer.status == 403
    expect(rightless.get_by_role("alert")).to_be_visible()


def test_english_is_a_switch_away_and_complete(enter: OpenPage, picture: Picture) -> None:
    sample.walked(sample.published(), entered=100, waiting=20)
    page = enter(SEE)
    page.goto("/journeys/welcome/")
    page.get_by_role("button", name="English").click()
    expect(page.locator("[data-testid=status]")).to_have_text("Running")
    expect(page.locator("#step-d1")).to_contain_text("Wait 7 days")
    page.locator("#step-c1").click()
    expect(page.get_by_role("dialog")).to_contain_text("everybody")
    picture(page, "english")
    words = page.locator("body").inner_text()
    ours = {"新客欢迎", "下单", "冷静期", "简体中文"}
    foreign = {letter for letter in words if "\u4e00" <= letter <= "\u9fff"} - set("".join(ours))
    assert foreign == set()
