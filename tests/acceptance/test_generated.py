"""Acceptance: generated canvases, people and events; the engine's replay against the oracle's."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.compare import difference
from tests.acceptance.engine import EngineReplay
from tests.acceptance.generated.worlds import world
from tests.acceptance.oracle.replay import replay as oracle_replay

SEEDS = range(40)
MANY = range(1_000, 3_000)


def check(seed: int, folder: Path) -> None:
    """Both replays of a seed's world say the same; `python -m tests.acceptance.smaller SEED` makes the case small."""
    made = world(seed)
    actual = EngineReplay(folder)(made.canvases, **made.given)
    unlike = difference(oracle_replay(made.canvases, **made.given), actual)
    assert unlike is None, f"seed {seed}: {unlike}"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.usefixtures("transactional_db")
def test_the_engine_agrees_with_the_oracle(seed: int, tmp_path: Path) -> None:
    """Any valid canvas, any people, any events."""
    check(seed, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("seed", MANY)
@pytest.mark.usefixtures("transactional_db")
def test_the_engine_agrees_with_the_oracle_for_long(seed: int, tmp_path: Path) -> None:
    """The same, thousands of times."""
    check(seed, tmp_path)
