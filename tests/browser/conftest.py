"""A real browser before the real site. No browser is a failure, unless ITINERA_NO_BROWSER=1 allows it.

ITINERA_PICTURES=FOLDER keeps what `picture` sees.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django import DjangoDbBlocker

from journeys import figures
from tests.browser.site import running_site

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
PATIENCE = 15_000
SEE, PUBLISH, PAUSE = "journeys.view_journey", "journeys.publish_journey", "journeys.pause_journey"
PASSWORD = "correct horse battery staple"

MakePerson = Callable[..., User]
OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser per file. It is stopped with the file: its event loop would be in the way of other tests."""
    if os.environ.get("ITINERA_NO_BROWSER") == "1":
        pytest.skip("ITINERA_NO_BROWSER=1")
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path or not Path(path).exists():
        pytest.fail("There is no Chromium: install Debian's package chromium, or set CHROMIUM or ITINERA_NO_BROWSER=1.")
    vite: dict[str, Any] = settings.DJANGO_VITE["default"]
    if not Path(vite["manifest_path"]).exists():
        pytest.fail("The canvas is not built: python -m itinera.local.canvas build")
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        # The browser's driver runs an event loop in this thread, and Django would take us for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(
    chromium: Browser,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The address of the running site."""
    with django_db_blocker.unblock():
        place = connection.settings_dict
    account = ":".join(quote(str(place[part]), safe="") for part in ("USER", "PASSWORD"))
    database = f"postgres://{account}@{place['HOST']}:{place['PORT'] or 5432}/{place['NAME']}"
    log = tmp_path_factory.mktemp("site") / "site.log"
    with running_site({**os.environ, "DATABASE_URL": database}, log) as address:
        yield address


@pytest.fixture(autouse=True)
def _fresh(site: str, transactional_db: None) -> None:
    """Every test finds the site with an empty database."""
    figures.forget()


@pytest.fixture
def person(transactional_db: None) -> MakePerson:
    """`person("lin", SEE, …)`: an account with these permissions and the password PASSWORD."""

    def make(name: str, *permissions: str) -> User:
        account = User.objects.create_user(name, password=PASSWORD)
        for permission in permissions:
            app, code = permission.split(".")
            account.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=code))
        return account

    return make


@pytest.fixture
def window(chromium: Browser, site: str) -> Iterator[OpenPage]:
    """`window(width, height)`: a page of its own browser profile, with nobody logged in.

    What the page complains about in its console is a failure, save for what the test says it expects.
    """
    opened: list[tuple[Page, list[str], tuple[str, ...]]] = []

    def make(width: int = 1440, height: int = 900, *, expected: tuple[str, ...] = ()) -> Page:
        context = chromium.new_context(
            base_url=site, viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )  # fmt: skip
        context.set_default_timeout(PATIENCE)
        page, said = context.new_page(), []
        page.on("console", lambda m: said.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: said.append(f"uncaught: {error}"))
        opened.append((page, said, expected))
        return page

    yield make
    for page, said, expected in opened:
        page.context.close()
        assert [line for line in said if not any(word in line for word in expected)] == []


@pytest.fixture
def enter(window: OpenPage, person: MakePerson, site: str) -> OpenPage:
    """`enter(SEE, …)`: a page with somebody logged in who has these permissions."""

    def make(*permissions: str, width: int = 1440, height: int = 900, expected: tuple[str, ...] = ()) -> Page:
        client = Client()
        client.force_login(person(f"person{User.objects.count()}", *permissions))
        page = window(width, height, expected=expected)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
        return page

    return make


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """`picture(page, "name")`: kept only where ITINERA_PICTURES names a folder, for somebody to look at."""

    def take(page: Page, name: str) -> None:
        if folder := os.environ.get("ITINERA_PICTURES"):
            page.wait_for_timeout(300)
            page.screenshot(path=Path(folder) / f"{name}.png")

    return take
