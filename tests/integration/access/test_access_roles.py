"""Roles are what the table says, at every start; the first administrator is made once."""

from __future__ import annotations

from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import CommandError, call_command

from itinera.access import roles
from itinera.access.roles import ROLES, Role
from itinera.kit.models import AuditEntry

pytestmark = pytest.mark.django_db


def say(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue().strip()


def holds(name: str) -> set[str]:
    rows = Group.objects.get(name=name).permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{code}" for app, code in rows}


def test_every_role_holds_what_the_table_says() -> None:
    assert say("roles") == f"{len(ROLES)} roles, {len(ROLES)} written"
    assert {name: holds(name) for name in ROLES} == {name: set(role.permissions) for name, role in ROLES.items()}
    assert say("roles") == f"{len(ROLES)} roles, 0 written"


def test_what_somebody_changed_by_hand_is_put_right() -> None:
    say("roles")
    Group.objects.get(name="guide").permissions.add(Permission.objects.get(codename="add_user"))
    Group.objects.get(name="reviewer").permissions.clear()
    assert say("roles").endswith("2 written")
    assert holds("guide") == set()


def test_a_permission_that_no_model_declares_stops_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roles, "ROLES", {"odd": Role("Odd", "", ("kit.fly",))})
    with pytest.raises(CommandError, match=r"kit\.fly"):
        say("roles")
    assert not Group.objects.filter(name="odd").exists()


def test_only_one_role_shows_personal_data_and_only_two_publish() -> None:
    def who(permission: str) -> set[str]:
        return {name for name, role in ROLES.items() if permission in role.permissions}

    assert who("audiences.view_pii") == {"privacy"}
    assert who("journeys.publish_journey") == {"reviewer", "admin"}
    assert who("channels_out.change_account") == {"admin"}
    assert who("auth.change_user") == {"admin"}


def test_no_role_may_change_what_only_the_engine_or_the_trail_writes() -> None:
    engine = {"enrolment", "chunk", "path", "tally", "walkerror", "message", "attempt", "auditentry", "version", "feed"}
    granted = {permission for role in ROLES.values() for permission in role.permissions}
    changing = {permission.split(".")[1].split("_", 1)[1] for permission in granted if ".view_" not in permission}
    assert not changing & engine


def test_the_first_administrator_is_made_once() -> None:
    name, password = say("first_admin").split("\t")
    account = User.objects.get()
    assert (name, account.is_superuser, account.check_password(password)) == ("admin", True, True)
    assert len(password) == 16
    assert password not in say("first_admin")
    assert say("first_admin", "--name", "second") == "There is an administrator already."
    assert User.objects.count() == 1
    assert password not in str(list(AuditEntry.objects.values()))


def test_a_lost_password_is_replaced_when_asked_for() -> None:
    _name, first = say("first_admin").split("\t")
    _name, second = say("first_admin", "--reset").split("\t")
    account = User.objects.get()
    assert first != second
    assert account.check_password(second)
    assert AuditEntry.objects.filter(verb="user.password", object="user:admin").exists()


def test_the_demo_tells_its_log_ins_at_every_start_until_they_are_changed() -> None:
    say("roles")
    first = say("first_admin", "--demo")
    assert say("first_admin", "--demo") == first
    logins = dict(line.split("\t") for line in first.splitlines())
    assert list(logins) == ["admin", "reviewer", "operator"]
    assert all(User.objects.get(username=name).check_password(password) for name, password in logins.items())
    operator = User.objects.get(username="operator")
    assert (operator.is_staff, operator.is_superuser) == (False, False)
    assert operator.has_perm("journeys.pause_journey")
    operator.set_password("something of my own")
    operator.save()
    assert "the password that was set for it" in say("first_admin", "--demo")


def test_the_demo_passwords_differ_between_installations(settings: object) -> None:
    say("roles")
    here = say("first_admin", "--demo")
    User.objects.all().delete()
    settings.SECRET_KEY = "another installation"  # type: ignore[attr-defined]
    assert say("first_admin", "--demo") != here
