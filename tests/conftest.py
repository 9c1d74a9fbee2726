"""Fixtures that every test may ask for. Real PostgreSQL and a real broker; no stand-in for either."""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import settings
from pytest_django import DjangoDbBlocker

from tests import reset

LANGUAGE = "zh-hans"
# A busy machine is slow, which says nothing about the code: how long an example takes is not judged.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """After a test that commits, only the tables it touched are emptied, and rows made by migrations come back."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        reset.remember(cursor)
    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: reset.restore(connection))
    yield
    patch.undo()


@pytest.fixture
def site_environment(transactional_db: None) -> dict[str, str]:
    """The environment for a program started by a test (a worker, a command) that is to see the test's database."""
    settings = connection.settings_dict
    account = ":".join(quote(str(settings[part]), safe="") for part in ("USER", "PASSWORD"))
    address = f"postgres://{account}@{settings['HOST']}:{settings['PORT'] or 5432}/{settings['NAME']}"
    return {**os.environ, "DATABASE_URL": address}


@pytest.fixture(autouse=True)
def _other_canvases() -> None:
    """Each test begins with an empty database, in which version ids come again for other canvases."""
    from journeys.engine.plans import PLANS  # Django is not set up while this file is read

    PLANS.forget()


@pytest.fixture(autouse=True)
def _in_the_sites_language() -> None:
    """Whatever an earlier test has switched to."""
    translation.activate(LANGUAGE)
