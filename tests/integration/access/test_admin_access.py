"""People, roles, tokens, schedules and the trail in the admin."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from itinera.access.models import ApiToken
from itinera.access.roles import keep_roles
from itinera.access.tokens import find, issue
from itinera.kit import audit
from itinera.kit.models import AuditEntry
from tests.integration.access.conftest import MakePerson

pytestmark = pytest.mark.django_db
TOKENS = "/admin/access/apitoken/"


@pytest.fixture
def chief(client: Client, person: MakePerson) -> Client:
    """An administrator by role, no superuser."""
    keep_roles()
    account = person("chief", is_staff=True)
    account.groups.add(Group.objects.get(name="admin"))
    client.force_login(account)
    return client


class TestPeople:
    def test_a_role_is_given_with_a_tick_and_audited(self, chief: Client, person: MakePerson) -> None:
        other = person("li")
        page = chief.get(f"/admin/auth/user/{other.pk}/change/").content.decode()
        assert "运营 — 圈选人群、维护标签" in page
        assert "argon2" not in page
        role = Group.objects.get(name="operator")
        answer = chief.post(
            f"/admin/auth/user/{other.pk}/change/", {"username": "li", "is_active": "on", "groups": [role.pk]}
        )
        assert answer.status_code == 302
        assert User.objects.get(pk=other.pk).has_perm("journeys.change_journey")
        entry = AuditEntry.objects.get(verb="user.change")
        assert (entry.object, entry.before, entry.after) == ("user:li", {"groups": []}, {"groups": ["operator"]})

    def test_an_administrator_by_role_makes_no_superuser_and_touches_none(
        self, chief: Client, person: MakePerson
    ) -> None:
        other, above = person("li"), person("above", is_staff=True, is_superuser=True)
        chief.post(f"/admin/auth/user/{other.pk}/change/", {"username": "li", "is_active": "on", "is_superuser": "on"})
        assert not User.objects.get(pk=other.pk).is_superuser
        assert chief.post(f"/admin/auth/user/{above.pk}/change/", {"username": "mine"}).status_code == 403
        assert chief.post(f"/admin/auth/user/{above.pk}/password/", {}).status_code == 403

    def test_accounts_are_closed_not_deleted(self, chief: Client, person: MakePerson) -> None:
        other = person("li")
        assert chief.post(f"/admin/auth/user/{other.pk}/delete/", {"post": "yes"}).status_code == 403

    def test_a_new_password_given_by_an_administrator_is_audited_without_it(
        self, chief: Client, person: MakePerson
    ) -> None:
        other = person("li")
        fresh = "a wholly new sentence"
        answer = chief.post(f"/admin/auth/user/{other.pk}/password/", {"password1": fresh, "password2": fresh})
        assert answer.status_code == 302
        assert User.objects.get(pk=other.pk).check_password(fresh)
        assert AuditEntry.objects.get(verb="user.password").object == "user:li"
        assert fresh not in str(list(AuditEntry.objects.values()))
        assert "argon2" not in str(list(AuditEntry.objects.values()))

    def test_an_account_is_made(self, chief: Client) -> None:
        words = "a wholly new sentence"
        form = {"username": "sun", "usable_password": "true", "password1": words, "password2": words}
        assert chief.post("/admin/auth/user/add/", form).status_code == 302
        assert User.objects.get(username="sun").check_password(words)
        assert words not in str(list(AuditEntry.objects.values()))

    def test_roles_are_looked_at_not_changed(self, chief: Client) -> None:
        role = Group.objects.get(name="operator")
        assert "运营" in chief.get("/admin/auth/group/").content.decode()
        assert chief.get(f"/admin/auth/group/{role.pk}/change/").status_code == 200
        assert chief.post(f"/admin/auth/group/{role.pk}/change/", {"name": "x"}).status_code == 403


class TestTokens:
    def test_the_secret_is_shown_once(self, chief: Client) -> None:
        form = {"name": "shop", "scopes": ["ingest", "read"], "days": 30}
        page = chief.post(f"{TOKENS}add/", form, follow=True).content.decode()
        shown = re.search(r"itn_[0-9a-f]{8}_[\w-]{43}", page)
        assert shown is not None
        who = find(shown[0])
        assert who is not None
        assert (who.name, who.scopes) == ("shop", frozenset({"ingest", "read"}))
        row = ApiToken.objects.get()
        assert row.created_by is not None
        for address in (TOKENS, f"{TOKENS}{row.pk}/change/"):
            assert shown[0] not in chief.get(address).content.decode()

    @pytest.mark.parametrize(
        "form",
        [
            {"name": "", "scopes": ["read"], "days": 1},
            {"name": "a", "days": 1},
            {"name": "a", "scopes": ["root"], "days": 1},
            {"name": "a", "scopes": ["read"], "days": 0},
            {"name": "taken", "scopes": ["read"], "days": 1},
        ],
    )
    def test_a_wrong_form_makes_none(self, chief: Client, form: dict[str, object]) -> None:
        issue("taken", ["read"])
        assert chief.post(f"{TOKENS}add/", form).status_code == 200
        assert ApiToken.objects.count() == 1

    def test_tokens_are_revoked_never_deleted_and_never_edited(self, chief: Client) -> None:
        row, text = issue("shop", ["read"])
        assert chief.post(f"{TOKENS}{row.pk}/delete/", {"post": "yes"}).status_code == 403
        chief.post(f"{TOKENS}{row.pk}/change/", {"name": "mine", "scopes": ["admin"]})
        row.refresh_from_db()
        assert (row.name, row.scopes) == ("shop", ["read"])
        chief.post(TOKENS, {"action": "revoke_tokens", "_selected_action": [row.pk]})
        assert find(text) is None
        assert AuditEntry.objects.get(verb="token.revoke").actor == "chief"


class TestTrail:
    def test_it_can_be_searched_and_read_and_not_changed(self, chief: Client) -> None:
        entry = audit.record("zhang", "journey.publish", "journey:spring", {"n": 1}, {"n": 2})
        at = "/admin/kit/auditentry/"
        assert "journey:spring" in chief.get(at, {"q": "spring"}).content.decode()
        assert "journey:spring" not in chief.get(at, {"q": "farewell"}).content.decode()
        assert "&quot;n&quot;: 2" in chief.get(f"{at}{entry.pk}/change/").content.decode()
        assert chief.post(f"{at}{entry.pk}/change/", {}).status_code == 403
        assert chief.post(f"{at}{entry.pk}/delete/", {}).status_code == 403
        assert chief.get(f"{at}add/").status_code == 403

    def test_its_export_cannot_be_run_by_a_spreadsheet_and_is_audited(self, chief: Client) -> None:
        entry = audit.record("=HYPERLINK(1)", "@v", "+o")
        answer = chief.post("/admin/kit/auditentry/", {"action": "export", "_selected_action": [entry.pk]})
        text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
        assert text.startswith("\ufeffat,actor_kind,actor,verb,object,before,after\r\n")
        assert "'=HYPERLINK(1),'@v,'+o" in text
        assert AuditEntry.objects.get(verb="audit.export").actor == "chief"


class TestSchedules:
    @pytest.fixture
    def task(self, db: None) -> PeriodicTask:
        every = IntervalSchedule.objects.create(every=1, period="seconds")
        return PeriodicTask.objects.create(name="sample", task="journeys.tasks.wave", interval=every)

    def test_stopping_one_is_audited(self, chief: Client, task: PeriodicTask) -> None:
        at = "/admin/django_celery_beat/periodictask/"
        chief.post(at, {"action": "stop_tasks", "_selected_action": [task.pk]})
        task.refresh_from_db()
        assert task.enabled is False
        entry = AuditEntry.objects.get(verb="periodictask.change")
        assert entry.before is not None
        assert entry.after is not None
        assert (entry.object, entry.before["enabled"], entry.after["enabled"]) == ("schedule:sample", True, False)

    def test_it_has_one_timing(self, chief: Client, task: PeriodicTask) -> None:
        at = f"/admin/django_celery_beat/periodictask/{task.pk}/change/"
        assert chief.get(at).status_code == 200
        wrong = {"name": "sample", "regtask": "journeys.tasks.wave", "enabled": "on"}
        assert "二选一" in chief.post(at, wrong).content.decode()
        right = {**wrong, "interval": task.interval_id}
        assert chief.post(at, right).status_code == 302
        task.refresh_from_db()
        assert task.task == "journeys.tasks.wave"

    def test_a_timing_in_use_cannot_be_deleted(self, chief: Client, task: PeriodicTask) -> None:
        at = f"/admin/django_celery_beat/intervalschedule/{task.interval_id}/delete/"
        assert chief.post(at, {"post": "yes"}).status_code == 403
        assert PeriodicTask.objects.filter(pk=task.pk).exists()
