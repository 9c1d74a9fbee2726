"""Acceptance: kill -9 of a worker, of beat, of the broker and of the database while events come in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.harness import Plan, crash
from tests.crash.run import table

pytestmark = pytest.mark.stack


@pytest.mark.timeout(300)
def test_nobody_is_lost_and_nobody_is_messaged_twice(folder: Path) -> None:
    outcome = crash(folder, Plan(events=1_200, seconds=8, kills=1))
    assert not outcome.problems, table(outcome)


@pytest.mark.soak
@pytest.mark.timeout(1_200)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_same_with_twenty_thousand(folder: Path, seed: int) -> None:
    outcome = crash(folder, Plan(events=20_000, seconds=90, kills=5, seed=seed))
    assert not outcome.problems, table(outcome)
