"""Every test of merging ends with nobody's rows left behind, and with counters that equal the rows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from journeys.engine.plans import PLANS
from tests.integration.engine import reconcile
from tests.integration.oneid import scene


@pytest.fixture(autouse=True)
def whole(transactional_db: None) -> Iterator[None]:
    """The database is whole at the end."""
    PLANS.forget()
    yield
    assert scene.ghosts() == {}
    assert scene.astray() == {}
    assert reconcile.differences() == []
