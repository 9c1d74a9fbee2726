"""What every test of the waves starts from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from journeys.engine.plans import PLANS
from tests.integration.engine import reconcile, scene


@pytest.fixture(autouse=True)
def plans(transactional_db: None) -> None:
    """Plans are kept per process by version id; each test's database numbers its versions anew."""
    PLANS._plans.clear()


@pytest.fixture
def accounts(plans: None) -> None:
    scene.accounts()


@pytest.fixture
def balanced(plans: None) -> Iterator[None]:
    """At the end of the test all figures must equal the rows."""
    yield
    assert reconcile.differences() == []
