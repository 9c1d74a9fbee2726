"""Logging in: one answer for every failure, a lock-out in plain words, a fresh session, a remembered language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils.timezone import now
from pytest_django import Settings

from itinera.kit.models import AuditEntry
from tests.integration.access.conftest import PASSWORD, MakePerson

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.integration.access.sample")]


def attempt(client: Client, name: str = "zhang", password: str = "wrong", **fields: str) -> tuple[int, str]:
    answer = client.post("/login/", {"username": name, "password": password, **fields})
    return answer.status_code, answer.content.decode()


def test_the_page_is_chinese_unless_one_prefers_otherwise(client: Client) -> None:
    page = client.get("/login/")
    assert "登录" in page.content.decode()
    assert "Log in" in client.get("/login/", headers={"Accept-Language": "en"}).content.decode()
    assert "no-store" in page["Cache-Control"]


def test_a_chosen_language_is_remembered(client: Client) -> None:
    client.post("/language/", {"language": "en", "next": "/login/"})
    assert client.cookies["django_language"]["max-age"] == 31_536_000
    assert "Log in" in client.get("/login/", headers={"Accept-Language": "zh-CN"}).content.decode()


def test_the_session_gets_a_new_key(client: Client, person: MakePerson) -> None:
    person("zhang")
    session = client.session
    session["seen"] = True
    session.save()
    planted = client.cookies["sessionid"].value
    assert attempt(client, password=PASSWORD)[0] == 302
    assert client.cookies["sessionid"].value != planted
    assert not Session.objects.filter(session_key=planted).exists()
    assert client.cookies["sessionid"]["httponly"]


def test_one_answer_for_every_failure(client: Client, person: MakePerson) -> None:
    person("zhang")
    User.objects.create_user("closed", password=PASSWORD, is_active=False)
    pages = [attempt(client), attempt(client, "nobody"), attempt(client, "closed", PASSWORD)]
    assert [status for status, _page in pages] == [200] * 3
    assert all("账号或密码不正确" in page for _status, page in pages)


def test_five_failures_lock_for_a_quarter_of_an_hour(client: Client, person: MakePerson, settings: Settings) -> None:
    person("zhang")
    person("li")
    assert [attempt(client)[0] for _ in range(5)] == [200, 200, 200, 200, 429]
    status, page = attempt(client, password=PASSWORD)
    assert status == 429
    assert "请在 15 分钟后重试" in page
    assert attempt(client, "li", PASSWORD)[0] == 302
    AccessAttempt.objects.update(attempt_time=now() - settings.AXES_COOLOFF_TIME - timedelta(seconds=1))
    assert attempt(Client(), password=PASSWORD)[0] == 302


def test_an_unknown_name_is_locked_alike(client: Client) -> None:
    assert [attempt(client, "nobody")[0] for _ in range(6)] == [200, 200, 200, 200, 429, 429]


def test_an_administrator_opens_the_account_by_deleting_the_attempt(client: Client, person: MakePerson) -> None:
    person("zhang")
    for _ in range(5):
        attempt(client)
    chief = Client()
    chief.force_login(person("chief", is_staff=True, is_superuser=True))
    row = AccessAttempt.objects.get()
    answer = chief.post(f"/admin/axes/accessattempt/{row.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 302
    assert attempt(client, password=PASSWORD)[0] == 302
    assert AuditEntry.objects.filter(verb="accessattempt.delete", object="lockout:zhang").exists()


def test_no_password_is_kept_of_an_attempt(client: Client) -> None:
    attempt(client, "zhang", "my secret words")
    assert "my secret words" not in str(AccessAttempt.objects.values())


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_after_the_log_in_one_stays_on_this_site(client: Client, person: MakePerson, elsewhere: str) -> None:
    person("zhang")
    answer = client.post("/login/", {"username": "zhang", "password": PASSWORD, "next": elsewhere})
    assert answer["Location"] == "/"


def test_after_the_log_in_one_lands_where_one_wanted_to_go(client: Client, person: MakePerson) -> None:
    person("zhang")
    answer = client.post("/login/", {"username": "zhang", "password": PASSWORD, "next": "/sample/class"})
    assert answer["Location"] == "/sample/class"


def test_logging_out_is_a_post(known: Callable[..., Client]) -> None:
    browser = known()
    assert browser.get("/logout/").status_code == 405
    assert browser.post("/logout/").status_code == 302
    assert "_auth_user_id" not in browser.session


def test_a_new_password_ends_every_other_session(client: Client, person: MakePerson) -> None:
    person("zhang", "auth.view_user")
    elsewhere = Client()
    for browser in (client, elsewhere):
        attempt(browser, password=PASSWORD)
    fresh = "a wholly new sentence"
    change = {"old_password": PASSWORD, "new_password1": fresh, "new_password2": fresh}
    assert client.post("/password/", change).status_code == 302
    assert client.get("/sample/class").status_code == 200
    assert elsewhere.get("/sample/class").status_code == 302
    assert attempt(Client(), password=fresh)[0] == 302
    entry = AuditEntry.objects.get(verb="user.password")
    assert (entry.actor, entry.object, entry.before, entry.after) == ("zhang", "user:zhang", None, None)


@pytest.mark.parametrize("weak", ["short", "1234567890", "qwertyuiop"])
def test_a_weak_password_is_refused(known: Callable[..., Client], weak: str) -> None:
    change = {"old_password": PASSWORD, "new_password1": weak, "new_password2": weak}
    assert known().post("/password/", change).status_code == 200
    assert User.objects.get().check_password(PASSWORD)


def test_nobody_is_led_to_log_in_before_changing_a_password(client: Client) -> None:
    assert client.get("/password/")["Location"] == "/login/?next=/password/"


def test_a_closed_account_is_out_at_once(known: Callable[..., Client]) -> None:
    browser = known("auth.view_user")
    assert browser.get("/sample/class").status_code == 200
    User.objects.update(is_active=False)
    assert browser.get("/sample/class").status_code == 302
