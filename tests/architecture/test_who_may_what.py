"""Default deny, tried out: every address as nobody, as each role, with each scope, against the table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from itinera.access.principal import SCOPES
from itinera.access.roles import ROLES, keep_roles
from itinera.access.tokens import issue
from tests.architecture.addresses import Address, addresses
from tests.architecture.who_may_what import ADDRESSES, ADMIN, Call, Known, Open, Page, Rule

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _without_limits(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.API_RATES = dict.fromkeys(settings.API_RATES, 1_000_000)
    cache.clear()
    keep_roles()


@pytest.fixture
def people() -> dict[str, User]:
    """One account per role, and one without any."""
    accounts = {"without": User.objects.create_user("without")}
    for role in ROLES:
        accounts[role] = User.objects.create_user(role)
        accounts[role].groups.add(Group.objects.get(name=role))
    return accounts


def rule_of(address: Address, method: str) -> Rule:
    found = ADDRESSES[address.route]
    return found[method.upper()] if isinstance(found, dict) else found


def calls() -> Iterator[tuple[Address, str, Rule]]:
    for address in addresses():
        for method in address.methods:
            yield address, method, rule_of(address, method)


def let_in(answer: Any) -> bool:
    """Whether a caller got as far as the view itself, which may then well find nothing or refuse the empty body."""
    assert answer.status_code != 500, answer.wsgi_request.path
    to_log_in = answer.status_code == 302 and answer["Location"].startswith("/login/?next=")
    return not to_log_in and answer.status_code not in {401, 403}


def ask(client: Client, address: Address, method: str, **headers: str) -> Any:
    client.raise_request_exception = False
    body: Any = {} if method == "get" else "{}"
    kind = {} if method == "get" else {"content_type": "application/json"}
    return getattr(client, method)(address.example, body, headers=headers, **kind)


def test_the_table_names_every_address_and_none_that_is_gone() -> None:
    assert {address.route for address in addresses()} == set(ADDRESSES)


def test_the_table_names_permissions_that_some_role_holds() -> None:
    held = {permission for role in ROLES.values() for permission in role.permissions}
    asked = {rule.permission for _address, _method, rule in calls() if isinstance(rule, Page | Call)}
    assert asked <= held


def test_nobody_gets_in_anywhere_that_is_not_open() -> None:
    wrong = [
        (address.route, method)
        for address, method, rule in calls()
        if let_in(ask(Client(), address, method)) is not isinstance(rule, Open)
    ]
    assert not wrong


@pytest.mark.parametrize("name", ["without", *ROLES])
def test_a_role_gets_in_where_its_permissions_say(people: dict[str, User], name: str) -> None:
    account, wrong = people[name], []
    for address, method, rule in calls():
        client = Client()
        client.force_login(account)
        may = account.has_perm(rule.permission) if isinstance(rule, Page | Call) else True
        if let_in(answer := ask(client, address, method)) is not may:
            wrong.append((address.route, method, answer.status_code))
    assert not wrong


@pytest.mark.parametrize("scope", SCOPES)
def test_a_token_gets_in_where_its_scope_says(scope: str) -> None:
    header = {"Authorization": f"Bearer {issue('walker', [scope])[1]}"}
    wrong = []
    for address, method, rule in calls():
        may = isinstance(rule, Open) or (isinstance(rule, Call) and rule.scope == scope)
        if let_in(answer := ask(Client(), address, method, **header)) is not may:
            wrong.append((address.route, method, answer.status_code))
    assert not wrong


def test_no_token_opens_a_page_for_the_known() -> None:
    header = {"Authorization": f"Bearer {issue('walker', SCOPES)[1]}"}
    closed = [(a, m) for a, m, rule in calls() if isinstance(rule, Page | Known)]
    assert not [address.route for address, method in closed if let_in(ask(Client(), address, method, **header))]


# --- the admin -----------------------------------------------------------------------------------------------------


def pages(name: str) -> Iterator[tuple[str, str]]:
    """The addresses of one kind of row by what they do; the row does not exist, so an allowed one finds nothing."""
    app, model = name.split(".")
    at = f"/admin/{app}/{model}/"
    yield "view", at
    yield "add", f"{at}add/"
    yield "delete", f"{at}999999999/delete/"


def verbs(account: User, name: str) -> set[str]:
    """What an account may do with rows of this kind: the table's verbs for which it holds the permission."""
    app, model = name.split(".")
    held = {verb for verb in ADMIN[name].split() if account.has_perm(f"{app}.{verb}_{model}")}
    return held | ({"view"} if "change" in held else set())


def test_the_table_names_every_admin_page() -> None:
    assert {model._meta.label_lower for model in admin.site._registry} == set(ADMIN)


def test_nobody_sees_the_admin() -> None:
    for name in ADMIN:
        for _verb, address in pages(name):
            answer = Client().get(address)
            assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/admin/login/"), address


def test_a_role_alone_does_not_open_the_admin(people: dict[str, User]) -> None:
    for account in people.values():
        client = Client()
        client.force_login(account)
        assert client.get("/admin/").status_code == 302
        assert client.get("/admin/", follow=True).status_code == 403


def as_staff(people: dict[str, User], role: str) -> User:
    account = people.get(role) or User.objects.create_superuser("superuser")
    account.is_staff = True
    account.save()
    return account


@pytest.mark.parametrize("role", ["without", "admin", "superuser"])
def test_in_the_admin_each_page_opens_as_the_table_says(people: dict[str, User], role: str) -> None:
    account = as_staff(people, role)
    client, wrong = Client(raise_request_exception=False), []
    client.force_login(account)
    for name in ADMIN:
        may = verbs(account, name)
        for verb, address in pages(name):
            status = client.get(address).status_code
            if (status in {200, 302}) is not (verb in may) or status not in {200, 302, 403}:
                wrong.append((name, verb, status))
    assert not wrong


@pytest.mark.parametrize("role", ["without", *ROLES, "superuser"])
def test_in_the_admin_each_may_do_what_the_table_says(people: dict[str, User], role: str) -> None:
    """Asked of the same methods that the pages ask."""
    request: Any = Client().get("/login/").wsgi_request
    request.user = as_staff(people, role)
    for name in ADMIN:
        page = admin.site._registry[apps.get_model(name)]
        allowed = {
            "view": page.has_view_permission(request),
            "add": page.has_add_permission(request),
            "change": page.has_change_permission(request),
            "delete": page.has_delete_permission(request),
        }
        assert {verb for verb, may in allowed.items() if may} == verbs(request.user, name), name
