"""Credentials at rest: sealed, rotated, and unreadable without the key."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from itinera.kit import secrets
from itinera.kit.models import AuditEntry
from itinera.kit.registry import Registry
from itinera.kit.secrets import SealedColumn, Unreadable

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture(autouse=True)
def _old_key(settings: Settings) -> None:
    settings.FERNET_KEYS = [OLD]


def test_what_is_sealed_can_be_opened() -> None:
    sealed = secrets.encrypt("密码 hunter2")
    assert b"hunter2" not in sealed
    assert secrets.decrypt(memoryview(sealed)) == "密码 hunter2"
    assert secrets.decrypt_json(secrets.encrypt_json({"key": "k", "n": 1})) == {"key": "k", "n": 1}


def test_a_new_key_in_front_seals_and_the_old_one_still_opens(settings: Settings) -> None:
    sealed = secrets.encrypt("x")
    settings.FERNET_KEYS = [NEW, OLD]
    assert secrets.decrypt(sealed) == "x"
    rotated = secrets.rotate(sealed)
    settings.FERNET_KEYS = [NEW]
    assert secrets.decrypt(rotated) == "x"
    with pytest.raises(Unreadable):
        secrets.decrypt(sealed)


@pytest.mark.parametrize("spoiled", [b"", b"nonsense", secrets.__doc__.encode() if secrets.__doc__ else b""])
def test_damage_is_told_apart(spoiled: bytes) -> None:
    with pytest.raises(Unreadable):
        secrets.decrypt(spoiled)


@pytest.fixture
def column(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE sealed_sample (id int PRIMARY KEY, secrets bytea NOT NULL)")
        rows = [(1, secrets.encrypt("one")), (2, b""), (3, secrets.encrypt("three"))]
        cursor.executemany("INSERT INTO sealed_sample VALUES (%s, %s)", rows)
    registry: Registry[SealedColumn] = Registry("sealed columns")
    registry.register("sealed_sample.secrets", SealedColumn("sealed_sample", "secrets"))
    monkeypatch.setattr("itinera.access.management.commands.rotate_secrets.sealed_columns", registry)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE sealed_sample")


def stored() -> list[bytes]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT secrets FROM sealed_sample ORDER BY id")
        return [bytes(value) for (value,) in cursor.fetchall()]


def test_the_command_rotates_every_registered_column(column: None, settings: Settings) -> None:
    settings.FERNET_KEYS = [NEW, OLD]
    out = StringIO()
    call_command("rotate_secrets", stdout=out)
    assert out.getvalue().strip() == "sealed_sample.secrets: 2"
    settings.FERNET_KEYS = [NEW]
    one, empty, three = stored()
    assert (secrets.decrypt(one), empty, secrets.decrypt(three)) == ("one", b"", "three")
    assert AuditEntry.objects.get(verb="secrets.rotate").after == {"sealed_sample.secrets": 2}


def test_a_value_that_no_key_opens_stops_the_rotation_unchanged(column: None, settings: Settings) -> None:
    before = stored()
    settings.FERNET_KEYS = [NEW]
    with pytest.raises(CommandError, match="nothing was changed"):
        call_command("rotate_secrets", stdout=StringIO())
    assert stored() == before
