"""The canvas fits its window, when the window changes too, until the reader has moved the view herself."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import PATIENCE, SEE, OpenPage
from tests.browser.test_canvas import opened
from tests.integration.screen import sample

pytestmark = pytest.mark.browser
WIDE, NARROW, LOW = (ViewportSize(width=w, height=h) for w, h in ((1440, 900), (800, 900), (1440, 600)))
WAYS = 5


@pytest.fixture
def board(enter: OpenPage) -> Page:
    """A journey too wide for a narrow window: five ways side by side."""
    ways = [{"id": f"w{n}", "percent": 20} for n in range(WAYS)]
    split = {"id": "s1", "type": "split.random", "name": "", "config": {"ways": ways}}
    steps = [{"id": f"e{n}", "type": "exit", "name": f"第 {n} 路", "config": {}} for n in range(WAYS)]
    edges = [{"from": "t1", "port": "next", "to": "s1"}]
    edges += [{"from": "s1", "port": f"w{n}", "to": f"e{n}"} for n in range(WAYS)]
    sample.draft(nodes=[sample.NODES[0], split, *steps], edges=edges)
    page = enter(SEE)
    page.goto("/journeys/welcome/")
    drawn(page, 2 + WAYS)
    return page


def drawn(page: Page, steps: int) -> None:
    expect(page.locator(".react-flow__node-step")).to_have_count(steps, timeout=PATIENCE)
    # Before the first look the view is where React Flow begins.
    page.wait_for_function(
        "() => !document.querySelector('.react-flow__viewport').style.transform.includes('(0px, 0px)')"
    )


def zoom(page: Page) -> int:
    return int(page.locator(".zoom-level").inner_text().rstrip("%"))


def reach(page: Page) -> tuple[float, float, float, float]:
    """How far the steps lie from the left, right, top and bottom of the canvas, in pixels."""
    found = page.evaluate(
        """() => {
            const board = document.querySelector('.canvas').getBoundingClientRect()
            const cards = [...document.querySelectorAll('.step')].map((card) => card.getBoundingClientRect())
            const least = (of) => Math.min(...cards.map(of))
            return [least((c) => c.left - board.left), least((c) => board.right - c.right),
                    least((c) => c.top - board.top), least((c) => board.bottom - c.bottom)]
        }"""
    )
    left, right, top, bottom = found
    return left, right, top, bottom


def settled(page: Page) -> tuple[float, float, float, float]:
    """The same, once nothing moves any more."""
    before, found = None, reach(page)
    while before != found:
        page.wait_for_timeout(150)
        before, found = found, reach(page)
    return found


def resized(page: Page, size: ViewportSize) -> None:
    page.set_viewport_size(size)
    settled(page)


def test_a_narrowed_window_is_fitted_as_it_would_be_when_opened(board: Page) -> None:
    wide = zoom(board), settled(board)
    resized(board, NARROW)
    narrowed = zoom(board), reach(board)
    board.reload()
    drawn(board, 2 + WAYS)
    assert narrowed[1] == pytest.approx(settled(board), abs=1)
    assert narrowed[0] == zoom(board)
    assert narrowed[0] < wide[0]
    resized(board, WIDE)
    assert zoom(board) == wide[0]
    assert reach(board) == pytest.approx(wide[1], abs=1)


def test_what_was_fitted_whole_stays_whole(board: Page) -> None:
    board.get_by_role("button", name="适应画布").click()
    for size in (NARROW, LOW, WIDE):
        resized(board, size)
        assert min(reach(board)) > 0


def test_the_readers_own_view_stays(board: Page) -> None:
    board.get_by_role("button", name="放大").click()
    own = zoom(board)
    resized(board, NARROW)
    assert zoom(board) == own
    board.get_by_role("button", name="适应画布").click()
    resized(board, LOW)
    assert min(reach(board)) > 0, "fitted anew by her, it is kept fitted again"
    board.mouse.move(700, 400)
    board.mouse.wheel(0, 120)  # pans
    left = settled(board)[0]
    resized(board, NARROW)
    assert reach(board)[0] == pytest.approx(left, abs=1)


def test_a_panel_that_opens_moves_nothing(board: Page) -> None:
    board.get_by_role("button", name="适应画布").click()
    settled(board)
    before = board.locator("#step-s1").bounding_box()
    board.locator("#step-s1").click()
    expect(board.get_by_role("dialog")).to_be_visible()
    settled(board)
    after = board.locator("#step-s1").bounding_box()
    assert (before, after) != (None, None)
    assert before == pytest.approx(after, abs=1)


def test_opened_pages_still_start_at_the_trigger(enter: OpenPage) -> None:
    sample.published()
    page = opened(enter(SEE))
    drawn(page, 4)
    assert settled(page)[2] == pytest.approx(32, abs=1)
