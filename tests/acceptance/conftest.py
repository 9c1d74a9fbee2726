"""The `replay` fixture: every case of the contract is asked of the oracle and of the engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.engine import EngineReplay
from tests.acceptance.oracle.replay import replay as oracle_replay
from tests.acceptance.run import Replay


@pytest.fixture(params=["oracle", pytest.param("engine", marks=pytest.mark.django_db(transaction=True))])
def replay(request: pytest.FixtureRequest, tmp_path: Path) -> Replay:
    """Either of the two; a case that passes with one only shows which reading of the contract is wrong."""
    if request.param == "oracle":
        return oracle_replay
    return EngineReplay(tmp_path)
