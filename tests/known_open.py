"""Tests that name a defect which is still open: they are run, told as expected failures, and listed here alone.

Whoever mends one takes its line away.
"""

from __future__ import annotations

import pytest

OPEN = {
    "tests/browser/test_canvas.py::test_a_step_tells_what_became_of_its_messages_and_who_left_from_it": (
        "the panel of a step does not show its messages since pages share one build"
    ),
    "tests/browser/test_fitting.py::test_what_was_fitted_whole_stays_whole": "the canvas is fitted too large",
    "tests/browser/test_fitting.py::test_the_readers_own_view_stays": "the canvas is fitted too large",
    "tests/integration/engine/test_claim.py::"
    "test_a_snapshot_older_than_another_wave_collides_instead_of_walking_twice": "fails beside others, passes alone",
    "tests/concurrency/engine/test_counts.py::test_the_check_may_be_asked_while_everything_moves": (
        "fails beside others, passes alone"
    ),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark them."""
    for item in items:
        if reason := OPEN.get(item.nodeid):
            item.add_marker(pytest.mark.xfail(reason=reason, strict=False))
