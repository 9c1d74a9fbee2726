"""The base classes of the admin: audited, masked, read-only, write-only; and the workplace around them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from itinera.access.modeladmin import ShortPaginator
from itinera.kit.models import AuditEntry
from tests.integration.access.conftest import MakePerson

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.integration.access.sample_admin")]
PAGES = "/sample-admin/auth/user/"
MANAGE = ("auth.view_user", "auth.change_user", "auth.add_user", "auth.delete_user")


@pytest.fixture
def subject(db: None) -> User:
    return User.objects.create_user("wang", "wang.wu@example.com", "x", last_name="hidden value")


@pytest.fixture
def admin(client: Client, person: MakePerson) -> Callable[..., Client]:
    def make(*permissions: str) -> Client:
        client.force_login(person("zhang", *permissions, is_staff=True))
        return client

    return make


def last(verb: str) -> Any:
    return AuditEntry.objects.filter(verb=verb).latest("id")


class TestMasked:
    def test_without_the_right_the_list_and_the_form_are_masked(
        self, admin: Callable[..., Client], subject: User
    ) -> None:
        browser = admin(*MANAGE)
        pages = [browser.get(address).content.decode() for address in (PAGES, f"{PAGES}{subject.pk}/change/")]
        assert all("w***@example.com" in page and "wang.wu" not in page for page in pages)
        assert not AuditEntry.objects.filter(verb="pii.view").exists()

    def test_with_the_right_all_is_shown_and_each_look_is_audited(
        self, admin: Callable[..., Client], subject: User
    ) -> None:
        browser = admin(*MANAGE, "audiences.view_pii")
        assert "wang.wu@example.com" in browser.get(PAGES).content.decode()
        assert set(last("pii.view").after["ids"]) >= {str(subject.pk)}
        assert "wang.wu@example.com" in browser.get(f"{PAGES}{subject.pk}/change/").content.decode()
        assert last("pii.view").after == {"fields": ["email"], "ids": [str(subject.pk)]}
        assert AuditEntry.objects.filter(verb="pii.view").count() == 2

    @pytest.mark.parametrize(("words", "found"), [("wang.wu", False), ("wang.wu@example.com", True), ("wan", True)])
    def test_a_masked_value_cannot_be_guessed_by_searching_parts_of_it(
        self, admin: Callable[..., Client], subject: User, words: str, found: bool
    ) -> None:
        page = admin(*MANAGE).get(PAGES, {"q": words}).content.decode()
        assert ("w***@example.com" in page) is found

    def test_a_masked_value_cannot_be_sorted_by_or_filtered_by(
        self, admin: Callable[..., Client], subject: User
    ) -> None:
        browser = admin(*MANAGE)
        assert "?o=2" not in browser.get(PAGES).content.decode()
        assert browser.get(PAGES, {"email__startswith": "wang"}).status_code in {302, 400}

    def test_a_masked_value_cannot_be_overwritten(self, admin: Callable[..., Client], subject: User) -> None:
        form = {"username": "wang", "email": "mine@example.com", "secret": ""}
        assert admin(*MANAGE).post(f"{PAGES}{subject.pk}/change/", form).status_code == 302
        subject.refresh_from_db()
        assert subject.email == "wang.wu@example.com"


class TestAudited:
    def test_a_change_tells_what_was_and_what_became(self, admin: Callable[..., Client], subject: User) -> None:
        role = Group.objects.create(name="odd")
        form = {"username": "wang5", "email": "new@example.com", "groups": [role.pk], "secret": "fresh value"}
        browser = admin(*MANAGE, "audiences.view_pii")
        assert browser.post(f"{PAGES}{subject.pk}/change/", form).status_code == 302
        entry = last("user.change")
        assert (entry.actor, entry.object) == ("zhang", f"user:{subject.pk}")
        assert entry.before == {"username": "wang", "email": "•••", "last_name": "•••", "groups": []}
        assert entry.after == {"username": "wang5", "email": "•••", "last_name": "•••", "groups": ["odd"]}
        assert "value" not in str(list(AuditEntry.objects.values()))

    def test_saving_without_a_change_leaves_no_entry(self, admin: Callable[..., Client], subject: User) -> None:
        form = {"username": "wang", "email": "wang.wu@example.com", "secret": ""}
        admin(*MANAGE, "audiences.view_pii").post(f"{PAGES}{subject.pk}/change/", form)
        assert not AuditEntry.objects.filter(verb="user.change").exists()

    def test_what_is_added_and_deleted_is_told(self, admin: Callable[..., Client]) -> None:
        browser = admin(*MANAGE, "audiences.view_pii")
        browser.post(f"{PAGES}add/", {"username": "sun", "email": "s@example.com", "secret": "s3cret words"})
        made = last("user.add")
        assert made.before is None
        assert (made.after["username"], made.after["last_name"], made.after["email"]) == ("sun", "•••", "•••")
        account = User.objects.get(username="sun")
        browser.post(f"{PAGES}{account.pk}/delete/", {"post": "yes"})
        gone = last("user.delete")
        assert (gone.before["username"], gone.after) == ("sun", None)

    def test_many_at_once_are_told_one_by_one(self, admin: Callable[..., Client]) -> None:
        keys = [User.objects.create_user(name).pk for name in ("a", "b")]
        chosen = {"action": "delete_selected", "_selected_action": keys, "post": "yes"}
        admin(*MANAGE).post(PAGES, chosen)
        assert not User.objects.filter(pk__in=keys).exists()
        assert AuditEntry.objects.filter(verb="user.delete").count() == 2


class TestSecret:
    def test_it_is_never_shown(self, admin: Callable[..., Client], subject: User) -> None:
        page = admin(*MANAGE).get(f"{PAGES}{subject.pk}/change/").content.decode()
        assert "hidden value" not in page
        assert "已设置" in page

    def test_an_empty_box_keeps_it_and_a_full_one_replaces_it(
        self, admin: Callable[..., Client], subject: User
    ) -> None:
        browser = admin(*MANAGE)
        for typed, kept in (("", "hidden value"), ("fresh value", "fresh value")):
            browser.post(f"{PAGES}{subject.pk}/change/", {"username": "wang", "secret": typed})
            subject.refresh_from_db()
            assert subject.last_name == kept

    def test_what_was_typed_is_not_given_back_when_the_form_is_wrong(
        self, admin: Callable[..., Client], subject: User
    ) -> None:
        page = admin(*MANAGE).post(f"{PAGES}{subject.pk}/change/", {"username": "", "secret": "fresh value"})
        assert page.status_code == 200
        assert "fresh value" not in page.content.decode()


class TestReadOnly:
    def test_nothing_can_be_added_changed_or_deleted(self, admin: Callable[..., Client]) -> None:
        role = Group.objects.create(name="odd")
        browser = admin("auth.view_group", "auth.add_group", "auth.change_group", "auth.delete_group")
        at = "/sample-admin/auth/group/"
        assert browser.get(f"{at}{role.pk}/change/").status_code == 200
        assert browser.get(f"{at}add/").status_code == 403
        assert browser.post(f"{at}{role.pk}/change/", {"name": "x"}).status_code == 403
        assert browser.post(f"{at}{role.pk}/delete/", {"post": "yes"}).status_code == 403
        assert "delete_selected" not in browser.get(at).content.decode()

    def test_of_very_many_rows_only_the_first_are_counted(
        self, admin: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ShortPaginator, "MOST", 3)
        browser = admin("auth.view_group")
        for number, told in ((3, "3 角色"), (1, "3+ 角色")):
            Group.objects.bulk_create(Group(name=f"{told} {n}") for n in range(number))
            assert told in " ".join(browser.get("/sample-admin/auth/group/").content.decode().split())


class TestWorkplace:
    def test_nobody_logs_in_elsewhere_than_on_our_page(self, client: Client) -> None:
        assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
        assert client.get("/admin/login/?next=/admin/")["Location"] == "/login/?next=/admin/"

    def test_who_is_known_but_no_admin_is_refused_and_not_asked_again(self, known: Callable[..., Client]) -> None:
        browser = known("auth.view_user")
        assert browser.get("/admin/", follow=True).status_code == 403

    def test_the_index_shows_only_what_one_may_see(self, admin: Callable[..., Client]) -> None:
        page = admin("kit.view_auditentry").get("/admin/").content.decode()
        assert "审计记录" in page
        assert "API 令牌" not in page
        assert "管理后台" in page

    def test_somebody_without_any_permission_is_told_so(self, admin: Callable[..., Client]) -> None:
        assert "没有可做的事" in admin().get("/admin/").content.decode()

    def test_the_password_page_is_the_site_s_own(self, admin: Callable[..., Client]) -> None:
        assert admin().get("/admin/password_change/")["Location"] == "/password/"
