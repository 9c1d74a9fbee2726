"""People and tokens to try the rules with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from itinera.access.tokens import issue

PASSWORD = "correct horse battery staple"
MakePerson = Callable[..., User]


@pytest.fixture(autouse=True)
def _quick_and_separate(settings: Settings) -> None:
    """Argon2 is slow on purpose; here nobody guesses. Counters of other tests are forgotten."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SECURE_SSL_REDIRECT = False
    cache.clear()


@pytest.fixture
def person(db: None) -> MakePerson:
    """`person("name", "auth.view_user", …)`: an account with these permissions."""

    def make(name: str = "zhang", *permissions: str, **fields: Any) -> User:
        account = User.objects.create_user(name, password=PASSWORD, **fields)
        for permission in permissions:
            app, code = permission.split(".")
            account.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=code))
        return account

    return make


@pytest.fixture
def token(db: None) -> Callable[..., dict[str, str]]:
    """`token("read", …)`: the header of a fresh token with these scopes."""
    made: list[str] = []

    def make(*scopes: str, days: int = 1) -> dict[str, str]:
        made.append("")
        _row, text = issue(f"token {len(made)}", scopes, days)
        return {"Authorization": f"Bearer {text}"}

    return make


@pytest.fixture
def known(client: Client, person: MakePerson) -> Callable[..., Client]:
    """`known("auth.view_user")`: a logged-in browser of somebody with these permissions."""

    def make(*permissions: str, **fields: bool) -> Client:
        client.force_login(person("zhang", *permissions, **fields))
        return client

    return make
