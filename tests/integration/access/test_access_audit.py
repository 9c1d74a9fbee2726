"""The audit trail is kept with the change, and cannot be changed itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from importlib import import_module
from uuid import uuid4

import psycopg
import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import connection, transaction
from django.db.utils import InternalError, ProgrammingError
from psycopg import sql

from itinera.access.principal import TokenPrincipal
from itinera.kit import audit
from itinera.kit.models import AuditEntry

REFUSED = (InternalError, ProgrammingError)


@pytest.mark.django_db
def test_everybody_who_acts_is_named() -> None:
    account = User.objects.create_user("zhang")
    token = TokenPrincipal(7, "shop", frozenset({"read"}))
    actors = [audit.record(who, "v", "o") for who in (account, token, "manage.py load", None, AnonymousUser())]
    assert [(entry.actor_kind, entry.actor_id, entry.actor) for entry in actors] == [
        ("user", account.pk, "zhang"),
        ("token", 7, "token:shop"),
        ("system", None, "manage.py load"),
        ("system", None, "system"),
        ("user", None, "anonymous"),
    ]


@pytest.mark.django_db
def test_values_are_kept_as_plain_json() -> None:
    entry = audit.record(None, "v", "o", {"day": date(2026, 1, 2), "price": Decimal("9.50")}, {"odd": uuid4})
    entry.refresh_from_db()
    assert entry.before == {"day": "2026-01-02", "price": "9.50"}
    assert entry.after is not None
    assert isinstance(entry.after["odd"], str)


def test_a_difference_holds_only_what_differs() -> None:
    assert audit.difference({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": 4}) == ({"b": 2, "c": None}, {"b": 3, "c": 4})


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET verb = 'x'", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_change_or_forget(statement: str) -> None:
    audit.record(None, "v", "o")
    with pytest.raises(REFUSED, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEntry.objects.get().verb == "v"


@pytest.mark.django_db
def test_the_orm_is_refused_alike() -> None:
    entry = audit.record(None, "v", "o")
    with pytest.raises(REFUSED, match="append-only"), transaction.atomic():
        entry.delete()
    entry.verb = "x"
    with pytest.raises(REFUSED, match="append-only"), transaction.atomic():
        entry.save()


@pytest.mark.django_db
def test_an_entry_goes_with_its_change() -> None:
    with transaction.atomic():
        audit.record(None, "v", "o")
        transaction.set_rollback(True)
    assert not AuditEntry.objects.exists()


@pytest.fixture
def elsewhere(db: None) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A database that is not called test_…, with the table and its guard."""
    own, name = connection.get_connection_params(), f"audit_{uuid4().hex[:12]}"
    address = {key: own[key] for key in ("host", "port", "user", "password") if own.get(key)}
    with psycopg.connect(**address, dbname=own["dbname"], autocommit=True) as chief:
        chief.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            with psycopg.connect(**address, dbname=name, autocommit=True) as there:
                there.execute("CREATE TABLE audit_entry (id int)")
                there.execute(import_module("itinera.kit.migrations.0002_audit_append_only").GUARD)
                yield there
        finally:
            chief.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_outside_of_tests_the_trail_cannot_be_emptied(elsewhere: psycopg.Connection[tuple[object, ...]]) -> None:
    elsewhere.execute("INSERT INTO audit_entry VALUES (1)")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="TRUNCATE refused"):
        elsewhere.execute("TRUNCATE audit_entry")
