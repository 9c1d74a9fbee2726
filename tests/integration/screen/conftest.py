"""People, tokens and journeys for the pages, the API and the live canvas."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import Permission, User
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from itinera.access.tokens import issue
from journeys import figures

MakePerson = Callable[..., User]
SEE, PUBLISH, PAUSE = "journeys.view_journey", "journeys.publish_journey", "journeys.pause_journey"


@pytest.fixture(autouse=True)
def _fresh(settings: Settings) -> Iterator[None]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SECURE_SSL_REDIRECT = False
    cache.clear()
    figures.forget()
    yield
    figures.forget()


@pytest.fixture
def person(db: None) -> MakePerson:
    """`person("journeys.view_journey", …)`: an account with these permissions."""

    def make(*permissions: str) -> User:
        account = User.objects.create_user(f"person{User.objects.count()}", password="correct horse battery")
        for permission in permissions:
            app, code = permission.split(".")
            account.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=code))
        return account

    return make


@pytest.fixture
def known(person: MakePerson) -> Callable[..., Client]:
    """`known(SEE)`: a logged-in browser of somebody with these permissions."""

    def make(*permissions: str) -> Client:
        client = Client()
        client.force_login(person(*permissions))
        return client

    return make


@pytest.fixture
def token(db: None) -> Callable[..., dict[str, str]]:
    """`token("read", …)`: the header of a fresh token with these scopes."""

    def make(*scopes: str) -> dict[str, str]:
        _row, text = issue(f"token {'+'.join(scopes)}", scopes, 1)
        return {"Authorization": f"Bearer {text}"}

    return make
