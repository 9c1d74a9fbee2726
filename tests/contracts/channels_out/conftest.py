"""The sandbox for the contract suites of providers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.integration.channels_out.sandboxes import SandboxClient, running


@pytest.fixture(scope="module")
def sandbox_process() -> Iterator[SandboxClient]:
    with running() as client:
        yield client


@pytest.fixture
def sandbox(sandbox_process: SandboxClient, settings: Settings) -> Iterator[SandboxClient]:
    settings.OUTBOUND_ALLOWED_HOSTS = [*sandbox_process.hosts, "127.0.0.1:9", "127.0.0.1"]
    sandbox_process.reset()
    yield sandbox_process
    sandbox_process.reset()
