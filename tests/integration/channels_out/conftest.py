"""A real sandbox for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.integration.channels_out.sandboxes import SandboxClient, running


@pytest.fixture(scope="session")
def _sandbox_process() -> Iterator[SandboxClient]:
    with running() as client:
        yield client


@pytest.fixture
def sandbox(_sandbox_process: SandboxClient, settings: Settings) -> Iterator[SandboxClient]:
    """Empty, without faults, and allowed to be called."""
    settings.OUTBOUND_ALLOWED_HOSTS = _sandbox_process.hosts
    _sandbox_process.reset()
    yield _sandbox_process
    _sandbox_process.reset()
